export { EtcdClientCertificate, type EtcdClientCertificateProps } from './constructs/etcd-client-certificate';
export { EtcdCluster } from './constructs/etcd-cluster';
export { EtcdDefrag, type EtcdDefragProps } from './constructs/etcd-defrag';
export { EtcdMonitoring, type EtcdMonitoringProps } from './constructs/etcd-monitoring';
export { EtcdRestoreDrill, type EtcdRestoreDrillProps } from './constructs/etcd-restore-drill';
export { EtcdSnapshots, type EtcdSnapshotsProps } from './constructs/etcd-snapshots';
export { FleetApp } from './constructs/fleet-app';
export { HelmTemplateResolver } from './constructs/helm';
export { GreptimeDbMetadataStore, type GreptimeDbMetadataStoreProps } from './constructs/greptimedb-metadata-store';
export type { IEtcdCluster, IEtcdSnapshots } from './constructs/interfaces';
export { EtcdIssuer, EtcdKeyAlgorithm, type EtcdCertManagerOptions } from './props/cert-manager';
export { EtcdTls, type EtcdCertificateSecret, type EtcdTlsSecrets } from './props/tls';
export { EtcdCipherSuite, EtcdMinimumTlsVersion, type EtcdTlsOptions } from './props/tls-options';
export { EtcdAlert, type EtcdAlertOptions } from './props/alerts';
export {
  EtcdAuthToken,
  EtcdLogin,
  EtcdRoot,
  EtcdSignMethod,
  type EtcdAuthOptions,
  type EtcdRole,
  type EtcdRootPassword,
  type EtcdTokenKey,
  type EtcdUser,
} from './props/auth';
export { EtcdKeyRange, EtcdPermission } from './props/permission';
export type { EtcdBitnamiOptions } from './props/bitnami';
export type { EtcdClientCertificateOptions } from './props/client-certificate';
export type { EtcdClusterProps, EtcdSelectorOptions } from './props/cluster';
export type { EtcdCronJobOptions } from './props/cron-job';
export type { EtcdDashboardOptions } from './props/dashboard';
export { EtcdDefragMethod, type EtcdDefragOptions, type EtcdDefragThresholds } from './props/defrag';
export { EtcdAutoCompaction, EtcdLogLevel, type EtcdPorts, type EtcdServerOptions } from './props/etcd';
export {
  EtcdImage,
  EtcdImagePullPolicy,
  type EtcdCustomImageOptions,
  type EtcdImageLayout,
  type EtcdImageOptions,
  type EtcdImagesOptions,
} from './props/image';
export {
  EtcdTlsVersion,
  type EtcdMetricsCertificate,
  type EtcdMetricsTls,
  type EtcdMetricsTlsConfig,
} from './props/metrics-tls';
export type { EtcdMonitoringOptions } from './props/monitoring';
export type { EtcdNetworkPeer, EtcdNetworkPolicyOptions, EtcdNetworkOptions } from './props/network';
export type { EtcdProbeTimings, EtcdProbesOptions } from './props/probes';
export type { EtcdResources } from './props/resources';
export {
  EtcdUnhealthyPodEviction,
  EtcdUpdateStrategy,
  type EtcdDisruptionBudgetOptions,
  type EtcdRolloutOptions,
} from './props/rollout';
export { EtcdAntiAffinity, type EtcdSchedulingOptions } from './props/scheduling';
export type { EtcdSecurity, EtcdServiceAccountOptions, EtcdSecurityOptions } from './props/security';
export {
  EtcdMemberAddresses,
  type EtcdExternalAccessOptions,
  type EtcdMemberServiceOptions,
} from './props/member-services';
export {
  EtcdServiceType,
  EtcdTrafficPolicy,
  type EtcdClientServiceOptions,
  type EtcdHeadlessServiceOptions,
} from './props/service';
export type { EtcdRemote } from './props/remote';
export { EtcdRelabelAction, type EtcdRelabeling } from './props/relabeling';
export { EtcdRestore, EtcdTotalLoss, type EtcdRestoreOptions, type EtcdRecoveryOptions } from './props/restore';
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
  type EtcdStorageOptions,
} from './props/storage';
export { EtcdWarning } from './props/warning';
export type { EtcdPodOptions } from './props/pod';
export type { GreptimeDbOptions } from './props/greptimedb';
