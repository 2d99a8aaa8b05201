import { IMAGES } from './images';

/** The repository of this library, as in package.json and in the links of alerts and documents. */
export const REPOSITORY = 'https://github.com/cdk8s-etcd/cdk8s-etcd';

const DAY = 86_400;
const KIB = 1024;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/**
 * The defaults of all props, by topic and name, as their checks return them. Durations are in seconds (etcd's timers in
 * milliseconds). Sizes are text for Kubernetes and bytes for etcd. `test/package/defaults.test.ts` compares them with
 * the docstrings.
 */
export const DEFAULTS = {
  cluster: { replicas: 3 },
  selector: { name: 'etcd' },
  image: { imagePullPolicy: 'IfNotPresent', toolboxImage: IMAGES.toolbox },
  imageLayout: { binDirectory: '/usr/local/bin', mountPath: '/var/lib/etcd' },
  etcd: {
    quotaBackend: 2 * GIB,
    autoCompaction: { mode: 'periodic', retention: '1h' },
    heartbeatInterval: 100,
    electionTimeout: 1000,
    snapshotCount: 10_000,
    logLevel: 'info',
    maxRequest: 1536 * KIB,
    maxTxnOps: 128,
    corruptionChecks: true,
    clusterDomain: 'cluster.local',
  },
  ports: { client: 2379, peer: 2380, metrics: 2381, phase: 2382 },
  defragmentation: { minimumGain: 100 * MIB, minimumGainPercent: 30 },
  claim: { size: '8Gi', accessModes: ['ReadWriteOnce'] },
  claimRetention: { whenScaled: 'Retain', whenDeleted: 'Retain' },
  emptyDir: { inMemory: false },
  recovery: { existingCluster: false, onTotalLoss: 'wait' },
  restore: { bumpRevision: { inPlace: 1_000_000_000, intoEmpty: 0 }, discardOldData: false },
  auth: { enabled: true },
  rootPassword: { key: 'root' },
  user: { login: 'password' },
  tokenKey: { key: 'jwt-token.pem', signMethod: 'RS256' },
  tls: { requireClientCertificates: true, minimumVersion: 'TLS1.2', allowPlainHttp: false },
  caSecret: { key: 'ca.crt' },
  certificateSecret: { certificateKey: 'tls.crt', privateKeyKey: 'tls.key', caKey: 'ca.crt' },
  certManager: { keyAlgorithm: 'ECDSA-256', lifetime: 90 * DAY, renewBefore: 30 * DAY },
  pod: { shareProcessNamespace: false },
  memberResources: { cpuRequest: '250m', memory: '2Gi' },
  jobResources: { cpuRequest: '50m', memory: '256Mi' },
  scheduling: { antiAffinity: 'preferred', antiAffinityTopologyKey: 'kubernetes.io/hostname' },
  rollout: {
    updateStrategy: { type: 'RollingUpdate', partition: 0 },
    minReady: 0,
    terminationGracePeriod: 150,
    revisionHistoryLimit: 10,
  },
  podDisruptionBudget: { enabled: true, maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
  startupProbe: {
    enabled: true,
    initialDelay: 0,
    period: 1,
    timeout: 5,
    failureThreshold: 604_800, // a restart does not help a member that waits for others
    successThreshold: 1,
  },
  readinessProbe: {
    enabled: true,
    initialDelay: 0,
    period: 2,
    timeout: 5,
    failureThreshold: 3,
    successThreshold: 1,
  },
  livenessProbe: {
    enabled: true,
    initialDelay: 0,
    period: 10,
    timeout: 30,
    failureThreshold: 6,
    successThreshold: 1,
  },
  security: { user: 1001, group: 1001, fsGroup: 1001, platformAssignsIds: false },
  serviceAccount: { create: true },
  clientService: { enabled: true, type: 'ClusterIP', portName: 'client' },
  externalAccess: { type: 'LoadBalancer' },
  network: { memberAddresses: 'Service' },
  networkPolicy: { enabled: true, restrictEgress: false },
  cronJob: {
    timeZone: 'Etc/UTC',
    suspend: false,
    startingDeadline: 600,
    successfulJobsHistoryLimit: 1,
    failedJobsHistoryLimit: 3,
  },
  snapshots: {
    schedule: '*/30 * * * *',
    activeDeadline: 1200,
    backoffLimit: 2,
    snapshotHistoryLimit: 48,
    trialRestore: false,
  },
  snapshotClaim: { size: '10Gi', accessModes: ['ReadWriteOnce'] },
  remote: { configKey: 'rclone.conf', image: IMAGES.rclone },
  drill: { schedule: '15 5 * * *', activeDeadline: 3600, backoffLimit: 0, maximumAge: 86_400, minimumKeys: 0 },
  defrag: {
    schedule: '0 3 * * *',
    activeDeadline: 7200,
    backoffLimit: 0,
    method: 'offline',
    dryRun: false,
    memberTimeout: 600,
    pauseAfterMember: 10,
    maximumLag: 1000,
    compactFirst: false,
    kubectlImage: IMAGES.kubectl,
  },
  monitoring: { interval: 30, scrapeTimeout: 10, jobLabel: 'app.kubernetes.io/instance' },
  /** The default label of the sidecar in Grafana's chart. */
  dashboard: { enabled: true, labels: { grafana_dashboard: '1' } },
  alerts: {
    enabled: true,
    /** The page in this library's repository. For a fork or a copy in a wiki, set `runbookUrl`. */
    runbookUrl: `${REPOSITORY}/blob/main/docs/alerts.md`,
    leaderChanges: 3,
    entriesBehind: 5000,
    fsyncLatency: 100,
    commitLatency: 250,
    requestLatency: 500,
    requestErrorPercent: 5,
    failedProposals: 5,
    cpuThrottledPercent: 25,
    quotaWarningPercent: 80,
    quotaCriticalPercent: 95,
    quotaForecast: 86_400,
    volumeWarningPercent: 80,
    volumeCriticalPercent: 90,
    snapshotKeysPercent: 50,
  },
  greptimeDb: {
    operatorVersion: '0.6.0',
    chartVersion: '0.8.30',
    greptimeDbVersion: '1.0.0',
    endpointPerMember: false,
    maxTxnOps: 128,
    maxMetadataValue: 1500 * KIB,
  },
  bitnami: { fileName: 'values.yaml' },
} as const;

/** Values without a prop. */
export const FIXED = {
  /** Of tokens, in seconds: those of etcd and of Bitnami's chart. */
  simpleTokenLifetime: 300,
  jwtLifetime: 600,
  /** The part of the grace period that etcd itself has to stop. */
  stopSeconds: 20,
  /** How long clients of the Service may still connect to a pod that stops. */
  forgetSeconds: 1,
  /** How many times a failed pod of the restore Job is retried. */
  restoreBackoffLimit: 100,
  /** With fewer keys, a loss of half of them is normal. */
  snapshotKeysMinimum: 100,
  /** Below this percentage of the quota, the defragmentation job disarms the alarm NOSPACE. */
  noSpacePercent: 90,
} as const;
