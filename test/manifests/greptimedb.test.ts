import { ApiObject, Chart, JsonPatch, Testing } from 'cdk8s';
import {
  EtcdCluster,
  EtcdTls,
  EtcdWarning,
  GreptimeDbMetadataStore,
  type EtcdClusterProps,
  type GreptimeDbMetadataStoreProps,
} from '../../src';
import { greptimeDbProblems } from '../support/schemas';
import { problemsOf } from '../support/synth';

/** As a caller from JavaScript, without a compiler that checks types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- wrong types are the point
type Anything = any;

const SERVICE = 'etcd.etcd-cluster.svc.cluster.local:2379';
const MEMBERS = [0, 1, 2].map((i) => `etcd-${i}.etcd-cluster.svc.cluster.local:2379`);

function storeOf(options: Anything = {}, props: Partial<EtcdClusterProps> = {}, namespace?: string) {
  const app = Testing.app();
  const quiet = { acknowledgeWarnings: Object.values(EtcdWarning) };
  const etcd = new Chart(app, 'etcd', { namespace: 'etcd-cluster' });
  const cluster = new EtcdCluster(etcd, 'Etcd', { name: 'etcd', ...quiet, ...props });
  const chart = new Chart(app, 'greptimedb', { namespace });
  const store = new GreptimeDbMetadataStore(chart, 'Store', { cluster, ...options } as GreptimeDbMetadataStoreProps);
  return { app, chart, store };
}

const greptimeDb = (options: Anything = {}, props: Partial<EtcdClusterProps> = {}) =>
  storeOf(options, props, 'greptimedb').store;

test('endpoints have no scheme, and are those of the Service or of the members', () => {
  expect(greptimeDb().endpoints).toEqual([SERVICE]);
  expect(greptimeDb({ endpointPerMember: true }).endpoints).toEqual(MEMBERS);
  expect(greptimeDb({ endpointPerMember: true }, { replicas: 1, ports: { client: 8080 } }).endpoints).toEqual([
    'etcd-0.etcd-cluster.svc.cluster.local:8080',
  ]);
});

const NEW = (endpoints: string[]) => ({ backendStorage: { etcd: { endpoints } } });

test.each([
  ['0.2.2', { etcdEndpoints: [SERVICE] }],
  ['0.3.0', NEW([SERVICE])],
  ['0.3.1', NEW([SERVICE])],
  ['0.5.6', NEW([SERVICE])],
  ['0.10.0', NEW([SERVICE])],
  ['1.0.0', NEW([SERVICE])],
])('spec.meta for operator %s', (operatorVersion, meta) => {
  expect(greptimeDb({ operatorVersion }).metaSpec()).toEqual(meta);
});

test.each([
  ['0.1.1', { etcdEndpoints: SERVICE }],
  ['0.4.4', { etcdEndpoints: SERVICE }],
  ['0.4.5', { backendStorage: { etcd: { endpoints: SERVICE } } }],
  ['0.7.1', { backendStorage: { etcd: { endpoints: SERVICE } } }],
  ['0.7.2', NEW([SERVICE])],
  ['0.8.30', NEW([SERVICE])],
])('values for chart %s', (chartVersion, meta) => {
  expect(greptimeDb({ chartVersion }).helmValues()).toEqual({ meta });
});

test('the defaults are the newest versions', () => {
  expect(greptimeDb().metaSpec()).toEqual(NEW([SERVICE]));
  expect(greptimeDb({ endpointPerMember: true }).helmValues()).toEqual({ meta: NEW(MEMBERS) });
});

test('the NetworkPolicy peer selects Metasrv', () => {
  const namespaceLabels = { 'kubernetes.io/metadata.name': 'greptimedb' };
  expect(greptimeDb().networkPeer).toEqual({ namespaceLabels });
  expect(greptimeDb({ clusterName: 'mycluster' }).networkPeer).toEqual({
    namespaceLabels,
    podLabels: { 'app.greptime.io/component': 'mycluster-meta' },
  });
  const clients = [GreptimeDbMetadataStore.metasrv('greptimedb', 'mycluster')];
  expect(problemsOf(() => Testing.synth(storeOf({}, { networkPolicy: { clients } }, 'greptimedb').chart))).toEqual([]);
});

/** A GreptimeDBCluster as its chart writes it. */
const clusterOf = (meta?: object) => ({
  apiVersion: 'greptime.io/v1alpha1',
  kind: 'GreptimeDBCluster',
  metadata: { name: 'mycluster' },
  spec: { base: {}, ...(meta && { meta }) },
});

function patched(object: Anything, options: Anything = {}, props: Partial<EtcdClusterProps> = {}): Anything {
  const { chart, store } = storeOf(options, props, 'greptimedb');
  store.applyTo(new ApiObject(chart, 'GreptimeDb', object));
  return (Testing.synth(chart) as object[])[0];
}

test.each(['0.3.1', '0.6.0'] as const)('a patched GreptimeDBCluster fits the CRD of release %s', (release) => {
  for (const meta of [undefined, { replicas: 3 }, { etcdEndpoints: ['old:2379'] }]) {
    const object = patched(clusterOf(meta), { operatorVersion: release });
    expect(greptimeDbProblems(object, release)).toEqual([]);
    expect(object.spec.meta).toEqual({ ...(meta?.replicas && { replicas: 3 }), ...NEW([SERVICE]) });
  }
});

test('each CRD accepts its own form only', () => {
  const old = patched(clusterOf(), { operatorVersion: '0.2.2' });
  expect(old.spec.meta).toEqual({ etcdEndpoints: [SERVICE] });
  expect(greptimeDbProblems(old, '0.3.1')).toEqual([]);
  expect(greptimeDbProblems(old, '0.6.0')).toEqual(['spec.meta.etcdEndpoints: is not a field of the schema']);
  const wrong = clusterOf({ backendStorage: { etcd: { endpoint: 'x' } } });
  for (const release of ['0.3.1', '0.6.0'] as const)
    expect(greptimeDbProblems(wrong, release)).toContain('spec.meta.backendStorage.etcd.endpoints: is required');
});

test('a patch keeps existing fields, and comes before later patches', () => {
  const etcd = { endpoints: ['old:2379'], storeKeyPrefix: 'a', enableCheckEtcdService: true };
  const object = patched(clusterOf({ replicas: 2, backendStorage: { etcd } }));
  expect(object.spec).toEqual({
    base: {},
    meta: { replicas: 2, backendStorage: { etcd: { ...etcd, endpoints: [SERVICE] } } },
  });
  expect(patched({ ...clusterOf(), spec: undefined }).spec).toEqual({ meta: NEW([SERVICE]) });
  const { chart, store } = storeOf({}, {}, 'greptimedb');
  const db = new ApiObject(chart, 'GreptimeDb', clusterOf());
  store.applyTo(db);
  db.addJsonPatch(JsonPatch.add('/spec/meta/replicas', 5));
  expect((Testing.synth(chart) as Anything[])[0].spec.meta).toEqual({ replicas: 5, ...NEW([SERVICE]) });
});

test('with another cluster, everything that follows from it changes', () => {
  expect(JSON.stringify(patched(clusterOf()))).toContain(SERVICE);
  const { store } = storeOf({ operatorVersion: '0.2.2' }, { name: 'etcd-recover' }, 'greptimedb');
  const restored = 'etcd-recover.etcd-cluster.svc.cluster.local:2379';
  expect(store.metaSpec()).toEqual({ etcdEndpoints: [restored] });
  expect(store.helmValues()).toEqual({ meta: NEW([restored]) });
});

test.each([
  [{ operatorVersion: 'v0.6.0' }, 'operatorVersion: expected a version of the GreptimeDB operator such as 0.6.0'],
  [{ operatorVersion: '0.0.9' }, 'operatorVersion: expected 0.1.0 or newer, the first release of the GreptimeDB'],
  [{ operatorVersion: 6 }, 'operatorVersion: expected a string, got 6'],
  [{ chartVersion: 'latest' }, 'chartVersion: expected a version of the chart greptimedb-cluster such as 0.6.0'],
  [{ chartVersion: '0.1.0' }, 'chartVersion: expected 0.1.1 or newer'],
  [
    { endpointPerMember: true, chartVersion: '0.6.42' },
    'endpointPerMember: the chart greptimedb-cluster 0.6.42 accepts one endpoint only, got true',
  ],
  [{ endpointPerMember: 'yes' }, 'endpointPerMember: expected true or false, got "yes"'],
  [{ namespace: 'No' }, 'namespace: expected a DNS label'],
  [
    { namespace: undefined },
    'namespace: is required here or on the chart, because it is the namespace of the GreptimeDBCluster; set it',
  ],
  [{ clusterName: 'No' }, 'clusterName: '],
  [{ maxTxnOps: 0 }, 'maxTxnOps: expected a whole number from 1 to 100000, got 0'],
  [{ maxMetadataValue: '1 MB' }, 'maxMetadataValue: expected a Kubernetes quantity'],
  [{ operatorVerison: '0.6.0' }, 'operatorVerison: unknown key, got "0.6.0"; did you mean operatorVersion?'],
])('refused: %j', (options, expected) => {
  const { chart } = storeOf({ namespace: 'greptimedb', ...options });
  expect(problemsOf(() => Testing.synth(chart))).toEqual([expect.stringContaining(`[greptimedb/Store] ${expected}`)]);
});

const CERTIFICATE = { name: 'mycluster-etcd' };
const OWN_CA = { tls: EtcdTls.fromOwnCa() };
const BACKEND_TLS = `[backend_tls]
mode = "require"
cert_path = "/etc/etcd-tls/tls.crt"
key_path = "/etc/etcd-tls/tls.key"
ca_cert_path = "/etc/etcd-tls/ca.crt"`;
const MOUNT = { name: 'etcd-tls', mountPath: '/etc/etcd-tls', readOnly: true };
const VOLUME = {
  name: 'etcd-tls',
  secret: {
    secretName: 'mycluster-etcd',
    items: ['tls.crt', 'tls.key', 'ca.crt'].map((key) => ({ key, path: key })),
  },
};

test('with a client certificate, Metasrv connects over TLS', () => {
  const store = greptimeDb({ clientCertificate: CERTIFICATE }, OWN_CA);
  expect(store.endpoints).toEqual([SERVICE]); // Metasrv adds the scheme
  expect(store.metaSpec()).toEqual({
    ...NEW([SERVICE]),
    config: BACKEND_TLS,
    template: { main: { volumeMounts: [MOUNT] }, volumes: [VOLUME] },
  });
  expect(store.helmValues()).toEqual({
    meta: {
      ...NEW([SERVICE]),
      configData: BACKEND_TLS,
      podTemplate: { main: { volumeMounts: [MOUNT] }, volumes: [VOLUME] },
    },
  });
  const keys = { certificateKey: 'crt', privateKeyKey: 'key', caKey: 'ca' };
  const { volumes } = greptimeDb({ clientCertificate: { ...CERTIFICATE, ...keys } }, OWN_CA).metaSpec()
    .template as Anything;
  expect(volumes[0].secret.items.map(({ key }: Anything) => key)).toEqual(['crt', 'key', 'ca']);
});

test('a patch with TLS keeps the configuration, volumes and mounts of the object', () => {
  const other = { name: 'other', emptyDir: {} };
  const meta = {
    config: 'selector = "lease_based"\n',
    template: { labels: { a: 'b' }, main: { args: ['x'], volumeMounts: [{ name: 'other', mountPath: '/o' }] } },
  };
  const before = clusterOf({ ...meta, template: { ...meta.template, volumes: [other, { ...VOLUME, secret: {} }] } });
  const object = patched(before, { clientCertificate: CERTIFICATE }, OWN_CA);
  expect(object.spec.meta).toEqual({
    ...NEW([SERVICE]),
    config: `selector = "lease_based"\n${BACKEND_TLS}`,
    template: {
      labels: { a: 'b' },
      main: { args: ['x'], volumeMounts: [{ name: 'other', mountPath: '/o' }, MOUNT] },
      volumes: [other, VOLUME],
    },
  });
  for (const release of ['0.3.1', '0.6.0'] as const) expect(greptimeDbProblems(object, release)).toEqual([]);
});

test.each([
  [{ clientCertificate: CERTIFICATE }, {}, 'clientCertificate: has no effect, because the cluster has no tls'],
  [{}, OWN_CA, 'clientCertificate: is required, because members of the cluster serve TLS only'],
  [
    { clientCertificate: CERTIFICATE, greptimeDbVersion: '0.16.0' },
    OWN_CA,
    'greptimeDbVersion: expected 0.17.0 or newer, because older releases of Metasrv cannot connect to etcd over TLS',
  ],
  [
    { clientCertificate: CERTIFICATE, chartVersion: '0.2.5', endpointPerMember: false },
    OWN_CA,
    'chartVersion: expected 0.2.6 or newer, because older charts cannot configure TLS',
  ],
  [{ clientCertificate: { name: 'A' } }, OWN_CA, 'clientCertificate.name: '],
  [{ clientCertificate: {} }, OWN_CA, 'clientCertificate.name: is required'],
])('refused: %j of a cluster with %j', (options, props, expected) => {
  const { chart } = storeOf(options, props, 'greptimedb');
  expect(problemsOf(() => Testing.synth(chart))).toEqual([expect.stringContaining(`[greptimedb/Store] ${expected}`)]);
});

test('while members serve both, Metasrv connects with a certificate or without', () => {
  const both = { tls: EtcdTls.fromOwnCa({ allowPlainHttp: true }) };
  for (const options of [{}, { clientCertificate: CERTIFICATE }])
    expect(problemsOf(() => Testing.synth(storeOf(options, both, 'greptimedb').chart))).toEqual([]);
  expect(greptimeDb({}, both).metaSpec()).toEqual(NEW([SERVICE]));
});

test.each([
  [
    { enableCheckEtcdService: true },
    'applyTo: has enableCheckEtcdService, and the operator connects to etcd without TLS',
  ],
  [{ backendStorage: { etcd: { enableCheckEtcdService: true } } }, 'applyTo: has enableCheckEtcdService'],
  [{ config: '[ "backend_tls" ]' }, 'applyTo: already has [backend_tls] in its config'],
  [{ config: 'backend_tls.mode = "disable"' }, 'applyTo: already has [backend_tls] in its config'],
  [{ config: 'backend_tls = { mode = "disable" }' }, 'applyTo: already has [backend_tls] in its config'],
  [{ config: 'a = 1\n[backend_tls]\nmode = "disable"' }, 'applyTo: already has [backend_tls] in its config'],
])('no patch with TLS for %j', (meta, expected) => {
  expect(problemsOf(() => patched(clusterOf(meta), { clientCertificate: CERTIFICATE }, OWN_CA))).toEqual([
    expect.stringContaining(`[greptimedb/Store] ${expected}`),
  ]);
});

test.each([
  [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' } },
    'applyTo: expected a GreptimeDBCluster of greptime.io, got "Deployment x"',
  ],
  [
    clusterOf({ backendStorage: { mysql: { host: 'db' } } }),
    'applyTo: already has the metadata store mysql, and the operator accepts one store only, got "GreptimeDB',
  ],
])('no patch for %j', (object, expected) => {
  expect(problemsOf(() => patched(object))).toEqual([expect.stringContaining(`[greptimedb/Store] ${expected}`)]);
});

test.each([undefined, {}, 'GreptimeDBCluster'])('no patch for %j, which is no ApiObject', (object) => {
  const { chart, store } = storeOf({}, {}, 'greptimedb');
  store.applyTo(object as never);
  expect(problemsOf(() => Testing.synth(chart))).toEqual([
    expect.stringMatching(/^\[greptimedb\/Store\] applyTo: expected an ApiObject with kind GreptimeDBCluster/),
  ]);
});

/** What is printed on standard error when the app is synthesized. */
function warningsOf(options: Anything, props: Partial<EtcdClusterProps>): string[] {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    Testing.synth(storeOf(options, { acknowledgeWarnings: [], ...props }, 'greptimedb').chart);
    return write.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('GreptimeDbLimits'));
  } finally {
    write.mockRestore();
  }
}

test('limits below what Metasrv sends cause a warning', () => {
  expect(warningsOf({}, {})).toEqual([]);
  expect(warningsOf({}, { maxTxnOps: 127 })).toHaveLength(1);
  expect(warningsOf({ maxTxnOps: 127 }, { maxTxnOps: 127 })).toEqual([]);
  expect(warningsOf({}, { maxRequest: '1535Ki' })[0]).toContain(
    'maxMetadataValue: Metasrv sends requests of up to 1572864 bytes, but etcd accepts 1571840',
  );
  expect(warningsOf({ maxMetadataValue: '1499Ki' }, { maxRequest: '1535Ki' })).toEqual([]);
  expect(warningsOf({ maxTxnOps: 256, maxMetadataValue: '2Mi' }, {})).toHaveLength(2);
  expect(warningsOf({ maxTxnOps: 256 }, { acknowledgeWarnings: [EtcdWarning.GREPTIMEDB_LIMITS] })).toEqual([]);
});
