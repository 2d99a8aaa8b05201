/** Names of all rendered objects. They are API: they never change for a live cluster. */
export const COMPONENT = {
  member: 'etcd',
  snapshot: 'snapshot',
  restore: 'restore',
  drill: 'drill',
  defrag: 'defrag',
  /** Of objects that all jobs share. */
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
  tls: 'tls',
  root: 'root-password',
  users: 'user-passwords',
  token: 'token-key',
} as const;
export const PORT = {
  client: 'client',
  peer: 'peer',
  metrics: 'metrics',
  metricsTls: 'https-metrics',
  phase: 'phase',
} as const;

/** The largest number of members. Members know it too (scripts/shared/phase.sh). */
export const MOST_MEMBERS = 9;

/** Paths in the containers. */
export const PATH = {
  toolbox: '/toolbox',
  scripts: '/scripts',
  snapshots: '/snapshots',
  settings: '/settings',
  run: '/run/etcd',
  rclone: '/rclone',
  tmp: '/tmp',
  tls: '/tls',
  root: '/auth/root',
  users: '/auth/users',
  token: '/auth/token',
} as const;

/** Files of Secrets for users, whatever the keys of the Secrets are. */
export const PASSWORD_FILE = 'password';
export const TOKEN_FILE = 'private.pem';

/**
 * The id of the data from before all restores, and what the settings say when there is no restore: they ask for no data, so
 * members stay on theirs.
 */
export const NO_RESTORE = { id: '-', asked: '*', file: '' } as const;

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
  /** Of a Secret and of the Certificate that cert-manager issues it for. */
  readonly serverTls: string;
  readonly peerTls: string;
  readonly clientTls: string;
  /** Of an Issuer, and of its Certificate and Secret. */
  readonly ca: string;
  readonly peerCa: string;
  readonly selfSigned: string;
  readonly snapshotter: string;
  /** Also the name of the Service, and the prefix of the Jobs' names: each restore has its own Job. */
  readonly restore: string;
  readonly restoreEgress: string;
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
    serverTls: `${name}-server-tls`,
    peerTls: `${name}-peer-tls`,
    clientTls: `${name}-client-tls`,
    ca: `${name}-ca`,
    peerCa: `${name}-ca-peer`,
    selfSigned: `${name}-self-signed`,
    snapshotter: `${name}-snapshotter`,
    restore: `${name}-restore`,
    restoreEgress: `${name}-restore-egress`,
    drill: `${name}-drill`,
    defrag: `${name}-defrag`,
    podMonitor: name,
    prometheusRule: name,
    dashboard: `${name}-dashboard`,
  };
}

/** File name of the dashboard. It is unique, because neither namespaces nor names contain a dot. */
export function dashboardFile(namespace: string, name: string): string {
  return `${namespace}.${name}.json`;
}

/** Name of a member's Service for clients outside the Kubernetes cluster. */
export function externalServiceOf(member: string): string {
  return `${member}-external`;
}

export interface StringMap {
  readonly [key: string]: string;
}

/**
 * Labels for selectors. They never change. They are the labels of Bitnami's chart, so that its pods and claims are
 * adopted.
 */
export function selectorLabels(name: string, instance: string): StringMap {
  return {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': instance,
    'app.kubernetes.io/component': COMPONENT.member,
  };
}

/** Labels for selectors of another component's pods. */
export function selectorOf(member: StringMap, component: string): StringMap {
  return { ...member, 'app.kubernetes.io/component': component };
}

/** Label of pods that may serve a snapshot to the members. The Service `<name>-restore` selects them. */
export const SERVES_SNAPSHOTS = 'cdk8s-etcd/serves-snapshots';

/** Annotations of claims that Argo CD and Flux must not prune. */
export const PRUNE_GUARDS = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
} as const;

/** Annotation of the members' pods: they restart when a script changes. */
export const SCRIPTS_CHECKSUM = 'cdk8s-etcd/scripts';

/** Labels that only the library sets. */
export const RESERVED_LABELS = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  SERVES_SNAPSHOTS,
];

/** Labels that controllers of Kubernetes set on the pods of StatefulSets and Jobs. A Job with another value is refused. */
export const CONTROLLERS_LABELS = [
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/job-name',
  'controller-revision-hash',
  'controller-uid',
  'job-name',
  'statefulset.kubernetes.io/pod-name',
];

/** Labels of alerts and of series that only the library sets. */
export const ALERT_LABELS = ['alertname', 'severity', 'namespace', 'etcd_cluster'];
export const SERIES_LABELS = ['namespace', 'pod', 'container'];

/** Labels by which alerts of one name differ. With the same value everywhere, Prometheus could not tell them apart. */
export const DISTINCT_LABELS = [
  'pod',
  'To',
  'grpc_service',
  'grpc_method',
  'op',
  'persistentvolumeclaim',
  'job_name',
  'cronjob',
  'certificate',
  'name',
  'server_version',
];

/** The scripts set these by flags, which etcdctl refuses together with the variable, or could not read its answers. */
const ETCDCTL_ENV = [
  'ETCDCTL_ENDPOINTS',
  'ETCDCTL_COMMAND_TIMEOUT',
  'ETCDCTL_DIAL_TIMEOUT',
  'ETCDCTL_WRITE_OUT',
  'ETCDCTL_HEX',
  'ETCDCTL_DISCOVERY_SRV',
  'ETCDCTL_INSECURE_SKIP_TLS_VERIFY',
];

/** What etcdctl presents to members with TLS. */
const ETCDCTL_TLS_ENV = ['ETCDCTL_CERT', 'ETCDCTL_KEY', 'ETCDCTL_CACERT'];

/** Environment variables that the library sets in the main container of all pods. */
const POD_ENV = [
  ...ETCDCTL_ENV,
  ...ETCDCTL_TLS_ENV,
  'PATH',
  'POD_NAME',
  'POD_NAMESPACE',
  'NAMESPACE',
  'TLS',
  'AUTH',
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

/** Environment variables that the library sets in the etcd container, in addition to etcd's settings. */
export const MEMBER_ENV = [
  ...POD_ENV,
  'TLS_DIR',
  'POD_INDEX',
  'CLUSTER_SEED',
  'RESTORE_HOST',
  'HOLD_SECONDS',
  'FORGET_SECONDS',
];

/** Environment variables that the library sets in the containers of jobs. */
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
