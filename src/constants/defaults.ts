import { IMAGES } from './images';

/** Where this library is kept: package.json and the links of alerts and documents say the same. */
export const REPOSITORY = 'https://github.com/cdk8s-etcd/cdk8s-etcd';

/** Every default of the library, in one place. Times in milliseconds or seconds as the name says, sizes as quantities. */
export const DEFAULTS = {
  replicas: 3,
  selectorName: 'etcd',
  etcdVersion: IMAGES.etcdVersion,
  toolboxImage: IMAGES.toolbox,
  binDirectory: '/usr/local/bin',
  mountPath: '/var/lib/etcd',
  imagePullPolicy: 'IfNotPresent',
  claim: { size: '8Gi', accessModes: ['ReadWriteOnce'] },
  claimRetention: 'Retain',
  member: { cpuRequest: '250m', memory: '2Gi' },
  job: { cpuRequest: '50m', memory: '256Mi' },
  quotaBackend: '2Gi',
  autoCompaction: { mode: 'periodic', retention: '1h' },
  heartbeatMillis: 100,
  electionMillis: 1000,
  snapshotCount: 10_000,
  logLevel: 'info',
  maxRequest: '1536Ki',
  maxTxnOps: 128,
  clusterDomain: 'cluster.local',
  ports: { client: 2379, peer: 2380, metrics: 2381, phase: 2382 },
  antiAffinityTopologyKey: 'kubernetes.io/hostname',
  terminationGraceSeconds: 150,
  /** Of the grace period, what is left for etcd itself to stop. */
  stopSeconds: 20,
  /** How long clients of the Service may still arrive at a pod that stops. */
  forgetSeconds: 1,
  revisionHistoryLimit: 10,
  user: 1001,
  startupProbe: {
    initialDelaySeconds: 0,
    periodSeconds: 1,
    timeoutSeconds: 5,
    failureThreshold: 604_800, // a member that waits for others is not helped by a restart
    successThreshold: 1,
  },
  readinessProbe: {
    initialDelaySeconds: 0,
    periodSeconds: 2,
    timeoutSeconds: 5,
    failureThreshold: 3,
    successThreshold: 1,
  },
  livenessProbe: {
    initialDelaySeconds: 0,
    periodSeconds: 10,
    timeoutSeconds: 30,
    failureThreshold: 6,
    successThreshold: 1,
  },
  maxUnavailable: 1,
  clientPortName: 'client',
  timeZone: 'Etc/UTC',
  startingDeadlineSeconds: 600,
  successfulJobsHistoryLimit: 1,
  failedJobsHistoryLimit: 3,
  snapshots: {
    schedule: '*/30 * * * *',
    historyLimit: 48,
    activeDeadlineSeconds: 1200,
    backoffLimit: 2,
    claimSize: '10Gi',
  },
  remoteConfigKey: 'rclone.conf',
  restore: { bumpRevision: 1_000_000_000, backoffLimit: 100 },
  drill: { schedule: '15 5 * * *', activeDeadlineSeconds: 3600, backoffLimit: 0, maximumAgeSeconds: 86_400 },
  defrag: {
    schedule: '0 3 * * *',
    activeDeadlineSeconds: 7200,
    backoffLimit: 0,
    memberTimeoutSeconds: 600,
    settleSeconds: 10,
    maximumLag: 1000,
    minimumGain: '100Mi',
    minimumGainPercent: 30,
  },
  /** The label that the sidecar of Grafana's chart looks for when it is told no other. */
  dashboard: { labels: { grafana_dashboard: '1' } },
  greptimeDb: { operatorVersion: '0.6.0', chartVersion: '0.8.30', maxTxnOps: 128, maxMetadataValue: '1500Ki' },
  monitoring: { intervalSeconds: 30, scrapeTimeoutSeconds: 10, jobLabel: 'app.kubernetes.io/instance' },
  alerts: {
    /** The page of this library's own repository. A fork, or a copy of the page in a wiki, sets `runbookUrl`. */
    runbookUrl: `${REPOSITORY}/blob/main/docs/alerts.md`,
    leaderChanges: 3,
    maximumLag: 5000,
    fsyncMillis: 100,
    commitMillis: 250,
    requestMillis: 500,
    requestErrorPercent: 5,
    failedProposals: 5,
    cpuThrottledPercent: 25,
    quotaWarningPercent: 80,
    quotaCriticalPercent: 95,
    quotaForecastSeconds: 86_400,
    snapshotKeysPercent: 50,
    /** Of fewer keys than these, half are soon gone. */
    snapshotKeysMinimum: 100,
    /** Below this part of the quota the defragmentation job disarms NOSPACE: what is refused then has another reason. */
    noSpacePercent: 90,
  },
} as const;
