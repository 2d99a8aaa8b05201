import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KubernetesVersion, schemaProblems } from './schemas';

const VERSIONS: KubernetesVersion[] = ['1.28', '1.36'];

function statefulSet(container: object = {}, spec: object = {}) {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'etcd', labels: { app: 'etcd' } },
    spec: {
      replicas: 3,
      serviceName: 'etcd-peer',
      selector: { matchLabels: { app: 'etcd' } },
      template: {
        metadata: { labels: { app: 'etcd' } },
        spec: {
          containers: [
            {
              name: 'etcd',
              image: 'example.org/etcd:v3.5.21',
              ports: [{ name: 'client', containerPort: 2379 }],
              resources: { requests: { cpu: 2, memory: '8Gi' } },
              livenessProbe: { httpGet: { path: '/health', port: 'metrics' } },
              ...container,
            },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '8Gi' } } },
        },
      ],
      ...spec,
    },
  };
}

const podMonitor = (endpoint: object = {}) => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PodMonitor',
  metadata: { name: 'etcd', namespace: 'etcd-cluster' },
  spec: {
    selector: { matchLabels: { app: 'etcd' } },
    podMetricsEndpoints: [{ port: 'metrics', interval: '10s', ...endpoint }],
  },
});

const rules = (rule: object) => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: 'etcd' },
  spec: { groups: [{ name: 'etcd', rules: [rule] }] },
});

const FINE: [string, object][] = [
  ['StatefulSet', statefulSet()],
  [
    'Service',
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'etcd' },
      spec: { clusterIP: 'None', ports: [{ port: 2379, targetPort: 'client' }], publishNotReadyAddresses: true },
    },
  ],
  [
    'PodDisruptionBudget',
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'etcd' },
      spec: { minAvailable: '51%', selector: { matchLabels: { app: 'etcd' } } },
    },
  ],
  [
    'CronJob',
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'etcd-snapshot' },
      spec: {
        schedule: '*/30 * * * *',
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'snapshot', image: 'etcd' }] } } },
        },
      },
    },
  ],
  ['Secret', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'etcd' }, data: { password: 'c2VjcmV0' } }],
  ['PodMonitor', podMonitor({ bearerTokenSecret: { name: 'token', key: 'token' } })],
  ['PrometheusRule', rules({ alert: 'EtcdNoLeader', expr: 'etcd_server_has_leader == 0', for: '1m' })],
];

const WRONG: [string, object, string[]][] = [
  [
    'an unknown field deep in a container',
    statefulSet({ securityContext: { runAsNonroot: true } }),
    ['spec.template.spec.containers[0].securityContext.runAsNonroot: is not a field of the schema'],
  ],
  ['an unknown field at the top', { ...statefulSet(), speck: {} }, ['speck: is not a field of the schema']],
  ['a string where a number belongs', statefulSet({}, { replicas: '3' }), ['spec.replicas: must be integer, got "3"']],
  [
    'a number where a string belongs',
    statefulSet({ env: [{ name: 'ETCD_ELECTION_TIMEOUT', value: 2000 }] }),
    ['spec.template.spec.containers[0].env[0].value: must be string, got 2000'],
  ],
  ['a null', statefulSet({}, { updateStrategy: null }), ['spec.updateStrategy: must be object, got null']],
  [
    'a missing required field',
    statefulSet({ ports: [{ name: 'client' }] }),
    ['spec.template.spec.containers[0].ports[0].containerPort: is required'],
  ],
  ['missing metadata', { apiVersion: 'v1', kind: 'ConfigMap' }, ['metadata: is required']],
  [
    'a quantity that is none',
    statefulSet({ resources: { requests: { memory: '8GiB' } } }),
    [expect.stringMatching(/^spec\.template\.spec\.containers\[0\]\.resources\.requests\.memory: .*, got "8GiB"$/)],
  ],
  [
    'a number that does not fit',
    statefulSet({}, { replicas: 2 ** 31 }),
    ['spec.replicas: must match format "int32", got 2147483648'],
  ],
  [
    'secret data that is not base64',
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'etcd' }, data: { password: 'a secret' } },
    ['data.password: must match format "byte", got "a secret"'],
  ],
  [
    'an unknown field of a custom resource',
    podMonitor({ intervall: '10s' }),
    ['spec.podMetricsEndpoints[0].intervall: is not a field of the schema'],
  ],
  [
    'a value that a custom resource does not take',
    podMonitor({ scheme: 'ftp' }),
    ['spec.podMetricsEndpoints[0].scheme: must be equal to one of the allowed values, got "ftp"'],
  ],
  [
    'a value that does not match a pattern without case',
    {
      ...rules({ expr: '1' }),
      spec: { groups: ['WARN', 'ABORT', 'stop'].map((s) => ({ name: s, partial_response_strategy: s })) },
    },
    [
      'spec.groups[2].partial_response_strategy: must match pattern "^([aA][bB][oO][rR][tT]|[wW][aA][rR][nN])?$", got "stop"',
    ],
  ],
  [
    'an unknown field of the metadata of a custom resource',
    { ...rules({ expr: '1' }), metadata: { name: 'etcd', label: {} } },
    ['metadata.label: is not a field of the schema'],
  ],
  [
    'several mistakes at once',
    statefulSet({ imagee: 'x', ports: 'y' }, { serviceName: 1 }),
    [
      'spec.serviceName: must be string, got 1',
      'spec.template.spec.containers[0].imagee: is not a field of the schema',
      'spec.template.spec.containers[0].ports: must be array, got "y"',
    ],
  ],
];

describe.each(VERSIONS)('schemaProblems of Kubernetes %s', (version) => {
  test.each(FINE)('a fine %s has none', (_kind, object) => {
    expect(schemaProblems(object, version)).toEqual([]);
  });

  test.each(WRONG)('%s is found', (_what, object, problems) => {
    expect(schemaProblems(object, version).sort()).toEqual(problems);
  });

  test('an unknown kind and an unknown version of a kind are problems', () => {
    const metadata = { name: 'etcd' };
    const unknown = (name: string) => [`kind: ${name} is unknown; tools/update-schemas.mjs lists the kinds`];
    expect(schemaProblems({ apiVersion: 'apps/v1', kind: 'StatefulSets', metadata }, version)).toEqual(
      unknown('apps/v1 StatefulSets'),
    );
    expect(schemaProblems({ ...statefulSet(), apiVersion: 'apps/v1beta1' }, version)).toEqual(
      unknown('apps/v1beta1 StatefulSet'),
    );
    expect(schemaProblems({ metadata }, version)).toEqual(unknown('undefined undefined'));
  });

  test('what is not an object is a problem', () => {
    expect(schemaProblems(null, version)).toEqual(['expected a manifest, got null']);
    expect(schemaProblems([statefulSet()], version)).toHaveLength(1);
  });
});

test.each(['kubernetes-1.28', 'kubernetes-1.36', 'monitoring.coreos.com'])(
  'every kind of %s.json can be used',
  (name) => {
    const file = readFileSync(join(__dirname, '..', 'schemas', `${name}.json`), 'utf8');
    const { kinds } = JSON.parse(file) as { kinds: object };
    const version = name === 'kubernetes-1.36' ? '1.36' : '1.28';
    for (const [apiVersion, kind] of Object.keys(kinds).map((key) => key.split(' '))) {
      expect(schemaProblems({ apiVersion, kind, metadata: {}, typo: 1 }, version)).toContain(
        'typo: is not a field of the schema',
      );
    }
  },
);

test('a field that only the newer Kubernetes has is a problem for the older one', () => {
  const object = statefulSet({ restartPolicyRules: [] });
  expect(schemaProblems(object, '1.28')).toEqual([
    'spec.template.spec.containers[0].restartPolicyRules: is not a field of the schema',
  ]);
  expect(schemaProblems(object, '1.36')).toEqual([]);
});
