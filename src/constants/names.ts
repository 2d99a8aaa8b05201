/** Names of everything that is emitted. They are API: a live cluster's names never change. */
export const COMPONENT = {
  member: 'etcd',
  snapshot: 'snapshot',
  restore: 'restore',
  drill: 'drill',
  defrag: 'defrag',
  /** Of what all jobs share. */
  job: 'job',
} as const;

/** Names of containers, volumes and ports inside pods. */
export const CONTAINER = {
  etcd: 'etcd',
  toolbox: 'toolbox',
  rclone: 'rclone',
  kubectl: 'kubectl',
  snapshot: 'snapshot',
  restore: 'restore',
  drill: 'drill',
  defrag: 'defrag',
} as const;
export const VOLUME = {
  data: 'data',
  toolbox: 'toolbox',
  scripts: 'scripts',
  snapshots: 'snapshots',
  settings: 'settings',
  run: 'run',
  rclone: 'rclone',
  tmp: 'tmp',
} as const;
export const PORT = { client: 'client', peer: 'peer', metrics: 'metrics', phase: 'phase' } as const;

/** Folders inside our containers. */
export const PATH = {
  toolbox: '/toolbox',
  scripts: '/scripts',
  snapshots: '/snapshots',
  settings: '/settings',
  run: '/run/etcd',
  rclone: '/rclone',
  tmp: '/tmp',
} as const;

/** What the settings have in place of a restore's id, and of its file: members read it. */
export const NO_RESTORE = { id: '-', file: '' } as const;

export interface Names {
  readonly statefulSet: string;
  readonly clientService: string;
  readonly headlessService: string;
  readonly podDisruptionBudget: string;
  readonly networkPolicy: string;
  readonly serviceAccount: string;
  readonly scripts: string;
  readonly jobScripts: string;
  readonly settings: string;
  readonly snapshotter: string;
  /** Of the Service, too. Of Jobs it is a prefix: each restore is a Job of its own. */
  readonly restore: string;
  readonly drill: string;
  readonly defrag: string;
  readonly podMonitor: string;
  readonly prometheusRule: string;
  readonly dashboard: string;
}

export function namesOf(name: string): Names {
  return {
    statefulSet: name,
    clientService: name,
    headlessService: `${name}-headless`,
    podDisruptionBudget: name,
    networkPolicy: name,
    serviceAccount: name,
    scripts: `${name}-scripts`,
    jobScripts: `${name}-job-scripts`,
    settings: `${name}-settings`,
    snapshotter: `${name}-snapshotter`,
    restore: `${name}-restore`,
    drill: `${name}-drill`,
    defrag: `${name}-defrag`,
    podMonitor: name,
    prometheusRule: name,
    dashboard: `${name}-dashboard`,
  };
}

/** File of the dashboard: neither namespaces nor names have a dot, so that no two clusters' files have one name. */
export function dashboardFile(namespace: string, name: string): string {
  return `${namespace}.${name}.json`;
}

/** The Service for clients outside. */
export function externalServiceOf(member: string): string {
  return `${member}-external`;
}

export interface StringMap {
  readonly [key: string]: string;
}

/** What selectors use: never more than this, never changed. They are the chart's labels, so that its pods and claims are adopted. */
export function selectorLabels(name: string, instance: string): StringMap {
  return {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': instance,
    'app.kubernetes.io/component': COMPONENT.member,
  };
}

/** The same for pods of another component of the cluster. */
export function selectorOf(member: StringMap, component: string): StringMap {
  return { ...member, 'app.kubernetes.io/component': component };
}

/** Of pods that may have a snapshot for the members: the Service `<name>-restore` selects them. */
export const SERVES_SNAPSHOTS = 'cdk8s-etcd/serves-snapshots';

/** Label names that belong to the library. */
export const RESERVED_LABELS = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  SERVES_SNAPSHOTS,
];

/** Labels of alerts, and of series, that are set by the library. */
export const ALERT_LABELS = ['alertname', 'severity', 'namespace', 'etcd_cluster'];
export const SERIES_LABELS = ['namespace', 'pod', 'container'];

/** The scripts give these to etcdctl as flags, and it refuses to have both. */
const ETCDCTL_ENV = ['ETCDCTL_ENDPOINTS', 'ETCDCTL_COMMAND_TIMEOUT', 'ETCDCTL_DIAL_TIMEOUT'];

/** Environment names that the library sets in the main container of each of its pods. */
const POD_ENV = [
  ...ETCDCTL_ENV,
  'PATH',
  'POD_NAME',
  'POD_NAMESPACE',
  'NAMESPACE',
  'CLUSTER_NAME',
  'MEMBER_DOMAIN',
  'POD_DOMAIN',
  'ADDRESS_DOMAIN',
  'MEMBER_VERSION',
  'CLIENT_PORT',
  'PEER_PORT',
  'METRICS_PORT',
  'PHASE_PORT',
  'SETTINGS',
  'RUN',
];

/** Environment names that the library sets in the etcd container, besides etcd's own settings. */
export const MEMBER_ENV = [...POD_ENV, 'POD_INDEX', 'CLUSTER_SEED', 'RESTORE_HOST', 'HOLD_SECONDS', 'FORGET_SECONDS'];

/** Environment names that the library sets in jobs' containers. */
export const JOB_ENV = [
  ...POD_ENV,
  'TMP',
  'MEMBER_ENDPOINTS',
  'SNAPSHOT_DIRECTORY',
  'SNAPSHOT_CLUSTER',
  'SNAPSHOT_HISTORY_LIMIT',
  'TRIAL_RESTORE',
  'ON_TOTAL_LOSS',
  'REMOTE',
  'REMOTE_OPTIONS',
  'REMOTE_HISTORY_LIMIT',
  'RCLONE_CONFIG',
  'RCLONE_CACHE_DIR',
  'SSL_CERT_FILE',
  'RESTORE_ID',
  'RESTORE_FILE',
  'RESTORE_KIND',
  'RESTORE_RUN',
  'MAXIMUM_AGE_SECONDS',
  'MINIMUM_KEYS',
  'QUOTA_BYTES',
  'MEMBER_TIMEOUT_SECONDS',
  'SETTLE_SECONDS',
  'METHOD',
  'DRY_RUN',
  'COMPACT',
  'MAXIMUM_LAG',
  'WINDOW_SECONDS',
];
