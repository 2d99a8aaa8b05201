import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import type { StringMap } from '../constants/names';
import type { RESTORE_DRILL, SNAPSHOTS } from '../props/snapshots';
import type { ClusterConfig } from './cluster';
import { containerResources } from './convert';
import { resolveJob, type JobConfig } from './cron-job';
import { resolveRemote, type StoreConfig } from './store';

export interface SnapshotsConfig extends JobConfig {
  readonly store: StoreConfig;
  /** The claim to create. Undefined if it exists. */
  readonly claim:
    | {
        readonly size: string;
        readonly storageClassName: string | undefined;
        readonly accessModes: readonly string[];
        readonly labels: StringMap;
        readonly annotations: StringMap;
      }
    | undefined;
  readonly snapshotHistoryLimit: number;
  readonly remoteHistoryLimit: number;
  readonly trialRestore: boolean;
}

export interface DrillConfig extends JobConfig {
  readonly store: StoreConfig;
  readonly maximumAgeSeconds: number;
  readonly minimumKeys: number;
}

export function resolveSnapshots(options: Checked<typeof SNAPSHOTS>, cluster: ClusterConfig): SnapshotsConfig {
  const { store, remote } = options;
  const claim = store?._claim;
  const claimName = store?._existing ?? claim?.name ?? cluster.names.snapshotter;
  const snapshotHistoryLimit = options.snapshotHistoryLimit ?? DEFAULTS.snapshots.snapshotHistoryLimit;
  return {
    ...resolveJob(options, DEFAULTS.snapshots, cluster),
    store: {
      claim: store?._scratch ? undefined : { name: claimName, subPath: store?._options.subPath },
      sizeLimit: store?._scratch?.sizeLimit,
      remote: remote && resolveRemote(remote, cluster.image.registry),
    },
    claim: claim && {
      size: claim.size ?? DEFAULTS.snapshotClaim.size,
      storageClassName: claim.storageClassName,
      accessModes: claim.accessModes ?? DEFAULTS.snapshotClaim.accessModes,
      labels: claim.labels ?? {},
      annotations: claim.annotations ?? {},
    },
    snapshotHistoryLimit,
    remoteHistoryLimit: options.remoteHistoryLimit ?? snapshotHistoryLimit,
    trialRestore: options.trialRestore ?? DEFAULTS.snapshots.trialRestore,
  };
}

export function resolveDrill(
  options: Checked<typeof RESTORE_DRILL>,
  snapshots: SnapshotsConfig,
  cluster: ClusterConfig,
): DrillConfig {
  const { store } = snapshots;
  const fromRemote = options.fromRemote ?? store.claim === undefined;
  return {
    ...resolveJob(options, DEFAULTS.drill, cluster),
    // The drill runs an etcd on the same data, so it needs a member's memory.
    resources: containerResources(options.resources, {
      cpuRequest: DEFAULTS.jobResources.cpuRequest,
      memory: String(cluster.pod.resources.limits?.memory),
    }),
    store: fromRemote ? { ...store, claim: undefined } : { ...store, remote: undefined },
    maximumAgeSeconds: options.maximumAge ?? DEFAULTS.drill.maximumAge,
    minimumKeys: options.minimumKeys ?? DEFAULTS.drill.minimumKeys,
  };
}
