import { labelKeyProblem } from '../../grammar/labels';
import { dnsSubdomainProblem, envNameProblem, secretKeyProblem } from '../../grammar/names';
import type { Json, k8s } from '../../kubernetes';
import { text, type Grammar } from '../values';
import { all, fields, needs, oneField, rule } from './fields';
import type { Values } from './kube';

export const OBJECT_NAME = text(dnsSubdomainProblem);
export const DATA_KEY = text(secretKeyProblem);

const ENV_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const FILE_FIELDS = ['metadata.name', 'metadata.namespace', 'metadata.uid', 'metadata.labels', 'metadata.annotations'];

function podField(known: readonly string[]): Grammar {
  return (path) => {
    const [, kind, key = ''] = /^metadata\.(labels|annotations)\['(.*)'\]$/s.exec(path) ?? [];
    if (kind !== undefined) return labelKeyProblem(kind === 'annotations' ? key.toLowerCase() : key);
    return known.includes(path)
      ? undefined
      : `expected a field of the pod: one of ${known.join(', ')}, or metadata.labels['<key>'] or metadata.annotations['<key>']`;
  };
}

function fieldRef(known: readonly string[]) {
  return fields<Json<k8s.ObjectFieldSelector>>({
    apiVersion: text((v) => (v === 'v1' ? undefined : 'expected v1')),
    fieldPath: text(podField(known)),
  });
}

/** What `resourceFieldRef` may name, and in which divisors. */
const DIVISORS: readonly (readonly [resource: RegExp, divisors: readonly string[]])[] = [
  [/^(limits|requests)\.cpu$/, ['1m', '1']],
  [/^(limits|requests)\.(memory|ephemeral-storage|hugepages-.+)$/, divisorsOfBytes()],
];

function divisorsOfBytes(): string[] {
  return ['1', ...[...'kMGTPE'], ...[...'KMGTPE'].map((prefix) => `${prefix}i`)].map((unit) =>
    unit === '1' ? unit : `1${unit}`,
  );
}

type ResourceRef = Json<k8s.ResourceFieldSelector>;

const RESOURCE_REF = fields<ResourceRef>(
  {
    resource: text((v) =>
      DIVISORS.some(([resource]) => resource.test(v))
        ? undefined
        : 'expected limits or requests of cpu, memory or ephemeral-storage, such as limits.memory',
    ),
  },
  (ref, path, problems) => {
    const divisors = DIVISORS.find(([resource]) => resource.test(ref.resource))?.[1];
    const divisor = String(ref.divisor ?? '0');
    if (divisors && divisor !== '0' && !divisors.includes(divisor) && !problems.touch(`${path}.divisor`))
      problems.add(`${path}.divisor`, `expected one of ${divisors.join(', ')}`, divisor);
  },
);

/** A file with a field of the pod, or with a resource of a container. */
export const FILE_FIELD = fieldRef(FILE_FIELDS);
export const FILE_RESOURCE = fields<ResourceRef>({}, RESOURCE_REF, needs('containerName'));

const KEY_REF = fields<Json<k8s.SecretKeySelector>>({ name: OBJECT_NAME, key: DATA_KEY }, needs('name'));
/** A key of a Secret or of a ConfigMap. */
export const SECRET_KEY_REF = KEY_REF;

type EnvVar = Json<k8s.EnvVar>;

const ENV_SOURCE = fields<Json<k8s.EnvVarSource>>(
  { fieldRef: fieldRef(ENV_FIELDS), resourceFieldRef: RESOURCE_REF, secretKeyRef: KEY_REF, configMapKeyRef: KEY_REF },
  oneField('fieldRef', 'resourceFieldRef', 'secretKeyRef', 'configMapKeyRef'),
);

/** @see https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/ */
export const ENV_VAR: Values<EnvVar> = all<EnvVar>(
  rule(
    'valueFrom',
    ({ value = '', valueFrom }) => value === '' || valueFrom === undefined,
    'cannot be combined with value; keep one of them',
  ),
  fields<EnvVar>({ name: text(envNameProblem), valueFrom: ENV_SOURCE }),
);

const SOURCE = fields<Json<k8s.SecretEnvSource>>({ name: OBJECT_NAME }, needs('name'));

/** @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/#configure-all-key-value-pairs-in-a-configmap-as-container-environment-variables */
export const ENV_FROM = fields<Json<k8s.EnvFromSource>>(
  {
    prefix: text((v) => (v === '' ? undefined : envNameProblem(v))),
    configMapRef: SOURCE,
    secretRef: SOURCE,
  },
  oneField('configMapRef', 'secretRef'),
);
