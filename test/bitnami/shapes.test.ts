import { importValues } from '../../src/bitnami/import';

const relabeling = (item: string): string =>
  `metrics: { enabled: true, podMonitor: { enabled: true, relabelings: [${item}] } }`;

/** Values that are not maps, lists or words as the chart has them there. */
test.each([
  ['tolerations: [5]', 'tolerations: [0]: expected a map'],
  ['sidecars: [{ name: a, env: 5 }]', 'sidecars: [0]: expected the Kubernetes type, but a list or a map is missing'],
  ['extraEnvVars: [{ value: a }]', 'extraEnvVars: [0]: expected a map with a name'],
  ['persistence: { accessModes: [RWO] }', 'persistence.accessModes: expected ReadWriteOnce'],
  ['persistence: { accessModes: [] }', 'persistence.accessModes: expected ReadWriteOnce'],
  [
    'updateStrategy: { rollingUpdate: { partition: all } }',
    'updateStrategy.rollingUpdate: partition: expected a whole number',
  ],
  ['resources: { claims: [] }', 'resources: claims: expected requests and limits only'],
  ['resources: { limits: 5 }', 'resources: limits: expected a map'],
  [relabeling('5'), 'metrics.podMonitor.relabelings: [0]: expected a map'],
  [relabeling('{ regexp: a }'), 'metrics.podMonitor.relabelings: [0].regexp: unknown key in the Prometheus operator'],
  [relabeling('{ action: erase }'), 'metrics.podMonitor.relabelings: action: expected one of'],
  [
    'service: { sessionAffinity: ClientIP, sessionAffinityConfig: { clientIP: 5 } }',
    'service.sessionAffinityConfig: expected clientIP with timeoutSeconds',
  ],
])('%s', (values, expected) => {
  const release = { name: 'etcd', namespace: 'storage' };
  const { problems } = importValues(`auth: { rbac: { create: false } }\n${values}`, { release });
  expect(problems.map(({ parameter, text }) => `${parameter}: ${text}`)).toEqual([expect.stringContaining(expected)]);
});
