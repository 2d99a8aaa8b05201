import { Chart, Duration, Testing } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import {
  EtcdAccessMode,
  EtcdAlert,
  EtcdAntiAffinity,
  EtcdAutoCompaction,
  EtcdClaimRetention,
  EtcdCluster,
  EtcdDefragMethod,
  EtcdImage,
  EtcdImagePullPolicy,
  EtcdLogLevel,
  EtcdRelabelAction,
  EtcdRestore,
  EtcdSnapshotStore,
  EtcdStorage,
  EtcdTotalLoss,
  EtcdUpdateStrategy,
  EtcdWarning,
  type EtcdAlertOptions,
  type EtcdClusterProps,
  type EtcdDefragOptions,
  type EtcdMonitoringOptions,
  type EtcdRestoreDrillOptions,
  type EtcdSnapshotsOptions,
} from '../../src';
import { ALL_NETWORK } from './everything-network';

/** Every prop with a value that is not its default. The compiler asks for each new prop here. */
export const ALL_PROPS: Required<EtcdClusterProps> = {
  name: 'metadata',
  namespace: 'storage',
  selector: { name: 'database', instance: 'release' },
  replicas: 5,
  existingCluster: true,
  upgradeFrom: '3.5.21',
  image: EtcdImage.upstream('3.5.35'),
  imagePullPolicy: EtcdImagePullPolicy.ALWAYS,
  imagePullSecrets: ['registry-login'],
  imageRegistry: 'mirror.example.com:5000/proxy',
  toolboxImage: 'docker.io/library/busybox:1.36.1-musl',
  storage: EtcdStorage.persistentVolumeClaim({
    size: '40Gi',
    storageClassName: 'fast',
    accessModes: [EtcdAccessMode.READ_WRITE_ONCE_POD],
    selector: { matchLabels: { disk: 'nvme' } },
    labels: { tier: 'metadata' },
    annotations: { 'example.com/backup': 'no' },
  }),
  claimRetentionPolicy: { whenScaled: EtcdClaimRetention.DELETE, whenDeleted: EtcdClaimRetention.DELETE },
  extraVolumeClaimTemplates: [
    {
      metadata: { name: 'audit' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: k8s.Quantity.fromString('1Gi') } } },
    },
  ],
  resources: {
    cpuRequest: '1',
    cpuLimit: '4',
    memory: '4Gi',
    ephemeralStorageRequest: '50Mi',
    ephemeralStorageLimit: '2Gi',
  },
  quotaBackend: '4Gi',
  autoCompaction: EtcdAutoCompaction.revision(1000),
  heartbeatInterval: Duration.millis(200),
  electionTimeout: Duration.seconds(2),
  snapshotCount: 50_000,
  logLevel: EtcdLogLevel.WARN,
  maxRequest: '10Mi',
  maxTxnOps: 512,
  corruptionChecks: false,
  clusterToken: 'a-token',
  clusterDomain: 'k8s.example.com',
  ports: { client: 12379, peer: 12380, metrics: 12381, phase: 12382 },
  extraEnv: [{ name: 'GOMAXPROCS', value: '4' }],
  extraEnvFrom: [{ configMapRef: { name: 'etcd-extra' } }],
  extraArgs: ['--pre-vote=true'],
  restoreFrom: EtcdRestore.fromClaim('backups', 'db-2026-01-01_00-00', {
    id: 'january',
    subPath: 'etcd',
    sha256: '0'.repeat(64),
    bumpRevision: 5000,
    discardOldData: true,
    resources: { cpuRequest: '75m', cpuLimit: '2', memory: '1Gi' },
  }),
  onTotalLoss: EtcdTotalLoss.RESTORE_NEWEST,
  defragmentation: { minimumGain: '1Gi', minimumGainPercent: 50 },
  antiAffinity: EtcdAntiAffinity.REQUIRED,
  antiAffinityTopologyKey: 'topology.kubernetes.io/zone',
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'pool', operator: 'In', values: ['db'] }] }],
      },
    },
  },
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' },
  ],
  nodeSelector: { 'kubernetes.io/arch': 'amd64' },
  tolerations: [{ key: 'db', operator: 'Exists', effect: 'NoSchedule' }],
  priorityClassName: 'critical',
  runtimeClassName: 'gvisor',
  schedulerName: 'my-scheduler',
  hostAliases: [{ ip: '10.0.0.1', hostnames: ['old-etcd'] }],
  terminationGracePeriod: Duration.seconds(90),
  updateStrategy: EtcdUpdateStrategy.onDelete(),
  minReady: Duration.seconds(5),
  revisionHistoryLimit: 3,
  security: {
    user: 2000,
    group: 2001,
    fsGroup: 2002,
    platformAssignsIds: false,
    supplementalGroups: [3000],
    seLinuxOptions: { level: 's0:c1,c2' },
    sysctls: [{ name: 'net.ipv4.tcp_keepalive_time', value: '60' }],
  },
  startupProbe: { period: Duration.seconds(5), timeout: Duration.seconds(6), failureThreshold: 100 },
  readinessProbe: { initialDelay: Duration.seconds(3), failureThreshold: 4, successThreshold: 2 },
  livenessProbe: { enabled: false },
  ...ALL_NETWORK,
  podDisruptionBudget: { maxUnavailable: 2 },
  serviceAccount: {
    name: 'metadata-members',
    annotations: { 'example.com/role': 'none' },
    labels: { kind: 'machine' },
  },
  labels: { team: 'storage' },
  annotations: { 'example.com/owner': 'storage' },
  podLabels: { 'sidecar.istio.io/inject': 'false' },
  podAnnotations: { 'example.com/scrape': 'yes' },
  extraVolumes: [{ name: 'more', emptyDir: {} }],
  extraVolumeMounts: [{ name: 'more', mountPath: '/more' }],
  initContainers: [{ name: 'before', image: 'docker.io/library/busybox:1.36.1', command: ['true'] }],
  sidecars: [
    {
      name: 'beside',
      image: 'docker.io/library/busybox:1.36.1',
      command: ['sleep', 'infinity'],
      ports: [{ name: 'metrics-tls', containerPort: 8443 }],
    },
  ],
  shareProcessNamespace: true,
  acknowledgeWarnings: [EtcdWarning.CLAIM_DELETION, EtcdWarning.LOOSE_BUDGET],
};

const ALL_JOB = {
  timeZone: 'Europe/Berlin',
  suspend: true,
  startingDeadline: Duration.minutes(5),
  activeDeadline: Duration.minutes(15),
  backoffLimit: 3,
  successfulJobsHistoryLimit: 4,
  failedJobsHistoryLimit: 5,
  resources: { cpuRequest: '100m', memory: '512Mi' },
  extraEnv: [{ name: 'GOMEMLIMIT', value: '400MiB' }],
  labels: { job: 'yes' },
  annotations: { 'example.com/job': 'yes' },
  podLabels: { 'job-pod': 'yes' },
  podAnnotations: { 'example.com/job-pod': 'yes' },
  nodeSelector: { pool: 'batch' },
  tolerations: [{ key: 'batch', operator: 'Exists' }],
  affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
  priorityClassName: 'low',
  serviceAccountName: 'jobs',
};

export const ALL_SNAPSHOTS: Required<EtcdSnapshotsOptions> = {
  ...ALL_JOB,
  schedule: '15 * * * *',
  store: EtcdSnapshotStore.persistentVolumeClaim({
    name: 'backups',
    subPath: 'etcd',
    size: '100Gi',
    storageClassName: 'nfs',
    accessModes: [EtcdAccessMode.READ_WRITE_MANY],
    labels: { keep: 'yes' },
    annotations: { 'example.com/keep': 'yes' },
  }),
  snapshotHistoryLimit: 7,
  remote: {
    path: 'offsite:backups/etcd',
    configSecret: 'etcd-remote',
    configKey: 'config',
    extraArgs: ['--s3-no-check-bucket'],
    image: 'docker.io/rclone/rclone:1.75.0',
  },
  remoteHistoryLimit: 90,
  trialRestore: true,
};

export const ALL_RESTORE_DRILL: Required<EtcdRestoreDrillOptions> = {
  ...ALL_JOB,
  schedule: '45 4 * * 0',
  fromRemote: true,
  maximumAge: Duration.hours(12),
  minimumKeys: 10,
};

export const ALL_DEFRAG: Required<EtcdDefragOptions> = {
  ...ALL_JOB,
  schedule: '30 2 * * 6',
  method: EtcdDefragMethod.ONLINE,
  dryRun: true,
  memberTimeout: Duration.minutes(20),
  pauseAfterMember: Duration.seconds(30),
  maintenanceWindow: Duration.minutes(45),
  maximumLag: 50,
  compactFirst: true,
  kubectlImage: 'example.com/kubectl:v1.33.0',
};

export const ALL_ALERTS: Required<EtcdAlertOptions> = {
  enabled: true,
  disabled: [EtcdAlert.VERSION_SKEW],
  labels: { team: 'storage' },
  seriesLabels: { cluster: 'prod-1' },
  runbookUrl: 'https://wiki.example.com/etcd',
  leaderChanges: 7,
  entriesBehind: 700,
  fsyncLatency: Duration.millis(70),
  commitLatency: Duration.millis(170),
  peerLatency: Duration.millis(37),
  requestLatency: Duration.millis(270),
  requestErrorPercent: 7,
  failedProposals: 17,
  cpuThrottledPercent: 37,
  quotaWarningPercent: 70,
  quotaCriticalPercent: 87,
  quotaForecast: Duration.hours(7),
  freeSpacePercent: 37,
  freeSpaceMinimum: '7Gi',
  snapshotMaximumAge: Duration.hours(17),
  snapshotKeysPercent: 77,
  drillMaximumAge: Duration.hours(70),
};

export const ALL_MONITORING: Required<EtcdMonitoringOptions> = {
  interval: Duration.seconds(15),
  scrapeTimeout: Duration.seconds(5),
  labels: { release: 'prometheus' },
  annotations: { 'example.com/monitor': 'yes' },
  namespace: 'monitoring',
  jobLabel: 'app.kubernetes.io/name',
  relabelings: [{ targetLabel: 'cluster', replacement: 'metadata' }],
  metricRelabelings: [
    {
      sourceLabels: ['__name__'],
      regex: 'go_.*',
      action: EtcdRelabelAction.DROP,
    },
  ],
  tls: {
    port: 'metrics-tls',
    config: { ca: { configMap: { name: 'ca', key: 'ca.crt' } }, serverName: 'metadata.example.com' },
  },
  alerts: ALL_ALERTS,
  dashboard: {
    enabled: true,
    title: 'Metadata store',
    labels: { dashboards: 'platform' },
    annotations: { grafana_folder: 'etcd' },
    namespace: 'grafana',
  },
};

export function everything(): object[] {
  const chart = new Chart(Testing.app(), 'test');
  const cluster = new EtcdCluster(chart, 'Etcd', ALL_PROPS);
  cluster.addSnapshots({ ...ALL_SNAPSHOTS, suspend: false }).addRestoreDrill(ALL_RESTORE_DRILL);
  cluster.addDefrag(ALL_DEFRAG);
  cluster.addMonitoring(ALL_MONITORING);
  return Testing.synth(chart) as object[];
}
