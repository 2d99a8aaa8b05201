import { ApiObject, Chart, Testing } from 'cdk8s';
import { EtcdClientCertificate, EtcdCluster, EtcdTls } from '../../src';
import { cluster, exposed, problemsIn } from '../support/apps';
import { problemsOf } from '../support/synth';

/** As a caller from JavaScript, without a compiler that checks types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- objects of the user have any shape
type Anything = any;

const memberLabels = {
  'app.kubernetes.io/name': 'etcd',
  'app.kubernetes.io/instance': 'etcd',
  'app.kubernetes.io/component': 'etcd',
};
const template = { metadata: { labels: { ...memberLabels, more: 'x' } } };

/** The user's own object besides the cluster `etcd`, and the expected problems. */
const FOREIGN: [string, Anything, string?][] = [
  ['a ConfigMap', { kind: 'ConfigMap', metadata: { name: 'etcd' } }],
  [
    'settings',
    { kind: 'ConfigMap', metadata: { name: 'etcd-settings' } },
    'ConfigMap ns/etcd-settings: is also created',
  ],
  ['a Service', { kind: 'Service', metadata: { name: 'etcd' } }, 'Service ns/etcd: is also created by mine/Mine'],
  ['a Service elsewhere', { kind: 'Service', metadata: { name: 'etcd', namespace: 'other' } }],
  ['a Service of Knative', { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'etcd' } }],
  [
    'a StatefulSet',
    { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'etcd' } },
    'StatefulSet ns/etcd: is also created by mine/Mine',
  ],
  ['a Pod', { kind: 'Pod', metadata: { name: 'etcd-0' } }, 'Pod ns/etcd-0: is also created by mine/Mine, for a member'],
  [
    'a Secret',
    { kind: 'Secret', metadata: { name: 'etcd-server-tls' } },
    'Secret ns/etcd-server-tls: is also created by mine/Mine, for a certificate',
  ],
  [
    'the Secret of a CA',
    { kind: 'Secret', metadata: { name: 'etcd-ca-peer' } },
    'Secret ns/etcd-ca-peer: is also created by mine/Mine, for a certificate',
  ],
  [
    'a Certificate for the same Secret',
    {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'x' },
      spec: { secretName: 'etcd-client-tls' },
    },
    'Secret ns/etcd-client-tls: is also created by mine/Mine, for a certificate',
  ],
  ['a claim for a member', { kind: 'PersistentVolumeClaim', metadata: { name: 'data-etcd-0' } }],
  [
    'a Deployment with the labels of members',
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' }, spec: { template } },
    'selector: the pods of Deployment mine/Mine have the labels of the members, so Services would route clients to them; change their labels',
  ],
  [
    'a CronJob with the labels of members',
    { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'x' }, spec: { jobTemplate: { spec: { template } } } },
    'selector: the pods of CronJob mine/Mine have the labels of the members',
  ],
  [
    'a Pod with the labels of members',
    { kind: 'Pod', metadata: { name: 'x', labels: memberLabels } },
    'selector: the pods of Pod mine/Mine have the labels of the members',
  ],
  [
    'a Pod with some of the labels',
    { kind: 'Pod', metadata: { name: 'x', labels: { ...memberLabels, 'app.kubernetes.io/component': 'proxy' } } },
  ],
  [
    'a node port',
    { kind: 'Service', metadata: { name: 'x', namespace: 'other' }, spec: { ports: [{ port: 80, nodePort: 30_000 }] } },
    'clientService.nodePort: is already used by mine/Mine, got 30000; choose another',
  ],
];

test.each(FOREIGN)('%s of the user’s own', (_name, object, ...expected) => {
  const problems = problemsIn((chart) => {
    cluster(chart('a'), { name: 'etcd', tls: EtcdTls.fromOwnCa(), clientService: exposed(30_000) });
    new ApiObject(chart('mine'), 'Mine', { apiVersion: 'v1', ...object });
  });
  expect(problems).toEqual(expected.map((text) => expect.stringContaining(`[a/Etcd] ${text}`)));
});

test('the Secret of a client certificate', () => {
  const problems = problemsIn((chart) => {
    const own = chart('a');
    const etcd = cluster(own, { name: 'etcd', tls: EtcdTls.fromOwnCa() });
    new EtcdClientCertificate(own, 'App', { cluster: etcd, name: 'app-etcd', commonName: 'app' });
    new ApiObject(chart('mine'), 'Mine', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'app-etcd' } });
  });
  expect(problems).toEqual([
    expect.stringContaining('[a/App] Secret ns/app-etcd: is also created by mine/Mine, for a certificate'),
  ]);
});

test('a cluster without a name clashes with nothing', () => {
  const problems = problemsIn((chart) => {
    for (const id of ['a', 'b']) cluster(chart(id), { name: 'Bad' }).addDefrag();
    for (const id of ['c', 'd']) EtcdCluster.fromBitnamiValues(chart(id), 'Etcd', {} as Anything);
  });
  expect(problems.filter((line) => line.includes('invalid') || line.includes('also'))).toEqual([]);
  expect(problems.filter((line) => line.includes('] name: '))).toHaveLength(2);
});

test('what was removed from the tree, or is fixed, no longer clashes', () => {
  const app = Testing.app();
  const charts = ['a', 'b'].map((id) => new Chart(app, id, { namespace: 'ns' }));
  for (const chart of charts) cluster(chart, { name: 'etcd' });
  expect(problemsOf(() => app.synthYaml())).toHaveLength(1);
  charts[1]?.node.tryRemoveChild('Etcd');
  expect(problemsOf(() => app.synthYaml())).toEqual([]);
});
