import { asJson, type Json, type k8s } from '../kubernetes';
import type { EtcdCronJobOptions } from '../props/cron-job';
import { EtcdDefragMethod, type EtcdDefragOptions } from '../props/defrag';
import type { EtcdMonitoringOptions } from '../props/monitoring';
import type { EtcdRestoreDrillOptions, EtcdSnapshotsOptions } from '../props/snapshots';
import type { ClusterConfig } from './cluster-config';
import { containerResources, mirrored, toSeconds } from './convert';
import { resolveRemote, type StoreConfig } from './store';
import { DEFAULTS } from '../constants/defaults';
import { IMAGES } from '../constants/images';
import type { StringMap } from '../constants/names';

/** What the pods of all jobs have, complete. */
export interface JobPodConfig {
  readonly resources: Json<k8s.ResourceRequirements>;
  readonly extraEnv: readonly Json<k8s.EnvVar>[];
  readonly nodeSelector: StringMap;
  readonly tolerations: readonly Json<k8s.Toleration>[];
  readonly affinity: Json<k8s.Affinity> | undefined;
  readonly priorityClassName: string | undefined;
  readonly serviceAccountName: string;
}

/** What all CronJobs have, complete. */
export interface JobConfig extends JobPodConfig {
  readonly schedule: string;
  readonly timeZone: string;
  readonly suspend: boolean;
  readonly startingDeadlineSeconds: number;
  readonly activeDeadlineSeconds: number;
  readonly backoffLimit: number;
  readonly successfulJobsHistoryLimit: number;
  readonly failedJobsHistoryLimit: number;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly podLabels: StringMap;
  readonly podAnnotations: StringMap;
}

export interface SnapshotsConfig extends JobConfig {
  readonly store: StoreConfig;
  /** The claim to make, or nothing when it exists. */
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

export interface DefragConfig extends JobConfig {
  readonly method: EtcdDefragMethod;
  readonly dryRun: boolean;
  readonly windowSeconds: number;
  readonly maximumLag: number;
  readonly compactFirst: boolean;
  readonly kubectlImage: string;
  /** Whether its account, which may evict members, is made here. */
  readonly createAccount: boolean;
  readonly memberTimeoutSeconds: number;
  readonly settleSeconds: number;
}

export interface MonitoringConfig {
  readonly namespace: string;
  readonly intervalSeconds: number;
  readonly scrapeTimeoutSeconds: number;
  readonly jobLabel: string;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly relabelings: EtcdMonitoringOptions['relabelings'];
  readonly metricRelabelings: EtcdMonitoringOptions['metricRelabelings'];
  readonly tls: EtcdMonitoringOptions['tls'];
}

export function resolveSnapshots(options: EtcdSnapshotsOptions, cluster: ClusterConfig): SnapshotsConfig {
  const { store, remote } = options;
  const claim = store?._claim;
  const claimName = store?._existing ?? claim?.name ?? cluster.names.snapshotter;
  const snapshotHistoryLimit = options.snapshotHistoryLimit ?? DEFAULTS.snapshots.historyLimit;
  return {
    ...resolveJob(options, DEFAULTS.snapshots, cluster),
    store: {
      claim: store?._scratch ? undefined : { name: claimName, subPath: store?._options.subPath },
      sizeLimit: store?._scratch?.sizeLimit,
      remote: remote && resolveRemote(remote, cluster.image.registry),
    },
    claim: claim && {
      size: claim.size ?? DEFAULTS.snapshots.claimSize,
      storageClassName: claim.storageClassName,
      accessModes: claim.accessModes ?? DEFAULTS.claim.accessModes,
      labels: claim.labels ?? {},
      annotations: claim.annotations ?? {},
    },
    snapshotHistoryLimit,
    remoteHistoryLimit: options.remoteHistoryLimit ?? snapshotHistoryLimit,
    trialRestore: options.trialRestore ?? false,
  };
}

export function resolveDrill(
  options: EtcdRestoreDrillOptions,
  snapshots: SnapshotsConfig,
  cluster: ClusterConfig,
): DrillConfig {
  const { store } = snapshots;
  const fromRemote = options.fromRemote ?? store.claim === undefined;
  return {
    ...resolveJob(options, DEFAULTS.drill, cluster),
    // A whole etcd runs in it, on the same data: it needs a member's memory.
    resources: containerResources(options.resources, {
      cpuRequest: DEFAULTS.job.cpuRequest,
      memory: String(cluster.pod.resources.limits?.memory),
    }),
    store: fromRemote ? { ...store, claim: undefined } : { ...store, remote: undefined },
    maximumAgeSeconds: toSeconds(options.maximumAge, DEFAULTS.drill.maximumAgeSeconds),
    minimumKeys: options.minimumKeys ?? 0,
  };
}

export function resolveDefrag(options: EtcdDefragOptions, cluster: ClusterConfig): DefragConfig {
  const job = resolveJob(options, DEFAULTS.defrag, cluster);
  const method = options.method ?? EtcdDefragMethod.OFFLINE;
  const createAccount = method === EtcdDefragMethod.OFFLINE && options.serviceAccountName === undefined;
  return {
    ...job,
    serviceAccountName: createAccount ? cluster.names.defrag : job.serviceAccountName,
    createAccount,
    method,
    dryRun: options.dryRun ?? false,
    windowSeconds: toSeconds(options.window, job.activeDeadlineSeconds),
    maximumLag: options.maximumLag ?? DEFAULTS.defrag.maximumLag,
    compactFirst: options.compactFirst ?? false,
    kubectlImage: mirrored(options.kubectlImage ?? IMAGES.kubectl, cluster.image.registry),
    memberTimeoutSeconds: toSeconds(options.memberTimeout, DEFAULTS.defrag.memberTimeoutSeconds),
    settleSeconds: toSeconds(options.settle, DEFAULTS.defrag.settleSeconds),
  };
}

export function resolveMonitoring(options: EtcdMonitoringOptions, cluster: ClusterConfig): MonitoringConfig {
  const intervalSeconds = toSeconds(options.interval, DEFAULTS.monitoring.intervalSeconds);
  return {
    namespace: options.namespace ?? cluster.namespace,
    intervalSeconds,
    scrapeTimeoutSeconds: toSeconds(
      options.scrapeTimeout,
      Math.min(intervalSeconds, DEFAULTS.monitoring.scrapeTimeoutSeconds),
    ),
    jobLabel: options.jobLabel ?? DEFAULTS.monitoring.jobLabel,
    labels: options.labels ?? {},
    annotations: options.annotations ?? {},
    relabelings: options.relabelings,
    metricRelabelings: options.metricRelabelings,
    tls: options.tls,
  };
}

interface JobDefaults {
  readonly schedule: string;
  readonly activeDeadlineSeconds: number;
  readonly backoffLimit: number;
}

function resolveJob(
  options: EtcdCronJobOptions & { readonly schedule?: string },
  defaults: JobDefaults,
  cluster: ClusterConfig,
): JobConfig {
  return {
    schedule: options.schedule ?? defaults.schedule,
    timeZone: options.timeZone ?? DEFAULTS.timeZone,
    suspend: options.suspend ?? false,
    startingDeadlineSeconds: toSeconds(options.startingDeadline, DEFAULTS.startingDeadlineSeconds),
    activeDeadlineSeconds: toSeconds(options.activeDeadline, defaults.activeDeadlineSeconds),
    backoffLimit: options.backoffLimit ?? defaults.backoffLimit,
    successfulJobsHistoryLimit: options.successfulJobsHistoryLimit ?? DEFAULTS.successfulJobsHistoryLimit,
    failedJobsHistoryLimit: options.failedJobsHistoryLimit ?? DEFAULTS.failedJobsHistoryLimit,
    labels: options.labels ?? {},
    annotations: options.annotations ?? {},
    podLabels: options.podLabels ?? {},
    podAnnotations: options.podAnnotations ?? {},
    ...resolveJobPod(options, cluster),
  };
}

export function resolveJobPod(options: EtcdCronJobOptions, cluster: ClusterConfig): JobPodConfig {
  return {
    resources: containerResources(options.resources, DEFAULTS.job),
    extraEnv: asJson(options.extraEnv) ?? [],
    nodeSelector: options.nodeSelector ?? cluster.pod.nodeSelector,
    tolerations: asJson(options.tolerations) ?? cluster.pod.tolerations,
    affinity: asJson(options.affinity),
    priorityClassName: options.priorityClassName ?? cluster.pod.priorityClassName,
    serviceAccountName: options.serviceAccountName ?? cluster.serviceAccount.name,
  };
}
