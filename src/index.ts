export { EtcdCluster } from './constructs/etcd-cluster';
export { EtcdDefrag, type EtcdDefragProps } from './constructs/etcd-defrag';
export { EtcdMonitoring, type EtcdMonitoringProps } from './constructs/etcd-monitoring';
export { EtcdRestoreDrill, type EtcdRestoreDrillProps } from './constructs/etcd-restore-drill';
export { EtcdSnapshots, type EtcdSnapshotsProps } from './constructs/etcd-snapshots';
export { FleetApp } from './constructs/fleet-app';
export { GreptimeDbMetadataStore, type GreptimeDbMetadataStoreProps } from './constructs/greptimedb-metadata-store';
export type { IEtcdCluster, IEtcdSnapshots } from './constructs/interfaces';
export { EtcdAlert, type EtcdAlertOptions } from './props/alerts';
export type { EtcdBitnamiOptions } from './props/bitnami';
export type { EtcdClusterProps, EtcdSelectorOptions } from './props/cluster';
export type { EtcdCronJobOptions } from './props/cron-job';
export type { EtcdDashboardOptions } from './props/dashboard';
export { EtcdDefragMethod, type EtcdDefragOptions, type EtcdDefragThresholds } from './props/defrag';
export { EtcdAutoCompaction, EtcdLogLevel, type EtcdPorts } from './props/etcd';
export {
  EtcdImage,
  EtcdImagePullPolicy,
  type EtcdCustomImageOptions,
  type EtcdImageLayout,
  type EtcdImageOptions,
} from './props/image';
export type { EtcdMetricsTls, EtcdMonitoringOptions } from './props/monitoring';
export type { EtcdNetworkPeer, EtcdNetworkPolicyOptions } from './props/network';
export type { EtcdProbeTimings } from './props/probes';
export type { EtcdResources } from './props/resources';
export { EtcdUpdateStrategy, type EtcdDisruptionBudgetOptions } from './props/rollout';
export { EtcdAntiAffinity } from './props/scheduling';
export type { EtcdSecurity, EtcdServiceAccountOptions } from './props/security';
export {
  EtcdMemberAddresses,
  EtcdServiceType,
  EtcdTrafficPolicy,
  type EtcdClientServiceOptions,
  type EtcdHeadlessServiceOptions,
} from './props/service';
export type { EtcdRemote } from './props/remote';
export { EtcdRestore, EtcdTotalLoss, type EtcdRestoreOptions } from './props/restore';
export {
  EtcdSnapshotStore,
  type EtcdExistingClaimOptions,
  type EtcdScratchOptions,
  type EtcdSnapshotClaimOptions,
} from './props/snapshot-store';
export type { EtcdRestoreDrillOptions, EtcdSnapshotsOptions } from './props/snapshots';
export {
  EtcdAccessMode,
  EtcdClaimRetention,
  EtcdStorage,
  type EtcdClaimOptions,
  type EtcdClaimRetentionPolicy,
  type EtcdEmptyDirOptions,
} from './props/storage';
export {
  PodMonitorSpecPodMetricsEndpointsMetricRelabelingsAction,
  PodMonitorSpecPodMetricsEndpointsRelabelingsAction,
  type PodMonitorSpecPodMetricsEndpointsMetricRelabelings,
  type PodMonitorSpecPodMetricsEndpointsRelabelings,
} from '../imports/monitoring.coreos.com';
export { EtcdWarning } from './props/warning';
