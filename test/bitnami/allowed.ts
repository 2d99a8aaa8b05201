/** An intended difference between the chart's objects and the import's, and its reason. `X` is the name of the release. */
export interface Allowed {
  readonly path: RegExp;
  readonly why: string;
  /** The values that it applies to. Without it, all. */
  readonly only?: (chart: unknown, ours: unknown) => boolean;
  /** The only values files in which it may occur. */
  readonly files?: readonly string[];
}

const absent = (v: unknown): boolean => v === undefined;
const text = (v: unknown): string => JSON.stringify(v) ?? '';
const pair =
  (chart: unknown, ours: unknown) =>
  (c: unknown, o: unknown): boolean =>
    text(c) === text(chart) && text(o) === text(ours);

/** Every allowed difference. The test fails for any other, and for one that does not occur. */
export const ALLOWED: readonly Allowed[] = [
  // Objects that only one side has
  { path: /^ConfigMap X-(settings|scripts|job-scripts):/, why: 'what our members and jobs run and read', only: absent },
  { path: /^(ServiceAccount|Role|RoleBinding) X-defrag:/, why: 'the account that may evict members', only: absent },
  {
    path: /^(PrometheusRule X|ConfigMap X-dashboard):/,
    why: 'alerts and a dashboard come with the PodMonitor',
    only: absent,
  },
  { path: /^(Job|NetworkPolicy|Service) X-restore[^:]*:/, why: 'brings a snapshot to members', only: absent },
  { path: /^Service X-\d+:/, why: 'an address of each member that stays', only: absent },
  {
    path: /^PersistentVolumeClaim X-snapshotter: annotations\.helm\.sh/,
    why: 'Helm is gone',
    only: (_c, o) => o === undefined,
  },
  {
    path: /^PersistentVolumeClaim X-snapshotter:/,
    why: 'beside startFromSnapshot, the chart makes a claim that no pod uses',
    files: ['snapshots-restore-other'],
    only: (_c, o) => o === undefined,
  },

  {
    path: /^StatefulSet X: pod\.(initContainers|sidecars)\.\w+\.securityContext\.(allowPrivilegeEscalation|capabilities\.drop)$/,
    why: 'containers that are added without a security context get the one of Pod Security “restricted”',
    only: absent,
  },

  // Labels and annotations that no selector uses
  {
    path: /^(ServiceAccount \w+|PodMonitor X|CronJob X-\w+|PersistentVolumeClaim X-\w+): labels\.app\.kubernetes\.io\/component$/,
    why: 'the chart labels only some objects with a component',
    only: absent,
  },
  {
    path: /: labels\.app\.kubernetes\.io\/(name|instance)$/,
    why: 'labels of objects are those of the selector; the chart changes only those of pods',
    only: pair('etcd', 'kv'),
  },
  {
    path: /^CronJob X-defrag: pod\.labels\.app\.kubernetes\.io\/component$/,
    why: 'the chart’s pod has none',
    only: pair(undefined, 'defrag'),
  },
  {
    path: /^CronJob X-snapshotter: pod\.labels\.app\.kubernetes\.io\/component$/,
    why: 'the job’s name for its pods; no selector of the chart has it',
    only: pair('snapshotter', 'snapshot'),
  },
  {
    path: /^CronJob X-snapshotter: pod\.labels\.cdk8s-etcd\/serves-snapshots$/,
    why: 'the job serves the newest snapshot when all data is lost',
    only: absent,
  },
  {
    path: /tolerate-unready-endpoints$/,
    why: 'Kubernetes reads publishNotReadyAddresses since 1.11',
    only: (_c, o) => o === undefined,
  },
  {
    path: /^PersistentVolumeClaim X-snapshotter: annotations\.(argocd|kustomize)/,
    why: 'the same for Argo CD and Flux',
    only: absent,
  },

  // Network
  {
    path: /^Service X: ports\.peer\./,
    why: 'only members need the peer port',
    only: (_c, o) => o === undefined,
  },
  {
    path: /^Service X-headless: ports\.(metrics|client)\./,
    why: 'the headless Service has the metrics port, and its own names of ports: they are in SRV records only',
    only: absent,
  },
  {
    path: /^Service X-headless: ports\.(etcd|prometheus|http-client|http-metrics)\./,
    why: 'names that the file gives to ports of the Service for clients',
    only: (_c, o) => o === undefined,
  },
  {
    path: /^NetworkPolicy X: ingress\.(2380|2381|12380)$/,
    why: 'the peer port is open to members only',
    only: (_c, o) => Array.isArray(o) && o.length === 1 && /component[^}]*"etcd/.test(String(o[0])),
  },
  {
    path: /^NetworkPolicy X: ingress\.\d+$/,
    why: 'metrics and what members tell each other have ports of their own',
    only: absent,
  },
  {
    path: /^NetworkPolicy X: ingress\.(2379|12379)$/,
    why: 'jobs of ours may connect, besides those whom the chart lets in',
    only: (c, o) => (c as string[]).every((p) => p !== '"everybody"' && (o as string[]).includes(p)),
  },
  {
    path: /^NetworkPolicy X: ingress\.2379$/,
    why: 'metrics.enabled does not open the client port',
    only: (c, o) => text(c) === text(['"everybody"']) && text(o).includes('etcd-client'),
  },
  {
    path: /^NetworkPolicy X-(defrag|snapshotter): ?/,
    why: 'jobs work where the namespace denies egress by default',
    only: absent,
  },
  {
    path: /^NetworkPolicy X: egress$/,
    why: 'members reach each other’s metrics and phase, too',
    only: (c, o) => text(c).includes('2380') && text(o).includes('2382'),
  },

  // How members run
  {
    path: /: pod\.image$/,
    why: 'docker.io/bitnami lost its tags; the same version from the etcd project',
    only: pair('docker.io/bitnami/etcd:3.5.21-debian-12-r5', 'quay.io/coreos/etcd:v3.5.21'),
  },
  {
    path: /^StatefulSet X: pod\.image$/,
    why: 'a digest stands beside the tag, which says the version',
    only: (c, o) => text(o).replace(/:[^:@]+@/, '@') === text(c),
  },
  {
    path: /resources\.requests\.memory$/,
    why: 'memory is set aside as far as the limit allows',
    only: (c, o) => Number(c ?? 0) < Number(o),
  },
  {
    path: /resources\.requests\.(cpu|ephemeral-storage)$/,
    why: 'Kubernetes takes the limit for a missing request; jobs have the library’s own',
    only: absent,
  },
  { path: /resources\.limits\.memory$/, why: 'memory always has a limit', only: absent },
  {
    path: /^CronJob X-\w+: pod\.resources\./,
    why: 'jobs have the library’s own resources unless the file sets them: they verify what they write',
    files: ['guide-etcd-backup', 'guide-etcd-defrag', 'snapshots-restore', 'snapshots-restore-other'],
    only: (c, o) => NANO.some(([chart, ours]) => c === chart && o === ours),
  },
  {
    path: /^StatefulSet X: pod\.probes\./,
    why: 'the library’s probes need no shell, and wait for no minute, unless the file sets a time',
    only: (c, o) => CHART_TIMES.includes(Number(c ?? 0)) && LIBRARY_TIMES.includes(Number(o)),
  },
  { path: /^StatefulSet X: pod\.grace$/, why: 'a member may take longer to hand over', only: pair(30, 150) },
  { path: /^StatefulSet X: pod\.ports\.(metrics|phase)$/, why: 'ports of the library', only: absent },
  {
    path: /^StatefulSet X: pod\.mounts\.\/(snapshots|init-snapshot)\./,
    why: 'members never mount snapshots',
    only: (_c, o) => o === undefined,
  },
  {
    path: /^StatefulSet X: pod\.env\.GOMAXPROCS\.value$/,
    why: 'the chart writes a number, which Kubernetes refuses',
    only: (c, o) => String(c) === o,
  },
  {
    path: /^StatefulSet X: pod\.security\.fsGroupChangePolicy$/,
    why: 'the group of a large volume is not set again at each start',
    only: (c, o) => (c === 'Always' || c === undefined) && o === 'OnRootMismatch',
  },
  {
    path: /^StatefulSet X: pod\.security\.fsGroup$/,
    why: 'without podSecurityContext, volumes still need a group',
    only: pair(undefined, 1001),
  },
  {
    path: /^StatefulSet X: pod\.affinity\.podAntiAffinity\.preferred/,
    why: 'the preference weighs more',
    only: (c, o) => text(c).replace('"weight":1}', '"weight":100}') === text(o),
  },
  {
    path: /^PodDisruptionBudget X: away$/,
    why: 'one at a time, unless the file sets more; and a single member can be drained',
    only: (_c, o) => o === 1,
  },

  // etcd's settings
  {
    path: /^StatefulSet X: pod\.etcd\.serviceUrl$/,
    why: 'a member advertises itself only: the Service is not a member',
    only: (_c, o) => o === undefined,
  },
  {
    path: /^StatefulSet X: pod\.etcd\.listenMetrics$/,
    why: 'metrics always have a listener of their own',
    only: absent,
  },
  {
    path: /^StatefulSet X: pod\.etcd\.ETCD_SNAPSHOT_COUNT$/,
    why: 'etcd 3.6 and the library need less memory by it',
    only: pair('100000', '10000'),
  },
  {
    path: /^StatefulSet X: pod\.etcd\.ETCD_(EXPERIMENTAL_|FEATURE_GATES)/,
    why: 'members compare their data',
    only: (c, o) => (c === 'false' || c === '') && (o === 'true' || text(o).includes('InitialCorruptCheck=true')),
  },

  // Jobs
  {
    path: /^CronJob X-\w+: (failed|startingDeadline|deadline)$/,
    why: 'limits that the chart leaves out',
    only: absent,
  },
  {
    path: /^CronJob X-defrag: deadline$/,
    why: 'that of one etcdctl call is too short for a job that restarts all members',
    only: (c, o) => Number(c) < 7200 && o === 7200,
  },
  {
    path: /^CronJob X-\w+: pod\.account$/,
    why: 'the chart takes the namespace’s own account, with its token',
    only: absent,
  },
  {
    path: /^StatefulSet X: pod\.annotations\.prometheus\.io\/port$/,
    why: 'metrics have a port of their own',
    only: pair('2379', '2381'),
  },
  {
    path: /^PodMonitor X: podMetricsEndpoints$/,
    why: 'the plain metrics port, and nothing else',
    only: (c, o) => text(c).replace('"port":"client"', '"port":"metrics"').replace('"scheme":"http",', '') === text(o),
  },
  { path: /^PodMonitor X: jobLabel$/, why: 'metrics are told apart by the release', only: absent },
];

/** CPU, memory and ephemeral storage of the chart's preset nano, and of the library's jobs. */
const NANO = [
  [0.1, 0.05],
  [0.15, undefined],
  [192 * 1024 ** 2, 256 * 1024 ** 2],
  [50 * 1024 ** 2, undefined],
  [2 * 1024 ** 3, undefined],
] as const;
const CHART_TIMES = [0, 5, 10, 30, 60];
const LIBRARY_TIMES = [0, 1, 2, 3, 5, 6, 10, 30, 604_800];
