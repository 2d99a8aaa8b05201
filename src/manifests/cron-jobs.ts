import type { ClusterConfig } from '../config/cluster';
import type { DrillConfig, SnapshotsConfig } from '../config/snapshots';
import { COMPONENT, CONTAINER, PRUNE_GUARDS } from '../constants/names';
import type { k8s } from '../kubernetes';
import { EtcdTotalLoss } from '../props/restore';
import { cronJob } from './jobs';
import { metadata, write, type Manifest } from './object';
import { variables } from './pod';
import { storeParts } from './store';

export function snapshotCronJob(config: ClusterConfig, snapshots: SnapshotsConfig): Manifest {
  const store = storeParts(config, snapshots.store, { onlyOwn: true });
  return cronJob(config, snapshots, {
    ...store,
    name: config.names.snapshotter,
    component: COMPONENT.snapshot,
    container: CONTAINER.snapshot,
    script: 'snapshot.sh',
    logsIn: true,
    servesSnapshots: config.onTotalLoss === EtcdTotalLoss.RESTORE_NEWEST,
    env: [
      ...store.env,
      ...variables({
        SNAPSHOT_HISTORY_LIMIT: snapshots.snapshotHistoryLimit,
        REMOTE_HISTORY_LIMIT: snapshots.remoteHistoryLimit,
        TRIAL_RESTORE: snapshots.trialRestore,
        ON_TOTAL_LOSS: config.onTotalLoss,
        RESTORE_ID: config.restore.id,
        RESTORE_FILE: 'newest',
        RESTORE_KIND: 'total-loss',
      }),
    ],
  });
}

export function drillCronJob(config: ClusterConfig, drill: DrillConfig): Manifest {
  const store = storeParts(config, drill.store, { onlyOwn: true });
  return cronJob(config, drill, {
    ...store,
    name: config.names.drill,
    component: COMPONENT.drill,
    container: CONTAINER.drill,
    script: 'drill.sh',
    env: [
      ...store.env,
      ...variables({
        MAXIMUM_AGE_SECONDS: drill.maximumAgeSeconds,
        MINIMUM_KEYS: drill.minimumKeys,
        QUOTA_BYTES: config.etcd.quotaBackend,
      }),
    ],
  });
}

/** The claim for snapshots. Argo CD and Flux must not prune it, because it must outlive the cluster. */
export function snapshotClaim(
  config: ClusterConfig,
  name: string,
  claim: NonNullable<SnapshotsConfig['claim']>,
): Manifest {
  return write<k8s.KubePersistentVolumeClaimProps>('v1', 'PersistentVolumeClaim', {
    metadata: metadata(config, name, {
      component: COMPONENT.snapshot,
      labels: claim.labels,
      annotations: { ...PRUNE_GUARDS, ...claim.annotations },
    }),
    spec: {
      accessModes: [...claim.accessModes],
      storageClassName: claim.storageClassName,
      volumeMode: 'Filesystem',
      resources: { requests: { storage: claim.size } },
    },
  });
}
