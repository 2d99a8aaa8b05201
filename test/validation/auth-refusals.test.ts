import { Duration } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';
import {
  EtcdAuthToken,
  EtcdClientCertificate,
  EtcdKeyRange,
  EtcdLogin,
  EtcdPermission,
  EtcdRoot,
  EtcdSnapshotStore,
  EtcdTls,
  GreptimeDbMetadataStore,
  type EtcdAuthOptions,
  type EtcdCluster,
  type EtcdClusterProps,
  type EtcdUser,
} from '../../src';
import { find, problemsOf, synthCluster } from '../support/synth';

const root = EtcdRoot.password({ name: 'root' });
const users = (...list: object[]): object => ({ root, passwordSecret: 'users', users: list });
const permissions = (...list: unknown[]): object => ({ root, roles: [{ name: 'app', permissions: list }] });
const refused = (auth: object, more: Partial<EtcdClusterProps> = {}): string[] =>
  problemsOf(() => synthCluster({ auth: auth as EtcdAuthOptions, ...more })).map((line) =>
    line.replace('[test/Etcd] ', ''),
  );

test.each([
  [{}, ['auth.root: is required; set it']],
  [{ root: 'password' }, ['auth.root: expected EtcdRoot.password(...) or EtcdRoot.certificate(), got "password"']],
  [{ root: EtcdRoot.password({} as never) }, ['auth.root.name: is required; set it']],
  [{ root: EtcdRoot.password({ name: 'Root' }) }, [/^auth\.root\.name: expected a DNS subdomain.*got "Root"$/]],
  [
    { root: EtcdRoot.certificate() },
    [
      'auth.root: EtcdRoot.certificate() needs tls that requires client certificates, without allowPlainHttp; use EtcdRoot.password(...)',
    ],
  ],
  [users({ name: 'app' }, { name: 'app' }), [/^auth\.users\[1\]: .*app.*/]],
  [
    users({ name: 'root' }),
    ['auth.users[0].name: is the user of members and jobs, which the option root declares, got "root"; remove it'],
  ],
  [users({ name: 'a:b' }), [/^auth\.users\[0\]\.name: expected 1 to 64 letters.*got "a:b"$/]],
  [
    users({ name: 'app', roles: ['ap'] }),
    ['auth.users[0].roles[0]: unknown role, got "ap"; add it to auth.roles, or correct the name'],
  ],
  [
    users({ name: 'app', login: EtcdLogin.CERTIFICATE, passwordKey: 'x' }),
    [/login: needs tls/, /passwordKey: has no effect/],
  ],
  [{ root, users: [{ name: 'app' }] }, [/^auth\.users\[0\]\.login: needs passwordSecret/]],
  [users({}), ['auth.users[0].name: is required; set it']],
  [
    users({ name: 'app', roles: ['cdk8s-etcd'] }),
    [/^auth\.users\[0\]\.roles\[0\]: is the role in which members record/],
  ],
  [users({ name: 'app', roles: [7] }), ['auth.users[0].roles[0]: expected a string, got 7']],
  [{ root, roles: [{}] }, ['auth.roles[0].name: is required; set it']],
  [{ root, token: EtcdAuthToken.jwt({} as never) }, ['auth.token.name: is required; set it']],
  [{ root, passwordSecret: 'x' }, []], // for users that come later
  [{ root, roles: [{ name: 'cdk8s-etcd' }] }, [/^auth\.roles\[0\]\.name: is the role in which members record/]],
  [{ root, roles: [{ name: 'root', permissions: [] }] }, [/^auth\.roles\[0\]\.name: is the role of root/]],
  [permissions('read'), [/^auth\.roles\[0\]\.permissions\[0\]: expected EtcdPermission/]],
  [permissions(EtcdPermission.read('/app' as never)), [/permissions\[0\]: expected EtcdKeyRange\.key/]],
  [
    permissions(EtcdPermission.read(EtcdKeyRange.prefix(''))),
    [/expected a key, not an empty string, got ""; use EtcdKeyRange.all\(\)/],
  ],
  [permissions(EtcdPermission.read(EtcdKeyRange.key('a\nb'))), [/without control characters/]],
  [permissions(EtcdPermission.read(EtcdKeyRange.between('b', 'a'))), [/expected an end after "b", got "a"/]],
  [
    permissions(EtcdPermission.read(EtcdKeyRange.prefix('/a/')), EtcdPermission.write(EtcdKeyRange.prefix('/a/'))),
    [
      'auth.roles[0].permissions[1]: another permission of the role has this range, got "prefix /a/"; keep one of them, and use EtcdPermission.readWrite(...) to allow both',
    ],
  ],
  [
    permissions(EtcdPermission.read(EtcdKeyRange.prefix('a')), EtcdPermission.read(EtcdKeyRange.between('a', 'b'))),
    [/permissions\[1\]: another permission of the role has this range, got "between a b"/],
  ],
  [{ root, token: EtcdAuthToken.simple(Duration.seconds(1)) }, [/^auth\.token\.lifetime: expected/]],
  [
    { root, token: EtcdAuthToken.jwt({ name: 'x', signMethod: 'none' as never }) },
    [/^auth\.token\.signMethod: expected one of/],
  ],
])('auth %#', (auth, expected) => {
  expect(refused(auth)).toEqual(expected.map((e) => (typeof e === 'string' ? e : expect.stringMatching(e))));
});

test('GreptimeDB needs a certificate of a user', () => {
  const found = (users: EtcdUser[], clientCertificate?: object): string[] => {
    const auth = { root: EtcdRoot.certificate(), users };
    const more = (cluster: EtcdCluster): void =>
      void new GreptimeDbMetadataStore(cluster, 'Metadata', {
        cluster,
        namespace: 'db',
        clientCertificate: clientCertificate as never,
      });
    return problemsOf(() => synthCluster({ auth, tls: EtcdTls.fromOwnCa() }, more));
  };
  const user = { name: 'metasrv', login: EtcdLogin.CERTIFICATE };
  expect(found([user], { name: 'metasrv' })).toEqual([]);
  expect(found([], { name: 'metasrv' })).toEqual([
    expect.stringMatching(/no user of the cluster logs in with a certificate/),
  ]);
  const more = (cluster: EtcdCluster): void =>
    void new GreptimeDbMetadataStore(cluster, 'M', { cluster, namespace: 'db' });
  expect(problemsOf(() => synthCluster({ auth: { root } }, more)).join()).toContain(
    'no release of GreptimeDB has a setting for a password of etcd',
  );
});

test('credentials of root in extraEnv are refused', () => {
  const extraEnv = [{ name: 'ETCDCTL_USER', value: 'root' }];
  expect(refused({ root }, { extraEnv })).toEqual([
    'extraEnv[0].name: is set by the library for root, got "ETCDCTL_USER"; remove it',
  ]);
});

test.each<(cluster: EtcdCluster, extraEnv: k8s.EnvVar[]) => unknown>([
  (cluster, extraEnv) => cluster.addDefrag({ extraEnv }),
  (cluster, extraEnv) => cluster.addSnapshots({ store: EtcdSnapshotStore.existingClaim('claim'), extraEnv }),
])('credentials of root in a job are refused: %#', (add) => {
  const extraEnv = [{ name: 'ETCDCTL_USER', value: 'x' }];
  const problems = (auth?: EtcdAuthOptions) => problemsOf(() => synthCluster({ auth }, (c) => add(c, extraEnv)));
  expect(problems({ root })).toEqual([
    expect.stringContaining('extraEnv[0].name: is set by the library for root, got "ETCDCTL_USER"; remove it'),
  ]);
  expect(problems()).toEqual([]);
});

test('what follows from a wrong tls is not said', () => {
  const tls = EtcdTls.fromOwnCa({ lifetime: Duration.minutes(1) });
  const user = { name: 'app', login: EtcdLogin.CERTIFICATE };
  const more = (cluster: EtcdCluster): void => {
    new EtcdClientCertificate(cluster, 'App', { cluster, name: 'app', commonName: 'app' });
    const clientCertificate = { name: 'app' };
    new GreptimeDbMetadataStore(cluster, 'Metadata', { cluster, namespace: 'db', clientCertificate });
  };
  const auth = { root: EtcdRoot.certificate(), users: [user] };
  expect(problemsOf(() => synthCluster({ tls, auth }, more))).toEqual([
    expect.stringContaining('[test/Etcd] tls.lifetime: expected a whole number of seconds'),
  ]);
});

test('settings have no secret, and etcd stores ranges as they are written there', () => {
  const auth: EtcdAuthOptions = {
    root: EtcdRoot.certificate(),
    users: [{ name: 'web', login: EtcdLogin.CERTIFICATE, roles: ['app'] }],
    roles: [
      {
        name: 'app',
        permissions: [
          EtcdPermission.read(EtcdKeyRange.all()),
          EtcdPermission.write(EtcdKeyRange.from('a')),
          EtcdPermission.readWrite(EtcdKeyRange.prefix('a/')),
          EtcdPermission.read(EtcdKeyRange.between('a', 'b')),
          EtcdPermission.read(EtcdKeyRange.key('ü')),
        ],
      },
    ],
  };
  const { data } = find(synthCluster({ auth, tls: EtcdTls.fromOwnCa() }), 'ConfigMap', 'etcd-settings');
  const text = (value: string): string => Buffer.from(value).toString('base64');
  expect(data).toMatchObject({
    auth: 'on',
    users: [
      'role app',
      'permission app read AA== AA==',
      `permission app write ${text('a')} AA==`,
      `permission app readwrite ${text('a/')} ${text('a0')}`,
      `permission app read ${text('a')} ${text('b')}`,
      `permission app read ${text('ü')} -`,
      'user web certificate',
      'member web app',
    ]
      .map((line) => `${line}\n`)
      .join(''),
  });
});
