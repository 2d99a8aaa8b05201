import { parseQuantity } from '../../src/grammar/quantity';
import { goDurationSeconds } from '../../src/grammar/go-duration';
import { SETTINGS, settings } from './settings';
import { users } from './users';
import type { Written } from '../support/synth';

/** What clients, the live cluster or its owner depend on, by path, in the same form for the chart and for the library. */
export interface Facts {
  readonly [path: string]: unknown;
}
type Any = Written['spec'];

const LIBRARY_LABELS = ['app.kubernetes.io/managed-by', 'app.kubernetes.io/version'];

export function factsOf(objects: Written[]): Facts {
  const facts: { [path: string]: unknown } = {};
  for (const object of objects) {
    const at = `${object.kind} ${object.metadata.name}`;
    const put = (part: object): void => {
      for (const [key, value] of flatten(part)) facts[`${at}: ${key}`] = value;
    };
    put({
      namespace: object.metadata.namespace,
      labels: labels(object.metadata.labels),
      annotations: object.metadata['annotations' as never],
    });
    const reader = READERS[object.kind];
    if (reader) put(reader(object, objects));
  }
  return facts;
}

const READERS: { readonly [kind: string]: (object: Written, objects: Written[]) => object } = {
  StatefulSet: ({ spec, metadata }) => ({
    ...statefulSet(spec),
    pod: pod(spec.template, metadata.name, metadata.namespace ?? ''),
  }),
  // With the defaults of Kubernetes.
  Service: ({ spec }) => ({
    ...spec,
    ports: byName(spec.ports.map((p: Any) => ({ protocol: 'TCP', ...p }))),
    externalTrafficPolicy: spec.externalTrafficPolicy ?? (spec.type === 'ClusterIP' ? undefined : 'Cluster'),
    sessionAffinityConfig:
      spec.sessionAffinity === 'ClientIP'
        ? (spec.sessionAffinityConfig ?? { clientIP: { timeoutSeconds: 10_800 } })
        : undefined,
  }),
  PodDisruptionBudget: ({ spec }, objects) => ({ away: away(spec, objects), selector: spec.selector }),
  NetworkPolicy: ({ spec }) => networkPolicy(spec),
  ServiceAccount: (object) => ({ token: object.automountServiceAccountToken }),
  PersistentVolumeClaim: ({ spec }) => claim({ metadata: {}, spec }),
  CronJob: ({ spec, metadata }) => ({
    schedule: spec.schedule,
    suspend: spec.suspend ?? false,
    concurrencyPolicy: spec.concurrencyPolicy,
    successful: spec.successfulJobsHistoryLimit,
    failed: spec.failedJobsHistoryLimit,
    startingDeadline: spec.startingDeadlineSeconds,
    deadline: spec.jobTemplate.spec.activeDeadlineSeconds ?? spec.jobTemplate.spec.template.spec.activeDeadlineSeconds,
    pod: jobPod(spec.jobTemplate.spec.template, metadata.name),
  }),
  PodMonitor: ({ spec }) => ({
    ...spec,
    podMetricsEndpoints: spec.podMetricsEndpoints.map((e: Any) => ({
      ...e,
      interval: goDurationSeconds(String(e.interval)),
      scrapeTimeout: goDurationSeconds(String(e.scrapeTimeout)),
    })),
  }),
};

function statefulSet(spec: Any): object {
  return {
    replicas: spec.replicas,
    serviceName: spec.serviceName,
    podManagementPolicy: spec.podManagementPolicy,
    selector: spec.selector,
    updateStrategy: { type: spec.updateStrategy.type, partition: spec.updateStrategy.rollingUpdate?.partition ?? 0 },
    retention: spec.persistentVolumeClaimRetentionPolicy ?? { whenDeleted: 'Retain', whenScaled: 'Retain' },
    claims: Object.fromEntries((spec.volumeClaimTemplates ?? []).map((c: Any) => [c.metadata.name, claim(c)])),
  };
}

function claim({ metadata, spec }: Any): object {
  return {
    labels: metadata.labels,
    annotations: metadata.annotations,
    accessModes: spec.accessModes,
    // A missing class and an empty one differ.
    storageClassName: spec.storageClassName === undefined ? 'default' : `"${spec.storageClassName}"`,
    selector: spec.selector,
    volumeMode: spec.volumeMode ?? 'Filesystem',
    size: amount(spec.resources.requests.storage),
  };
}

const OWN_CONTAINERS = ['toolbox'];
const OWN_VOLUMES = [
  'etcd-jwt-token',
  'etcd-secrets',
  'root-password',
  'token-key',
  'etcd-client-certs',
  'etcd-peer-certs',
  'tls',
  'toolbox',
  'scripts',
  'settings',
  'run',
  'tmp',
  'snapshots',
  'rclone',
  'data',
];
const OWN_ENV =
  /^(POD_NAME(SPACE)?|PATH|NAMESPACE|CLUSTER_(NAME|SEED)|RESTORE_HOST|(MEMBER|POD|ADDRESS)_DOMAIN|MEMBER_VERSION|TLS(_DIR)?|AUTH|ETCD_ROOT_PASSWORD(_FILE)?|ETCD_AUTH_TOKEN(_TTL)?|(CLIENT|PEER|METRICS|PHASE)_PORT|SETTINGS|RUN|(HOLD|FORGET)_SECONDS)$/;

const TLS_ENV =
  /^(ETCD_(PEER_)?(CERT_FILE|KEY_FILE|TRUSTED_CA_FILE|CLIENT_CERT_AUTH)|ETCD_(EXPERIMENTAL_)?PEER_SKIP_CLIENT_SAN_VERIFICATION|ETCD_TLS_MIN_VERSION|ETCDCTL_(CERT|KEY|CACERT))$/;

/** The Secrets and keys from which etcd reads its certificates, and whether it verifies clients and members. */
function certificates(spec: Any, etcd: Any): object {
  const source = (variable: string): string | undefined => {
    const value = etcd.env.find((e: Any) => e.name === variable)?.value as string | undefined;
    const path = value?.replace(/^\/run\/etcd\/ca\/(\w+)\.crt$/, '/tls/$1/ca.crt'); // our scripts copy the CA there
    const mount = etcd.volumeMounts.find((m: Any) => path?.startsWith(m.mountPath as string));
    if (path === undefined || !mount) return undefined;
    const file = path.slice((mount.mountPath as string).length).replace(/^\//, '');
    const volume = spec.volumes.find((v: Any) => v.name === mount.name);
    if (volume.secret) return `${volume.secret.secretName} ${file}`;
    const part = volume.projected.sources.find((s: Any) => s.secret.items.some((i: Any) => i.path === file));
    return `${part.secret.name} ${part.secret.items.find((i: Any) => i.path === file).key}`;
  };
  const plane = (prefix: string): object => ({
    certificate: source(`${prefix}CERT_FILE`),
    key: source(`${prefix}KEY_FILE`),
    ca: source(`${prefix}TRUSTED_CA_FILE`),
    verifies: etcd.env.some((e: Any) => e.name === `${prefix}TRUSTED_CA_FILE`), // whatever CLIENT_CERT_AUTH says
  });
  return { client: plane('ETCD_'), peer: plane('ETCD_PEER_') };
}

function pod(template: Any, name: string, namespace: string): object {
  const { spec } = template;
  const etcd = spec.containers.find((c: Any) => c.name === 'etcd');
  const env = etcd.env as { name: string; value?: string }[];
  const more = env.filter((e) => !OWN_ENV.test(e.name) && !TLS_ENV.test(e.name) && !SETTINGS.has(e.name));
  const mount = etcd.volumeMounts.find((m: Any) => m.name === 'data')?.mountPath ?? '/bitnami/etcd';
  return {
    labels: labels(template.metadata.labels),
    annotations: without(template.metadata.annotations ?? {}, ['cdk8s-etcd/scripts']),
    image: etcd.image,
    pullPolicy: etcd.imagePullPolicy,
    pullSecrets: spec.imagePullSecrets,
    account: spec.serviceAccountName,
    resources: resources(etcd.resources),
    ports: Object.fromEntries(etcd.ports.map((p: Any) => [p.name, p.containerPort])),
    probes: Object.fromEntries(
      ['startupProbe', 'readinessProbe', 'livenessProbe'].map((key) => [key, etcd[key] && probe(etcd[key])]),
    ),
    etcd: settings(env, mount, name, namespace),
    tls: certificates(spec, etcd),
    users: users(spec, etcd),
    env: Object.fromEntries(more.map((e) => [e.name, e])),
    envFrom: etcd.envFrom ?? [],
    mounts: Object.fromEntries(
      etcd.volumeMounts
        .filter((m: Any) => !OWN_VOLUMES.includes(m.name))
        .map((m: Any) => [m.mountPath, { ...m, readOnly: m.readOnly ?? false }]),
    ),
    volumes: byName(
      (spec.volumes ?? []).filter(
        (v: Any) => !OWN_VOLUMES.includes(v.name) && v.name !== 'snapshot-volume' && v.name !== 'init-snapshot-volume',
      ),
    ),
    dataVolume: (spec.volumes ?? []).find((v: Any) => v.name === 'data'),
    initContainers: byName((spec.initContainers ?? []).filter((c: Any) => !OWN_CONTAINERS.includes(c.name))),
    sidecars: byName(spec.containers.filter((c: Any) => c.name !== 'etcd')),
    security: security(spec, etcd),
    affinity: compact(spec.affinity),
    ...placement(spec),
    topologySpread: spec.topologySpreadConstraints,
    runtimeClassName: spec.runtimeClassName,
    schedulerName: spec.schedulerName,
    hostAliases: spec.hostAliases,
    shareProcessNamespace: spec.shareProcessNamespace ?? false,
    grace: spec.terminationGracePeriodSeconds ?? 30,
  };
}

function jobPod(template: Any, name: string): object {
  const { spec } = template;
  const container = spec.containers[0];
  const volume = (spec.volumes ?? []).find((v: Any) => v.persistentVolumeClaim);
  const mount = container.volumeMounts?.find((m: Any) => m.name === volume?.name);
  const folder = (container.env ?? []).find((e: Any) => e.name === 'ETCD_SNAPSHOTS_DIR')?.value ?? '/snapshots';
  const limit = (container.env ?? []).find(
    (e: Any) => (e.name as string).endsWith('SNAPSHOT_HISTORY_LIMIT') && e.name !== 'REMOTE_HISTORY_LIMIT',
  )?.value as string;
  return {
    labels: labels(template.metadata.labels),
    annotations: template.metadata.annotations,
    ...(name.endsWith('-snapshotter') && {
      claim: volume?.persistentVolumeClaim.claimName,
      folder: [mount?.subPath, (folder as string).replace(/^\/snapshots\/?/, '').replace(/\/$/, '')]
        .filter(Boolean)
        .join('/'),
      keep: Number(limit),
    }),
    account: spec.serviceAccountName,
    image: container.image,
    resources: resources(container.resources),
    ...placement(spec),
  };
}

function placement(spec: Any): object {
  // The chart's images are for Linux, too, but it does not say so.
  const nodeSelector = without(spec.nodeSelector ?? {}, ['kubernetes.io/os']);
  return { nodeSelector, tolerations: spec.tolerations, priorityClassName: spec.priorityClassName };
}

function security(spec: Any, container: Any): object {
  const both = { ...spec.securityContext, ...container.securityContext };
  return {
    user: both.runAsUser,
    group: both.runAsGroup,
    fsGroup: spec.securityContext?.fsGroup,
    fsGroupChangePolicy: spec.securityContext?.fsGroupChangePolicy,
    supplementalGroups: spec.securityContext?.supplementalGroups ?? [],
    seLinuxOptions: both.seLinuxOptions ?? spec.securityContext?.seLinuxOptions,
    sysctls: spec.securityContext?.sysctls ?? [],
    restricted: [
      both.runAsNonRoot,
      both.allowPrivilegeEscalation,
      both.readOnlyRootFilesystem,
      both.seccompProfile?.type,
    ],
  };
}

function probe(given: Any): object {
  const { httpGet: _httpGet, exec: _exec, ...times } = given;
  return { initialDelaySeconds: 0, ...times };
}

function resources(given: Any = {}): object {
  const amounts = (part: Any = {}): object =>
    Object.fromEntries(Object.entries(part as object).map(([key, value]) => [key, amount(value as string)]));
  return { requests: amounts(given.requests), limits: amounts(given.limits) };
}

/** How many members may be unavailable. */
function away(spec: Any, objects: Written[]): number {
  const replicas = Number(objects.find((o) => o.kind === 'StatefulSet')?.spec.replicas);
  const pods = (v: string | number): number =>
    typeof v === 'string' ? Math.ceil((Number(v.slice(0, -1)) * replicas) / 100) : v;
  return spec.maxUnavailable === undefined ? replicas - pods(spec.minAvailable) : pods(spec.maxUnavailable);
}

/** The clients that each port admits; `everybody` without a `from`. */
function networkPolicy(spec: Any): object {
  const rules: { [port: string]: unknown[] } = {};
  for (const rule of spec.ingress ?? []) {
    const from = rule.from ?? ['everybody'];
    for (const { port } of rule.ports ?? [{ port: 'any' }]) rules[port] = [...(rules[port] ?? []), ...from];
  }
  const everybody = (peers: unknown[]): unknown[] => (peers.includes('everybody') ? ['everybody'] : peers);
  const decides = spec.policyTypes.includes('Egress');
  const open = spec.egress?.some((e: object) => Object.keys(e).length === 0);
  const targets = (spec.egress ?? []).map((e: Any) => JSON.stringify(sorted(e)));
  return {
    podSelector: spec.podSelector,
    ingress: Object.fromEntries(
      Object.entries(rules).map(([port, peers]) => [
        port,
        everybody(peers)
          .map((p) => JSON.stringify(sorted(p)))
          .sort(),
      ]),
    ),
    egress: !decides ? 'as others decide' : open ? 'everywhere' : [...new Set(targets)].sort(),
  };
}

function amount(quantity: string | number): number {
  return Number(parseQuantity(String(quantity))) / 1000;
}

function labels(given: { readonly [key: string]: string } | undefined): object {
  return without(given ?? {}, LIBRARY_LABELS);
}

function without(map: object, keys: string[]): object {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

function byName(items: Any[]): object {
  return Object.fromEntries(items.map((item) => [item.name, without(item, ['name'])]));
}

function compact(value: Any): unknown {
  return value && Object.fromEntries(Object.entries(value as object).filter(([, v]) => v !== null));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, v]) => [key, sorted(v)]),
  );
}

/** Leaves by path. Lists are leaves; absent, null and empty values are omitted. */
function flatten(value: object, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, v]: [string, unknown]): [string, unknown][] => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (v === undefined || v === null) return [];
    if (Array.isArray(v)) return v.length === 0 ? [] : [[path, sorted(v)]];
    return typeof v === 'object' ? flatten(v, path) : [[path, v]];
  });
}
