import { type Anything, q, refuses } from '../../support/refusals';

const env = (value: Anything) => ({ extraEnv: [{ name: 'A', ...value }] });
const from = (valueFrom: Anything) => env({ valueFrom });

refuses([
  [env({ value: 5 }), 'extraEnv[0].value: expected a string, got 5'],
  [from({}), 'extraEnv[0].valueFrom: expected one of fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef'],
  [
    from({ secretKeyRef: { name: 'a', key: 'b' }, fieldRef: { fieldPath: 'metadata.name' } }),
    'extraEnv[0].valueFrom.secretKeyRef: cannot be combined with fieldRef',
  ],
  [
    from({ fieldRef: { fieldPath: 'spec.replicas' } }),
    'extraEnv[0].valueFrom.fieldRef.fieldPath: expected a field of the pod',
  ],
  [
    from({ fieldRef: { fieldPath: "metadata.labels['a b']" } }),
    'extraEnv[0].valueFrom.fieldRef.fieldPath: expected a label key',
  ],
  [
    from({ resourceFieldRef: { resource: 'limits.gpu' } }),
    'extraEnv[0].valueFrom.resourceFieldRef.resource: expected limits or requests',
  ],
  [
    from({ resourceFieldRef: { resource: 'limits.cpu', divisor: q('1Mi') } }),
    'extraEnv[0].valueFrom.resourceFieldRef.divisor: expected one of 1m, 1',
  ],
  [
    from({ secretKeyRef: { name: 'a', key: 'b/c' } }),
    'extraEnv[0].valueFrom.secretKeyRef.key: expected a key of a Secret',
  ],
  [from({ configMapKeyRef: { key: 'a' } }), 'extraEnv[0].valueFrom.configMapKeyRef.name: is required'],
  [{ extraEnvFrom: [{}] }, 'extraEnvFrom[0]: expected one of configMapRef, secretRef'],
  [
    { extraEnvFrom: [{ configMapRef: { name: 'a' }, secretRef: { name: 'b' } }] },
    'extraEnvFrom[0].secretRef: cannot be combined with configMapRef',
  ],
  [{ extraEnvFrom: [{ prefix: '1', secretRef: { name: 'b' } }] }, 'extraEnvFrom[0].prefix: expected a variable name'],
  [{ extraEnvFrom: [{ secretRef: {} }] }, 'extraEnvFrom[0].secretRef.name: is required'],
  [
    from({ fieldRef: { apiVersion: 'v2', fieldPath: 'metadata.name' } }),
    'extraEnv[0].valueFrom.fieldRef.apiVersion: expected v1',
  ],
  [
    from({ secretKeyRef: { name: 'A', key: 'b' } }),
    'extraEnv[0].valueFrom.secretKeyRef.name: expected a DNS subdomain',
  ],
  [{ extraEnvFrom: [{ secretRef: { name: 'A' } }] }, 'extraEnvFrom[0].secretRef.name: expected a DNS subdomain'],
  [{ extraEnvFrom: [{ configMapRef: {} }] }, 'extraEnvFrom[0].configMapRef.name: is required'],
]);
