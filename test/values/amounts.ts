/** Numbers by the name of the field. Others are any of NUMBER. */
export const NUMBERS: { readonly [field: string]: readonly number[] } = {
  replicas: [1, 3, 5, 9],
  partition: [0, 1],
  maxUnavailable: [0, 1, 2],
  backoffLimit: [0, 3],
  successfulJobsHistoryLimit: [0, 1, 100],
  failedJobsHistoryLimit: [0, 1, 100],
  revisionHistoryLimit: [0, 10, 1000],
  minimumGainPercent: [1, 30],
  snapshotHistoryLimit: [1, 48, 10_000],
  remoteHistoryLimit: [1, 90],
  failureThreshold: [1, 3, 100],
  'EtcdProbeTimings.successThreshold': [1],
  nodePorts: [30_000, 30_001, 32_767, 80],
  nodePort: [30_000, 32_767, 80],
  port: [80, 2379, 8443, 65_535],
  client: [2379, 12_379],
  peer: [2380, 12_380],
  metrics: [2381, 12_381],
  phase: [2382, 12_382],
  snapshotCount: [1, 10_000],
  maxTxnOps: [128, 10_000],
  quotaWarningPercent: [50, 80],
  quotaCriticalPercent: [90, 95],
  volumeWarningPercent: [50, 80],
  volumeCriticalPercent: [90, 95],
  freeSpacePercent: [1, 50],
  snapshotKeysPercent: [1, 50],
  requestErrorPercent: [1, 5],
  cpuThrottledPercent: [1, 25],
  bumpRevision: [0, 1_000_000],
  weight: [1, 50, 100],
  maxSkew: [1, 2],
  minDomains: [1, 2],
  containerPort: [80, 8443, 65_535],
  hostPort: [80, 8443],
  defaultMode: [0, 256, 420],
  mode: [0, 256, 420],
  runAsUser: [0, 1000],
  runAsGroup: [0, 1000],
  user: [1, 1000],
  group: [1, 1000],
  fsGroup: [1, 1000],
  supplementalGroups: [1, 1000],
};

/** Durations by the name of the field or parameter: unit and amounts. Others are any of DURATION. */
export const DURATIONS: { readonly [field: string]: readonly (readonly [unit: string, amount: number])[] } = {
  heartbeatInterval: [
    ['millis', 100],
    ['millis', 150],
  ],
  electionTimeout: [
    ['seconds', 1],
    ['seconds', 5],
  ],
  minReady: [
    ['seconds', 0],
    ['seconds', 30],
  ],
  terminationGracePeriod: [
    ['seconds', 150],
    ['seconds', 30],
  ],
  startingDeadline: [
    ['seconds', 10],
    ['minutes', 20],
  ],
  activeDeadline: [
    ['minutes', 1],
    ['hours', 1],
  ],
  sessionAffinity: [
    ['seconds', 1],
    ['days', 1],
  ],
  interval: [
    ['seconds', 30],
    ['seconds', 120],
  ],
  scrapeTimeout: [
    ['seconds', 5],
    ['seconds', 30],
  ],
  fsyncLatency: [
    ['millis', 1],
    ['millis', 100],
  ],
  commitLatency: [
    ['millis', 1],
    ['millis', 100],
  ],
  peerLatency: [
    ['millis', 1],
    ['millis', 100],
  ],
  requestLatency: [
    ['millis', 1],
    ['millis', 100],
  ],
  quotaForecast: [
    ['hours', 1],
    ['days', 30],
  ],
  lifetime: [
    ['days', 30],
    ['days', 90],
  ],
  renewBefore: [
    ['days', 1],
    ['days', 29],
  ],
};
