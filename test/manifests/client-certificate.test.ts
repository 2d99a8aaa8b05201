import type { App } from 'cdk8s';
import { Chart, Duration, Testing } from 'cdk8s';
import { EtcdClientCertificate, EtcdCluster, EtcdIssuer, EtcdKeyAlgorithm, EtcdTls } from '../../src';
import { problemsOf } from '../support/synth';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- wrong types are the point
type Anything = any;

const VAULT = EtcdIssuer.clusterIssuer('vault');
const APP = { name: 'app-etcd', commonName: 'app' };

function chartOf(tls: EtcdTls | undefined, options: Anything, namespace = 'etcd-cluster'): Chart {
  const app = Testing.app();
  const cluster = new EtcdCluster(new Chart(app, 'etcd', { namespace: 'etcd-cluster' }), 'Etcd', { name: 'etcd', tls });
  const chart = new Chart(app, 'app', { namespace });
  new EtcdClientCertificate(chart, 'Certificate', { cluster, ...options });
  return chart;
}

const certificateOf = (tls: EtcdTls, options: Anything, namespace?: string): Anything =>
  (Testing.synth(chartOf(tls, options, namespace)) as Anything[])[0];

test('a client in another namespace gets a certificate of the ClusterIssuer', () => {
  const tls = EtcdTls.fromIssuer(VAULT, { keyAlgorithm: EtcdKeyAlgorithm.RSA_4096 });
  expect(certificateOf(tls, { ...APP, lifetime: Duration.days(365) }, 'apps')).toMatchObject({
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: 'app-etcd', namespace: 'apps' },
    spec: {
      secretName: 'app-etcd',
      commonName: 'app',
      duration: '8760h',
      renewBefore: '2920h',
      privateKey: { algorithm: 'RSA', size: 4096, rotationPolicy: 'Always' },
      usages: ['digital signature', 'key encipherment', 'client auth'],
      issuerRef: { name: 'vault', kind: 'ClusterIssuer', group: 'cert-manager.io' },
    },
  });
});

test('a client in the namespace of the cluster gets a certificate of its own CA, with the lifetime of the others', () => {
  const { spec } = certificateOf(
    EtcdTls.fromOwnCa({ lifetime: Duration.days(30), renewBefore: Duration.days(9) }),
    APP,
  );
  expect(spec).toMatchObject({ duration: '720h', renewBefore: '240h' });
  expect(spec.issuerRef).toEqual({ name: 'etcd-ca', kind: 'Issuer', group: 'cert-manager.io' });
});

const SECRETS = { server: { name: 'a' }, peer: { name: 'b' }, client: { name: 'c' } };

test.each<[EtcdTls | undefined, Anything, string | undefined, string]>([
  [undefined, APP, undefined, 'cluster: has no tls, so clients need no certificate; set tls on the cluster'],
  [
    EtcdTls.fromSecrets(SECRETS),
    APP,
    undefined,
    'cluster: has certificates in Secrets, so cert-manager cannot issue one for a client; issue it with the CA of server',
  ],
  [
    EtcdTls.fromOwnCa(),
    APP,
    'apps',
    'namespace: expected the namespace of the cluster, because its own CA issues there only, got "apps"; use a ClusterIssuer for the cluster, or copy the Secret to the client',
  ],
  [
    EtcdTls.fromIssuer(EtcdIssuer.issuer('i')),
    APP,
    'apps',
    'namespace: expected the namespace of the cluster, because the Issuer i issues there only',
  ],
  [EtcdTls.fromOwnCa(), { ...APP, commonName: 'root' }, undefined, 'commonName: is the name that members and jobs'],
  [EtcdTls.fromOwnCa(), { ...APP, commonName: ' a' }, undefined, 'commonName: expected 1 to 64 printable ASCII'],
  [EtcdTls.fromOwnCa(), { name: 'a' }, undefined, 'commonName: is required'],
  [EtcdTls.fromOwnCa(), { commonName: 'a' }, undefined, 'name: is required'],
  [EtcdTls.fromOwnCa(), { ...APP, namespace: 'A' }, undefined, 'namespace: expected a DNS label'],
  [EtcdTls.fromOwnCa(), { ...APP, name: 'A' }, undefined, 'name: '],
  [
    EtcdTls.fromOwnCa(),
    { ...APP, renewBefore: Duration.days(90) },
    undefined,
    'renewBefore: expected less than the lifetime of 7776000 seconds, got "7776000 seconds"; use a third of it',
  ],
  [EtcdTls.fromOwnCa(), { ...APP, lifetime: Duration.minutes(5) }, undefined, 'lifetime: expected '],
  [EtcdTls.fromOwnCa(), { ...APP, lifetime: Duration.days(2000) }, undefined, 'lifetime: expected at most 105120000'],
])('refused: case %#', (tls, options, namespace, expected) => {
  expect(problemsOf(() => Testing.synth(chartOf(tls, options, namespace)))).toEqual([
    expect.stringContaining(`[app/Certificate] ${expected}`),
  ]);
});

test('a Certificate of the cluster is not created twice', () => {
  const chart = chartOf(EtcdTls.fromOwnCa(), { ...APP, name: 'etcd-client-tls' });
  expect(problemsOf(() => (chart.node.root as App).synth())).toEqual(
    expect.arrayContaining([
      expect.stringContaining('Certificate etcd-cluster/etcd-client-tls: is also created by etcd/Etcd'),
    ]),
  );
});
