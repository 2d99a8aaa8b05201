import { Chart, Duration, Testing } from 'cdk8s';
import {
  EtcdAccessMode,
  EtcdAuthToken,
  EtcdClientCertificate,
  EtcdCluster,
  EtcdImage,
  EtcdKeyAlgorithm,
  EtcdLogin,
  EtcdMinimumTlsVersion,
  EtcdRestore,
  EtcdRoot,
  EtcdSignMethod,
  EtcdSnapshotStore,
  EtcdStorage,
  EtcdTls,
  EtcdTlsVersion,
  EtcdUnhealthyPodEviction,
  GreptimeDbMetadataStore,
} from '../../src';
import { ALL_DEFRAG, ALL_MONITORING, ALL_PROPS, ALL_RESTORE_DRILL, ALL_SNAPSHOTS } from '../manifests/everything';
import { problemsOf, synthCluster } from '../support/synth';

/** Each option by itself, with a value of a wrong type and, if it is a text, with a blank one. */

/** As a caller from JavaScript, without a compiler that checks types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- wrong types are the point
type Anything = any;
type Case = [path: string, wrong: unknown, options: Anything];

/** Options that may be any text. */
const FREE =
  /[aA]nnotations\.|(extraEnv\[0\]|sysctls\[0\])\.value$|seLinuxOptions|title|alerts\.(series)?[lL]abels\.|fileName$|[sS]ubPath$|^values$|command|extraArgs|regex$|replacement$|separator$|serverName$|repository$|hostAliases|advertisedUrl/;

function eachWrong(options: object, path: string): Case[] {
  return Object.entries(options).flatMap(([key, value]: [string, unknown]) => {
    const at = path === '' || path.endsWith('.') ? `${path}${key}` : `${path}.${key}`;
    const put = (changed: unknown): object => ({ ...options, [key]: changed });
    return wrongOf(value, at).map(([p, wrong, changed]): Case => [p, wrong, put(changed)]);
  });
}

function wrongOf(value: unknown, path: string): Case[] {
  if (typeof value === 'string') return [7, ...(FREE.test(path) ? [] : [' '])].map((wrong) => [path, wrong, wrong]);
  const inside = Array.isArray(value)
    ? value.flatMap((item: unknown, i) =>
        wrongOf(item, `${path}[${i}]`).map(([p, wrong, changed]): Case => [
          p,
          wrong,
          value.map((other: unknown, k) => (k === i ? changed : other)),
        ]),
      )
    : isStruct(value)
      ? eachWrong(value, path)
      : [];
  return [[path, 'wrong', 'wrong'], ...inside];
}

function isStruct(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The problem is at the path, or at that of the Kubernetes type around it. */
function refuses(name: string, options: object, synth: (options: Anything) => unknown, path = ''): void {
  test.each(eachWrong(options, path))(`${name}: %s %j`, (at, _wrong, changed) => {
    const paths = problemsOf(() => synth(changed)).map((line) => line.slice(line.indexOf(' ') + 1, line.indexOf(': ')));
    expect(paths.filter((p) => at.startsWith(p))).not.toEqual([]);
  });
}

const more = (add: (cluster: EtcdCluster) => unknown): unknown => synthCluster({}, (cluster) => void add(cluster));
const without = (options: object, others: object): object =>
  Object.fromEntries(Object.entries(options).filter(([key]) => !(key in others)));
const store = EtcdSnapshotStore.existingClaim('claim');

for (const [prop, value] of Object.entries(ALL_PROPS)) refuses('cluster', { [prop]: value }, synthCluster);
refuses('snapshots', ALL_SNAPSHOTS, (o) => more((c) => c.addSnapshots({ store, ...o })));
refuses('drill', without(ALL_RESTORE_DRILL, ALL_SNAPSHOTS), (o) =>
  more((c) => c.addSnapshots({ store }).addRestoreDrill(o)),
);
refuses('defragmentation', without(ALL_DEFRAG, ALL_SNAPSHOTS), (o) => more((c) => c.addDefrag(o)));
refuses('monitoring', ALL_MONITORING, (o) => more((c) => c.addMonitoring(o)));

const annotations = { 'example.com/a': 'b' };
const labels = { team: 'storage' };
const claim = { size: '100Gi', storageClassName: 'fast', accessModes: [EtcdAccessMode.READ_WRITE_ONCE], labels };
const key = { name: 'secret', key: 'tls.crt' };
const certificate = { name: 'server', certificateKey: 'cert.pem', privateKeyKey: 'key.pem', caKey: 'ca.pem' };
const tls = {
  requireClientCertificates: false,
  minimumVersion: EtcdMinimumTlsVersion.TLS_1_3,
  allowPlainHttp: true,
  additionalCas: [key],
};
const issued = { keyAlgorithm: EtcdKeyAlgorithm.RSA_4096, lifetime: Duration.days(9), renewBefore: Duration.days(1) };
const remote = { path: 'offsite:etcd', configSecret: 'rclone', configKey: 'rclone.conf' };
const root = EtcdRoot.password({ name: 'root' });
const probe = {
  enabled: true,
  initialDelay: Duration.seconds(1),
  period: Duration.seconds(30),
  timeout: Duration.seconds(9),
  failureThreshold: 30,
};

/** Options of factories, and options of structs that exclude those in `everything.ts`. */
const OTHERS: [path: string, options: object, props: (options: Anything) => Anything][] = [
  [
    'storage.',
    { ...claim, annotations, selector: { matchLabels: { disk: 'nvme' } } },
    (o) => ({ storage: EtcdStorage.persistentVolumeClaim(o) }),
  ],
  ['storage.', { sizeLimit: '9Gi', inMemory: true }, (o) => ({ storage: EtcdStorage.emptyDir(o) })],
  ['image.', { repository: 'example.com/etcd', digest: '' }, (o) => ({ image: EtcdImage.upstream('3.6.16', o) })],
  [
    'image.',
    { version: '3.6.16', binDirectory: '/bin', mountPath: '/data' },
    (o) => ({ image: EtcdImage.custom('example.com/etcd:1', o) }),
  ],
  [
    'restoreFrom.',
    { id: 'a', subPath: 'b', sha256: '', bumpRevision: 5, discardOldData: true, resources: { memory: '1Gi' } },
    (o) => ({ restoreFrom: EtcdRestore.fromClaim('claim', 'db', o) }),
  ],
  ['restoreFrom.remote.', remote, (o) => ({ restoreFrom: EtcdRestore.newestFromRemote(o) })],
  [
    'tls.',
    { server: certificate, peer: { name: 'peer' }, client: { name: 'client' } },
    (o) => ({ tls: EtcdTls.fromSecrets(o) }),
  ],
  ['tls.', { ...tls, ...issued, extraNames: ['a.example.com'] }, (o) => ({ tls: EtcdTls.fromOwnCa(o) })],
  ['auth.root.', { name: 'root', key: 'password' }, (o) => ({ auth: { root: EtcdRoot.password(o) } })],
  [
    'auth.token.',
    { name: 'token', key: 'key', signMethod: EtcdSignMethod.RS256 },
    (o) => ({ auth: { root, token: EtcdAuthToken.jwt(o) } }),
  ],
  [
    'auth.',
    { users: [{ name: 'app', roles: ['root'], login: EtcdLogin.PASSWORD, passwordKey: 'app' }] },
    (o) => ({ auth: { root, passwordSecret: 'users', ...o } }),
  ],
  ['startupProbe.', probe, (o) => ({ startupProbe: o })],
  ['clientService.', { enabled: true }, (o) => ({ clientService: o })],
  ['networkPolicy.', { enabled: true, metrics: [{ podLabels: { a: 'b' } }] }, (o) => ({ networkPolicy: o })],
  ['serviceAccount.', { create: false }, (o) => ({ serviceAccount: o })],
  [
    'podDisruptionBudget.',
    { enabled: true, unhealthyPodEvictionPolicy: EtcdUnhealthyPodEviction.ALWAYS_ALLOW },
    (o) => ({ podDisruptionBudget: o }),
  ],
];
for (const [path, options, props] of OTHERS) refuses('cluster', options, (o) => synthCluster(props(o)), path);

refuses(
  'store',
  { ...claim, annotations, name: 'backups', subPath: 'etcd' },
  (o) => more((c) => c.addSnapshots({ store: EtcdSnapshotStore.persistentVolumeClaim(o) })),
  'store.',
);
refuses(
  'metrics over TLS',
  {
    ca: { secret: key },
    cert: { configMap: key },
    keySecret: key,
    serverName: 'etcd',
    insecureSkipVerify: true,
    minVersion: EtcdTlsVersion.TLS12,
    maxVersion: EtcdTlsVersion.TLS13,
  },
  (config) => more((c) => c.addMonitoring({ tls: { port: 'tls', config } })),
  'tls.config.',
);
refuses(
  'GreptimeDB',
  {
    operatorVersion: '0.6.0',
    chartVersion: '0.7.0',
    greptimeDbVersion: '1.0.0',
    clientCertificate: certificate,
    endpointPerMember: true,
    namespace: 'greptimedb',
    clusterName: 'greptimedb',
    maxTxnOps: 100,
    maxMetadataValue: '1Mi',
  },
  (o) => more((cluster) => new GreptimeDbMetadataStore(cluster, 'Store', { cluster, namespace: 'db', ...o })),
);
refuses(
  'client certificate',
  {
    name: 'app',
    commonName: 'app',
    namespace: 'etcd-cluster',
    lifetime: Duration.days(9),
    renewBefore: Duration.days(1),
  },
  (o) =>
    synthCluster({ tls: EtcdTls.fromOwnCa() }, (cluster) => {
      new EtcdClientCertificate(cluster, 'Client', { cluster, name: 'app', commonName: 'app', ...o });
    }),
);
refuses(
  'import',
  { values: '', releaseName: 'etcd', namespace: 'etcd', fileName: 'a', existingCluster: true, acknowledgeWarnings: [] },
  (o) => {
    const chart = new Chart(Testing.app(), 'test');
    EtcdCluster.fromBitnamiValues(chart, 'Etcd', o);
    Testing.synth(chart);
  },
);
