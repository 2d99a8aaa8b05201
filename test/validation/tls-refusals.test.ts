import { Duration } from 'cdk8s';
import {
  EtcdCipherSuite,
  EtcdIssuer,
  EtcdMinimumTlsVersion,
  EtcdTls,
  type EtcdTlsOptions,
  type EtcdTlsSecrets,
} from '../../src';
import { problemsOf, synthCluster } from '../support/synth';

const SECRETS = { server: { name: 'server' }, peer: { name: 'peer' }, client: { name: 'client' } };
const secrets = (more: object): EtcdTls => EtcdTls.fromSecrets({ ...SECRETS, ...more } as EtcdTlsSecrets);

test.each([
  [secrets({}), []],
  [secrets({ peer: { name: 'peer', certificateKey: 'cert.pem', privateKeyKey: 'key.pem', caKey: 'ca.pem' } }), []],
  [EtcdTls.fromOwnCa({ extraNames: ['etcd.example.com', '*.example.com', '192.0.2.1', '2001:db8::1'] }), []],
  [EtcdTls.fromIssuer(EtcdIssuer.clusterIssuer('vault')), []],
  [EtcdTls.fromIssuer(EtcdIssuer.external('pca', 'AWSPCAIssuer', 'awspca.cert-manager.io')), []],
  [
    { server: 'a' },
    ['tls: expected EtcdTls.fromSecrets(...), .fromIssuer(...) or .fromOwnCa(...), got {"server":"a"}'],
  ],
  [
    EtcdTls.fromSecrets({ server: { name: 'server' } } as EtcdTlsSecrets),
    ['tls.peer: is required; set it', 'tls.client: is required; set it'],
  ],
  [secrets({ server: undefined }), ['tls.server: is required; set it']],
  [EtcdTls.fromOwnCa({ additionalCas: [{} as never] }), ['tls.additionalCas[0].name: is required; set it']],
  [
    EtcdTls.fromOwnCa({ additionalCas: [{ name: 'a' }, { name: 'a', key: 'ca.crt' }] }),
    ['tls.additionalCas[1]: given twice, got "a ca.crt"; keep one of them'],
  ],
  [EtcdTls.fromSecrets(undefined as unknown as EtcdTlsSecrets), ['tls: expected an object']],
  [secrets({ server: { name: 'Server' } }), [/^tls\.server\.name: expected a DNS subdomain.*, got "Server"$/]],
  [
    secrets({ client: { name: 'c', caKey: '../ca' } }),
    [/^tls\.client\.caKey: expected a key of a Secret.*, got "\.\.\/ca"$/],
  ],
  [EtcdTls.fromSecrets(SECRETS, { lifetime: Duration.days(1) } as object), [/^tls\.lifetime: unknown key/]],
  [EtcdTls.fromIssuer('vault' as unknown as EtcdIssuer), [/^tls\.issuer: expected EtcdIssuer\.issuer/]],
  [EtcdTls.fromIssuer(EtcdIssuer.issuer('')), [/^tls\.issuer\.name: expected a DNS subdomain/]],
  [
    EtcdTls.fromIssuer(EtcdIssuer.external(undefined as never, undefined as never, undefined as never)),
    [
      'tls.issuer.name: is required; set it',
      'tls.issuer.kind: is required; set it',
      'tls.issuer.group: is required; set it',
    ],
  ],
  [EtcdTls.fromIssuer(EtcdIssuer.external('x', 'Vault', 'Group')), [/^tls\.issuer\.group: expected a DNS subdomain/]],
  [
    EtcdTls.fromOwnCa({ renewBefore: Duration.seconds(1) }),
    [/^tls\.renewBefore: expected a whole number of seconds from 300/],
  ],
  [
    EtcdTls.fromIssuer(EtcdIssuer.external('x', 'Vault', 'cert-manager.io')),
    ['tls.issuer.kind: expected Issuer or ClusterIssuer, the kinds of cert-manager.io, got "Vault"'],
  ],
  [EtcdTls.fromOwnCa({ lifetime: Duration.days(1216) }), []],
  [
    EtcdTls.fromOwnCa({ lifetime: Duration.days(1217) }),
    [/^tls\.lifetime: expected at most 105120000 seconds, because the cluster's own CA is valid for 10 years/],
  ],
  [EtcdTls.fromIssuer(EtcdIssuer.issuer('ca'), { lifetime: Duration.days(3650) }), []],
  [EtcdTls.fromIssuer(EtcdIssuer.external('x', '', 'g.example.com')), [/^tls\.issuer\.kind: expected a kind/]],
  [
    EtcdTls.fromOwnCa({ extraNames: ['https://etcd.example.com'] }),
    [/^tls\.extraNames\[0\]: expected an IP address, or a DNS name/],
  ],
  [
    EtcdTls.fromOwnCa({ lifetime: Duration.minutes(5) }),
    ['tls.lifetime: expected a whole number of seconds from 3600 to 3153600000, got "300 seconds"'],
  ],
  [
    EtcdTls.fromOwnCa({ lifetime: Duration.days(10) }),
    ['tls.renewBefore: expected less than the lifetime of 864000 seconds, got "2592000 seconds"; use a third of it'],
  ],
  [EtcdTls.fromOwnCa({ lifetime: Duration.days(730), renewBefore: Duration.days(400) }), []],
  [EtcdTls.fromOwnCa({ lifetime: Duration.days(40_000) }), [/^tls\.lifetime: expected a whole number of seconds from/]],
  [EtcdTls.fromOwnCa({ keyAlgorithm: 'DSA' as never }), [/^tls\.keyAlgorithm: expected one of ECDSA-256/]],
  [
    EtcdTls.fromOwnCa({ cipherSuites: [EtcdCipherSuite.ECDHE_ECDSA_AES_256_GCM, EtcdCipherSuite.ECDHE_RSA_CHACHA20] }),
    [
      /^tls\.cipherSuites: etcd does not start without a suite with AES_128_GCM, which HTTP\/2 requires, got .*; add one$/,
    ],
  ],
  [EtcdTls.fromOwnCa({ cipherSuites: [EtcdCipherSuite.ECDHE_RSA_AES_128_GCM] }), []],
  [
    EtcdTls.fromOwnCa({ cipherSuites: ['TLS_RSA_WITH_RC4_128_SHA' as never] }),
    [/^tls\.cipherSuites\[0\]: unknown cipher suite/],
  ],
  [
    EtcdTls.fromOwnCa({
      minimumVersion: EtcdMinimumTlsVersion.TLS_1_3,
      cipherSuites: [EtcdCipherSuite.ECDHE_RSA_AES_128_GCM],
    }),
    [/^tls\.cipherSuites: has no effect on TLS 1\.3.*; leave it out/],
  ],
])('tls %#', (tls, expected) => {
  const found = problemsOf(() => synthCluster({ tls: tls as EtcdTls })).map((line) => line.replace('[test/Etcd] ', ''));
  expect(found).toEqual(expected.map((e) => (typeof e === 'string' ? e : expect.stringMatching(e))));
});

test('TLS only is not by omission in a cluster that exists', () => {
  const problems = (options: EtcdTlsOptions): string[] =>
    problemsOf(() => synthCluster({ existingCluster: true, tls: EtcdTls.fromSecrets(SECRETS, options) }));
  expect(problems({})).toEqual([
    expect.stringContaining(
      'tls.allowPlainHttp: is required with existingCluster, because members that serve plain HTTP cannot',
    ),
  ]);
  for (const allowPlainHttp of [true, false]) expect(problems({ allowPlainHttp })).toEqual([]);
});

test('a URL for clients outside is https too', () => {
  const props = { tls: EtcdTls.fromOwnCa(), externalAccess: { advertisedUrl: 'http://{member}.example.com:2379' } };
  expect(problemsOf(() => synthCluster(props))).toEqual([
    expect.stringContaining('externalAccess.advertisedUrl: expected https, because members serve TLS only'),
  ]);
});

test.each(['ETCDCTL_CERT', 'ETCD_CERT_FILE', 'ETCD_PEER_CERT_ALLOWED_HOSTNAME'])('%s cannot be set by hand', (name) => {
  const props = { tls: EtcdTls.fromOwnCa(), extraEnv: [{ name, value: '/x' }] };
  expect(problemsOf(() => synthCluster(props))).toEqual([
    expect.stringContaining('extraEnv[0].name: is set by the library'),
  ]);
});

describe('the host of externalAccess.advertisedUrl', () => {
  const refusals = (advertisedUrl: string, tls: EtcdTls): string[] =>
    problemsOf(() => synthCluster({ tls, externalAccess: { advertisedUrl } }));
  const named = (...extraNames: string[]): EtcdTls => EtcdTls.fromOwnCa({ extraNames });

  test.each([
    ['https://{member}.example.com:2379', named(), 'etcd-0.example.com, etcd-1.example.com, etcd-2.example.com'],
    ['https://etcd-{ordinal}.a.example.com:2379', named('*.example.com'), 'etcd-0.a.example.com'],
    ['https://a.example.com:3237{ordinal}', named('b.example.com'), 'a.example.com'],
    ['https://192.0.2.1{ordinal}:2379', named('192.0.2.10'), '192.0.2.11, 192.0.2.12'],
    ['https://[2001:db8::{ordinal}]:2379', named('2001:db8::0', '2001:db8::1'), '2001:db8::2'],
  ])('%s is not in the certificate', (url, tls, missing) => {
    expect(refusals(url, tls)).toEqual([
      expect.stringContaining(`externalAccess.advertisedUrl: the members' certificate does not have ${missing}`),
    ]);
  });

  test.each([
    ['https://{member}.example.com:2379', named('*.example.com')],
    ['https://{member}.example.com:2379', EtcdTls.fromSecrets(SECRETS)],
    ['http://{member}.example.com:2379', EtcdTls.fromOwnCa({ allowPlainHttp: true })],
    ['https://a.example.com:3237{ordinal}', named('a.example.com')],
    ['https://192.0.2.1{ordinal}:2379', named('192.0.2.10', '192.0.2.11', '192.0.2.12')],
    ['https://{member}.etcd-headless.etcd-cluster.svc.cluster.local:2379', named()],
  ])('%s is, or it is not known', (url, tls) => {
    expect(refusals(url, tls)).toEqual([]);
  });
});
