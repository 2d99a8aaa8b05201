import type { Finding } from './context';
import { isMap } from './json';
import type { Values } from './values';

const ZERO_IS_NOTHING = [
  'pdb.minAvailable',
  'pdb.maxUnavailable',
  'service.ports.client',
  'service.port',
  'service.nodePorts.client',
  'service.nodePorts.clientPort',
];

/** What overrides these parameters in the chart, or undefined. Such parameters are read, but have no effect. */
const RULES: readonly {
  readonly parameters: readonly string[];
  by(v: Values): string | undefined;
}[] = [
  {
    parameters: ['logLevel'],
    by: (v) => (v.flag('image.debug') ? 'image.debug is on' : variable(v, 'ETCD_LOG_LEVEL')),
  },
  { parameters: ['image.debug'], by: (v) => variable(v, 'ETCD_LOG_LEVEL') },
  {
    parameters: ['initialClusterToken'],
    by: (v) =>
      variable(v, 'ETCD_INITIAL_CLUSTER_TOKEN') ??
      (v.number('replicaCount') > 1 ? undefined : 'with one member, the chart does not set it'),
  },
  { parameters: ['autoCompactionMode'], by: (v) => variable(v, 'ETCD_AUTO_COMPACTION_MODE') },
  { parameters: ['autoCompactionRetention'], by: (v) => variable(v, 'ETCD_AUTO_COMPACTION_RETENTION') },
  { parameters: ['service.port'], by: (v) => set(v, 'service.ports.client') },
  { parameters: ['service.nodePorts.clientPort'], by: (v) => set(v, 'service.nodePorts.client') },
  {
    parameters: ['service.nodePorts.metrics'],
    by: (v) => (v.text('service.type') === 'ClusterIP' ? 'service.type is ClusterIP' : undefined),
  },
  { parameters: ['persistence.storageClass', 'global.defaultStorageClass'], by: (v) => set(v, 'global.storageClass') },
  { parameters: ['global.defaultStorageClass'], by: (v) => set(v, 'persistence.storageClass') },
  { parameters: ['resourcesPreset'], by: (v) => (isFilled(v, 'resources') ? 'resources is set' : undefined) },
  ...['disasterRecovery.cronjob', 'defrag.cronjob'].map((job) => ({
    parameters: [`${job}.resourcesPreset`],
    by: (v: Values) => (isFilled(v, `${job}.resources`) ? `${job}.resources is set` : undefined),
  })),
  {
    parameters: [
      'podAffinityPreset',
      'podAntiAffinityPreset',
      ...['type', 'key', 'values'].map((name) => `nodeAffinityPreset.${name}`),
    ],
    by: (v) => (isFilled(v, 'affinity') ? 'affinity is set' : undefined),
  },
  {
    parameters: ['nodeAffinityPreset.key', 'nodeAffinityPreset.values'],
    by: (v) => (v.text('nodeAffinityPreset.type') === '' ? 'nodeAffinityPreset.type is empty' : undefined),
  },
  {
    parameters: ['disasterRecovery.pvc.size', 'disasterRecovery.pvc.storageClassName'],
    by: (v) => set(v, 'disasterRecovery.pvc.existingClaim') ?? set(v, 'startFromSnapshot.existingClaim'),
  },
  {
    parameters: ['pdb.minAvailable'],
    by: (v) => (isNonzero(v, 'pdb.maxUnavailable') ? 'pdb.maxUnavailable is set' : undefined),
  },
  ...ZERO_IS_NOTHING.map((parameter) => ({
    parameters: [parameter],
    by: (v: Values) => (v.get(parameter) === 0 ? 'Helm treats 0 as empty' : undefined),
  })),
];

/** Parameters of the file that another one overrides. */
export function overruled(v: Values): Finding[] {
  const found = new Map<string, string>();
  for (const { parameters, by } of RULES)
    for (const parameter of parameters) {
      const reason = v.line(parameter) !== undefined && v.isRead(parameter) ? by(v) : undefined;
      if (reason !== undefined && !found.has(parameter)) found.set(parameter, `has no effect: ${reason}`);
    }
  return [...found].map(([parameter, text]) => ({
    kind: 'unused',
    parameter,
    line: v.line(parameter),
    text,
    changes: [parameter],
  }));
}

function variable(v: Values, name: string): string | undefined {
  return v.list('extraEnvVars').some((item) => isMap(item) && item.name === name)
    ? `extraEnvVars has ${name}`
    : undefined;
}

function set(v: Values, parameter: string): string | undefined {
  return v.text(parameter) !== '' && v.isRead(parameter) ? `${parameter} is ${v.text(parameter)}` : undefined;
}

function isFilled(v: Values, parameter: string): boolean {
  return Object.keys(v.map(parameter)).length > 0;
}

function isNonzero(v: Values, parameter: string): boolean {
  return v.get(parameter) !== '' && v.get(parameter) !== 0;
}
