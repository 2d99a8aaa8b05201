import { FLAG, LIST, MAP, oneOf, TEXT, TEXT_MAP, TEXTS, WHOLE, WHOLE_OR_NOTHING } from '../shapes';
import type { Json, JsonObject } from '../json';
import { dropped, mapped, refused, replaced, under, type Verdicts } from './types';

export const PRESETS = oneOf('none', 'nano', 'micro', 'small', 'medium', 'large', 'xlarge', '2xlarge');
const RESTRICTED = 'all pods follow Pod Security "restricted"';
const OWN_PROBES =
  'probes are plain HTTP requests to etcd’s /livez and /readyz; remove it, or patch cluster.statefulSet';

/** A security context, whose `to` is `cluster.security` for members. */
export function context(prop: (shape: typeof TEXT, initial: Json, when: string) => Verdicts[string]): Verdicts {
  const pod = (name: string) => `podSecurityContext.${name}`;
  const container = (name: string) => `containerSecurityContext.${name}`;
  return {
    [pod('enabled')]: prop(FLAG, true, ''),
    [pod('fsGroupChangePolicy')]: replaced('OnRootMismatch, which is quicker on large volumes', TEXT, 'Always'),
    [pod('sysctls')]: prop(LIST, [], pod('enabled')),
    [pod('supplementalGroups')]: prop(LIST, [], pod('enabled')),
    [pod('fsGroup')]: prop(WHOLE_OR_NOTHING, 1001, pod('enabled')),
    [container('enabled')]: replaced(RESTRICTED, FLAG, true),
    [container('seLinuxOptions')]: prop(MAP, {}, container('enabled')),
    [container('runAsUser')]: prop(WHOLE_OR_NOTHING, 1001, container('enabled')),
    [container('runAsGroup')]: prop(WHOLE_OR_NOTHING, 1001, container('enabled')),
    [container('runAsNonRoot')]: replaced(RESTRICTED, FLAG, true),
    [container('privileged')]: replaced(RESTRICTED, FLAG, false),
    [container('allowPrivilegeEscalation')]: replaced(RESTRICTED, FLAG, false),
    [container('readOnlyRootFilesystem')]: replaced(RESTRICTED, FLAG, true),
    [container('capabilities.drop')]: replaced(RESTRICTED, TEXTS, ['ALL']),
    [container('seccompProfile.type')]: replaced(RESTRICTED, TEXT, 'RuntimeDefault'),
  };
}

const notRoot = (id: number): string | undefined =>
  id === 0 ? 'Pod Security "restricted" refuses root; use 1001, which owns the files of Bitnami’s image' : undefined;

function probe(name: string, enabled: boolean, times: { readonly [name: string]: number }): Verdicts {
  const once = (n: number): string | undefined => (n === 1 ? undefined : 'Kubernetes accepts only 1; remove it');
  return {
    [`${name}.enabled`]: mapped(`cluster.${name}`, FLAG, enabled, { ownDefault: true }),
    ...Object.fromEntries(
      Object.entries(times).map(([key, initial]) => {
        const more = { when: `${name}.enabled` };
        const fixed = key === 'successThreshold' && name !== 'readinessProbe';
        return [
          `${name}.${key}`,
          fixed
            ? replaced('1, the only number that Kubernetes accepts', WHOLE, initial, { ...more, unless: once })
            : mapped(`cluster.${name}`, WHOLE, initial, { ...more, ownDefault: true }),
        ];
      }),
    ),
  };
}

const PROBES: Verdicts = {
  ...probe('livenessProbe', true, {
    initialDelaySeconds: 60,
    periodSeconds: 30,
    timeoutSeconds: 5,
    successThreshold: 1,
    failureThreshold: 5,
  }),
  ...probe('readinessProbe', true, {
    initialDelaySeconds: 60,
    periodSeconds: 10,
    timeoutSeconds: 5,
    successThreshold: 1,
    failureThreshold: 5,
  }),
  ...probe('startupProbe', false, {
    initialDelaySeconds: 0,
    periodSeconds: 10,
    timeoutSeconds: 5,
    successThreshold: 1,
    failureThreshold: 60,
  }),
  customLivenessProbe: refused(OWN_PROBES, MAP, {}),
  customReadinessProbe: refused(OWN_PROBES, MAP, {}),
  customStartupProbe: refused(OWN_PROBES, MAP, {}),
};

const PLACEMENT: Verdicts = {
  podAffinityPreset: mapped('cluster.affinity', oneOf('', 'soft', 'hard'), ''),
  podAntiAffinityPreset: mapped('cluster.antiAffinity', oneOf('', 'soft', 'hard'), 'soft'),
  'nodeAffinityPreset.type': mapped('cluster.affinity', oneOf('', 'soft', 'hard'), ''),
  'nodeAffinityPreset.key': mapped('cluster.affinity', TEXT, ''),
  'nodeAffinityPreset.values': mapped('cluster.affinity', TEXTS, []),
  affinity: mapped('cluster.affinity', MAP, {}),
  nodeSelector: mapped('cluster.nodeSelector', TEXT_MAP, {}),
  tolerations: mapped('cluster.tolerations', LIST, []),
  topologySpreadConstraints: mapped('cluster.topologySpreadConstraints', LIST, []),
  priorityClassName: mapped('cluster.priorityClassName', TEXT, ''),
  runtimeClassName: mapped('cluster.runtimeClassName', TEXT, ''),
  schedulerName: mapped('cluster.schedulerName', TEXT, ''),
  hostAliases: mapped('cluster.hostAliases', LIST, []),
  shareProcessNamespace: mapped('cluster.shareProcessNamespace', FLAG, false),
  terminationGracePeriodSeconds: mapped('cluster.terminationGracePeriod', WHOLE_OR_NOTHING, '', { ownDefault: true }),
};

/** A hook that removes a member from the cluster each time its pod stops. */
const PRESTOP = /prestop\.sh/;

const CONTENT: Verdicts = {
  podAnnotations: mapped('cluster.podAnnotations', TEXT_MAP, {}),
  podLabels: mapped('cluster.podLabels', TEXT_MAP, {}),
  automountServiceAccountToken: dropped('members do not talk to the API server', FLAG, false, { missed: true }),
  extraEnvVars: mapped('cluster.extraEnv', LIST, []),
  extraEnvVarsCM: mapped('cluster.extraEnvFrom', TEXT, ''),
  extraEnvVarsSecret: mapped('cluster.extraEnvFrom', TEXT, ''),
  extraVolumes: mapped('cluster.extraVolumes', LIST, []),
  extraVolumeMounts: mapped('cluster.extraVolumeMounts', LIST, []),
  initContainers: mapped('cluster.initContainers', LIST, []),
  sidecars: mapped('cluster.sidecars', LIST, []),
  command: refused('the library starts etcd itself; use props and extraEnv instead', TEXTS, []),
  args: refused(
    'only Bitnami’s entrypoint reads them, and it does not run here; set etcd’s flags as ETCD_... in extraEnvVars',
    TEXTS,
    [],
  ),
  lifecycleHooks: refused(
    'the library transfers leadership in its own preStop hook; remove it',
    MAP,
    {},
    {
      unless: (hooks: JsonObject) => {
        if (Object.keys(hooks).length === 0 || PRESTOP.test(JSON.stringify(hooks))) return undefined;
        return 'the library transfers leadership in its own preStop hook; remove it';
      },
    },
  ),
  configuration: dropped('it never had an effect: the chart writes it to a file that etcd does not read', TEXT, ''),
  existingConfigmap: refused(
    'with a configuration file, etcd ignores all environment variables; move its settings to parameters of the chart, or to extraEnvVars',
    TEXT,
    '',
  ),
  maxProcs: mapped('cluster.extraEnv', TEXT, ''),
  autoCompactionMode: mapped('cluster.autoCompaction', oneOf('', 'periodic', 'revision'), ''),
  autoCompactionRetention: mapped('cluster.autoCompaction', TEXT, ''),
  initialClusterToken: mapped('cluster.clusterToken', TEXT, 'etcd-cluster-k8s'),
  logLevel: mapped('cluster.logLevel', oneOf('debug', 'info', 'warn', 'error', 'panic', 'fatal'), 'info'),
  resources: mapped('cluster.resources', MAP, {}),
  resourcesPreset: mapped('cluster.resources', PRESETS, 'micro'),
};

const SHAPE: Verdicts = {
  replicaCount: mapped('cluster.replicas', WHOLE, 1, {
    unless: (n: number) =>
      n >= 1 && n <= 9 ? undefined : 'expected 1 to 9 members; use 3, or 5 to tolerate two failures',
  }),
  'updateStrategy.type': mapped('cluster.updateStrategy', oneOf('RollingUpdate', 'OnDelete'), 'RollingUpdate'),
  'updateStrategy.rollingUpdate': mapped(
    'cluster.updateStrategy',
    MAP,
    {},
    {
      unless: (o: JsonObject) =>
        Object.keys(o).every((key) => key === 'partition')
          ? undefined
          : 'only partition is supported, because members restart one at a time; remove the other keys',
    },
  ),
  podManagementPolicy: replaced('members start together (Parallel)', oneOf('Parallel', 'OrderedReady'), 'Parallel', {
    unless: (policy: string) =>
      policy === 'Parallel'
        ? undefined
        : 'members start together, and the field is immutable; delete the StatefulSet with kubectl delete statefulset --cascade=orphan, which keeps ' +
          'pods and claims, then import with podManagementPolicy: Parallel',
  }),
  ...under('containerPorts', {
    client: mapped('cluster.ports', WHOLE, 2379),
    peer: mapped('cluster.ports', WHOLE, 2380),
    metrics: mapped('cluster.ports', WHOLE, 9090, { when: 'metrics.useSeparateEndpoint' }),
  }),
};

const STORAGE: Verdicts = {
  ...under('persistence', {
    enabled: mapped('cluster.storage', FLAG, true),
    ...Object.fromEntries(
      Object.entries({
        storageClass: [TEXT, ''],
        annotations: [TEXT_MAP, {}],
        labels: [TEXT_MAP, {}],
        accessModes: [TEXTS, ['ReadWriteOnce']],
        size: [TEXT, '8Gi'],
        selector: [MAP, {}],
      } as const).map(([name, [shape, initial]]) => [
        name,
        mapped('cluster.storage', shape, initial, { when: 'persistence.enabled' }),
      ]),
    ),
  }),
  extraVolumeClaimTemplates: mapped('cluster.extraVolumeClaimTemplates', LIST, [], { when: 'persistence.enabled' }),
  ...under('persistentVolumeClaimRetentionPolicy', {
    enabled: mapped('cluster.claimRetentionPolicy', FLAG, false, { when: 'persistence.enabled' }),
    whenScaled: mapped('cluster.claimRetentionPolicy', oneOf('Retain', 'Delete'), 'Retain', {
      when: 'persistentVolumeClaimRetentionPolicy.enabled',
    }),
    whenDeleted: mapped('cluster.claimRetentionPolicy', oneOf('Retain', 'Delete'), 'Retain', {
      when: 'persistentVolumeClaimRetentionPolicy.enabled',
    }),
  }),
};

/** The members: StatefulSet, volumes and pods. */
export const POD: Verdicts = {
  ...SHAPE,
  ...STORAGE,
  ...context((shape, initial, when) =>
    mapped('cluster.security', shape, initial, {
      ...(when && { when }),
      ...(shape === WHOLE_OR_NOTHING && { unless: notRoot }),
    }),
  ),
  ...PROBES,
  ...PLACEMENT,
  ...CONTENT,
};
