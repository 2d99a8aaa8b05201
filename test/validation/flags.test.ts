import { EtcdImage, EtcdMinimumTlsVersion, EtcdTls, type EtcdClusterProps } from '../../src';
import { flagsOf, TABULATED } from '../../src/constants/etcd-flags';
import { problemsOf, synthCluster, warningsOf } from '../support/synth';

type Props = Partial<EtcdClusterProps>;

const on = (version: string): Props => ({ image: EtcdImage.upstream(version), corruptionChecks: false });
const refused = (props: Props): string[] => problemsOf(() => synthCluster(props));
const START = 'because etcd does not start with another one';
const KNOW = 'because etcd does not know another one';

/** Flags that a version does not accept, and what is said. */
const REFUSED: [string, string, string][] = [
  ['3.6.16', '--bogus=1', 'unknown flag of etcd 3.6, with which etcd does not start, got "--bogus=1"; remove it'],
  [
    '3.7.3',
    '--pre-votes',
    'unknown flag of etcd 3.7, with which etcd does not start, got "--pre-votes"; did you mean --pre-vote?',
  ],
  [
    '3.5.21',
    '--max-walls=7',
    'unknown flag of etcd 3.5, with which etcd does not start, got "--max-walls=7"; did you mean --max-wals?',
  ],
  ['3.6.16', '--enable-v2=true', 'cannot be used: etcd 3.6 does not have it, got "--enable-v2=true"'],
  ['3.7.3', '--experimental-memory-mlock', 'cannot be used: etcd 3.7 has it without the prefix "experimental"'],
  ['3.5.35', '--max-learners=2', 'cannot be used: etcd 3.5 does not have it'],
  ['3.5.30', '--log-format=json', 'cannot be used: etcd 3.5 does not have it'],
  ['3.6.16', '--discovery-token=x', 'cannot be used: members find each other by DNS name'],
  ['3.6.16', '--discovery-user=x', 'cannot be used: members find each other by DNS name'],
  ['3.6.16', '--version', 'cannot be used: etcd prints its version and ends, got "--version"; remove it'],
  ['3.6.16', '--version=false', 'cannot be used: etcd prints its version and ends'],
  ['3.6.16', '--help', 'cannot be used: etcd prints its help and ends, got "--help"; remove it'],
  ['3.5.21', '--proxy=on', 'cannot be used: a proxy is not a member'],
  [
    '3.6.16',
    '--enable-log-rotation',
    'needs one file in --log-outputs, because etcd does not start otherwise, got "--enable-log-rotation"; remove it: the kubelet rotates logs',
  ],
  ['3.6.16', '--pre-vote=yes', `expected true or false as its value, ${START}, got "--pre-vote=yes"`],
  ['3.6.16', '--max-wals=many', `expected a number without a sign as its value, ${START}`],
  ['3.6.16', '--max-wals=-1', `expected a number without a sign as its value, ${START}, got "--max-wals=-1"`],
  ['3.5.21', '--max-snapshots=+5', 'expected a number without a sign as its value'],
  ['3.7.3', '--bcrypt-cost=-4', 'expected a number without a sign as its value'],
  ['3.6.16', '--max-concurrent-streams=08', 'expected a number from 0 to 4294967295 as its value'],
  ['3.6.16', '--backend-batch-limit=many', `expected a number as its value, ${START}`],
  ['3.6.16', '--tls-min-version=TLS1.1', `expected one of TLS1.2, TLS1.3 as its value, ${KNOW}`],
  ['3.6.16', '--tls-max-version=1.3', `expected one of TLS1.2, TLS1.3 as its value, ${KNOW}`],
  [
    '3.6.16',
    '--v2-deprecation=not-yet',
    `expected one of write-only, write-only-drop-data, gone as its value, ${KNOW}`,
  ],
  ['3.5.21', '--v2-deprecation=soon', `expected one of not-yet, write-only, write-only-drop-data, gone as its value`],
  ['3.6.16', '--max-wals', 'has no value, and etcd does not start without one, got "--max-wals"; write --name=value'],
  ['3.6.16', '--grpc-keepalive-timeout=20', `expected a Go duration such as 10s as its value, ${START}`],
  ['3.7.3', '--max-learners=-1', `expected a number of at least 1 as its value, ${START}`],
  ['3.6.16', '--max-learners=0', `expected a number of at least 1 as its value, ${START}`],
  ['3.6.16', '--max-learners=many', `expected a number of at least 1 as its value, ${START}`],
  ['3.6.16', '--corrupt-check-time=-5s', `expected a Go duration of 0s or more as its value, ${START}`],
  ['3.5.35', '--experimental-corrupt-check-time=soon', 'expected a Go duration of 0s or more as its value'],
  [
    '3.6.16',
    '--cors=https://example.com',
    'expected * or URLs with a port and without a path, separated by commas, as its',
  ],
  ['3.6.16', '--cors=https://a:1,*', 'expected * or URLs with a port and without a path'],
  ['3.5.35', '--cors=https://a:1/x', 'expected * or URLs with a port and without a path'],
  ['3.7.3', '--listen-client-http-urls=http://0.0.0.0', 'expected URLs with a port and without a path'],
  [
    '3.6.16',
    '--feature-gates=PriorityRequest=true',
    'expected NAME=true or NAME=false, separated by commas, with names',
  ],
  ['3.7.3', '--feature-gates=AllAlpha=true,Foo=true', 'expected NAME=true or NAME=false, separated by commas'],
  ['3.7.3', '--feature-gates=AllAlpha', 'expected NAME=true or NAME=false, separated by commas'],
  ['3.6.16', '--auth-token=basic', 'expected simple, or jwt with sign-method and a key, as its value'],
  ['3.6.16', '--auth-token=jwt', 'expected simple, or jwt with sign-method and a key, as its value'],
  ['3.6.16', '--auth-token=jwt,priv-key=/x,sign-method=XX256', 'expected simple, or jwt with sign-method and a key'],
  ['3.6.16', '--auth-token=jwt,priv-key=/x,sign-method=RS256,ttl=5', 'expected simple, or jwt with sign-method'],
  ['3.5.35', '--auth-token=jwt,priv-key=/x,sign-method=EdDSA', 'expected simple, or jwt with sign-method'],
  ['3.6.16', '--auth-token=simple,ttl=5s', 'expected simple, or jwt with sign-method'],
  ['3.6.16', '--cipher-suites=x', 'cannot be used: use the tls prop, got "--cipher-suites=x"'],
  ['3.6.16', '--log-outputs=', 'expected default, or stderr, stdout and paths of files, separated by commas, as its'],
  ['3.6.16', '--log-outputs=default,stderr', 'expected default, or stderr, stdout and paths of files'],
  ['3.6.16', '--log-outputs=systemd/journal', 'expected default, or stderr, stdout and paths of files'],
  ['3.6.16', '--compact-hash-check-time=0s', `expected a Go duration of more than 0s as its value, ${START}`],
  ['3.5.35', '--experimental-compact-hash-check-time=-1s', 'expected a Go duration of more than 0s as its value'],
  ['3.6.16', '--compact-hash-check-time=-500ms', 'expected a Go duration of more than 0s as its value'],
  ['3.6.16', '--corrupt-check-time=-500ms', 'expected a Go duration of 0s or more as its value'],
  ['3.6.16', '--max-concurrent-streams=4294967296', 'expected a number from 0 to 4294967295 as its value'],
  ['3.6.16', '--max-wals=18446744073709551616', 'expected a number without a sign as its value'],
  ['3.6.16', '--backend-batch-limit=-9223372036854775808', 'expected a number as its value'],
  ['3.6.16', '--distributed-tracing-sampling-rate=1000001', 'expected a number from 0 to 1000000 as its value'],
  ['3.5.35', '--experimental-distributed-tracing-sampling-rate=-1', 'expected a number from 0 to 1000000 as its value'],
  ['3.6.16', '--feature-gates=LeaseCheckpointPersist=true', 'needs LeaseCheckpoint=true, because etcd does not start'],
  ['3.5.35', '--experimental-enable-lease-checkpoint-persist', 'needs --experimental-enable-lease-checkpoint, because'],
  ['3.6.16', '--metrics=all', `expected one of basic, extensive as its value, ${KNOW}`],
];

test.each(REFUSED)('etcd %s: %s', (version, flag, expected) => {
  expect(refused({ ...on(version), extraArgs: [flag] })).toEqual([
    expect.stringContaining(`[test/Etcd] extraArgs[0]: ${expected}`),
  ]);
});

test.each([
  ['ETCD_BOGUS', '1', 'unknown variable of etcd 3.6, which ignores it, got "ETCD_BOGUS"; remove it'],
  [
    'ETCD_PRE_VOTES',
    '1',
    'unknown variable of etcd 3.6, which ignores it, got "ETCD_PRE_VOTES"; did you mean ETCD_PRE_VOTE?',
  ],
  ['ETCD_VERSION', 'true', 'cannot be used: etcd prints its version and ends'],
  ['ETCD_MAX_WALS', 'many', `expected a number without a sign as its value, ${START}`],
  ['ETCD_AUTH_TOKEN_TTL', '-1', `expected a number without a sign as its value, ${START}`],
  ['ETCD_METRICS', 'all', `expected one of basic, extensive as its value, ${KNOW}`],
])('variable %s=%s', (name, value, expected) => {
  expect(refused({ extraEnv: [{ name, value }] })).toEqual([
    expect.stringContaining(`[test/Etcd] extraEnv[0].name: ${expected}`),
  ]);
});

test.each([
  ['3.5.21', ['--enable-v2=true', '--experimental-memory-mlock', '--log-outputs=stdout']],
  ['3.5.27', ['--enable-v2=true']],
  ['3.6.0', ['--max-learners=2', '--experimental-memory-mlock=true', '--log-format=console']],
  ['3.6.16', ['--feature-gates=StopGRPCServiceOnDefrag=true', '--cors=', '--max-wals=0']],
  [
    '3.6.99',
    ['--max-learners=2', '--cors=*', '--corrupt-check-time=0s', '--listen-client-http-urls=http://0.0.0.0:80'],
  ],
  ['3.6.99', ['--cors=https://a.example.com:443,http://b:80', '--auth-token=simple', '--corrupt-check-time=1h']],
  ['3.7.3', ['--feature-gates=PriorityRequest=true,AllAlpha=false']],
  ['3.6.16', ['--auth-token=jwt,pub-key=/keys/a.pem,sign-method=RS256']],
  ['3.7.9', ['--memory-mlock', '--grpc-keepalive-timeout=1m30s', '--metrics=extensive']],
  ['3.5.35', ['--v2-deprecation=not-yet', '--backend-batch-limit=-1', '--max-concurrent-streams=010']],
  ['3.7.3', ['--v2-deprecation=gone', '--max-learners=+1', '--tls-min-version=TLS1.3', '--tls-max-version=TLS1.3']],
  ['3.7.3', ['--enable-log-rotation', '--log-outputs=/logs/etcd.log', '--pre-vote=T']],
  [
    '3.7.3',
    ['--enable-log-rotation', '--log-outputs=stderr,/logs/etcd.log', '--log-rotation-config-json={"maxsize":9}'],
  ],
  ['3.7.3', ['--log-outputs=default', '--auth-token=jwt,priv-key=/x,sign-method=EdDSA,ttl=0s']],
  [
    '3.6.16',
    ['--feature-gates=LeaseCheckpoint=true,LeaseCheckpointPersist=true', '--max-concurrent-streams=4294967295'],
  ],
  [
    '3.6.16',
    ['--feature-gates=AllAlpha=true,LeaseCheckpointPersist=true', '--distributed-tracing-sampling-rate=1000000'],
  ],
  ['3.5.35', ['--experimental-enable-lease-checkpoint', '--experimental-enable-lease-checkpoint-persist']],
  ['3.6.16', ['--compact-hash-check-time=500ms', '--max-wals=18446744073709551615']],
])('etcd %s takes %j', (version, extraArgs) => {
  expect(refused({ ...on(version), extraArgs })).toEqual([]);
});

test.each<[Props, string[]]>([
  [{ tls: EtcdTls.fromOwnCa({ minimumVersion: EtcdMinimumTlsVersion.TLS_1_3 }) }, ['--tls-max-version=TLS1.2']],
  [{}, ['--tls-max-version=TLS1.2', '--tls-min-version=TLS1.3']],
])('a highest version of TLS below the lowest: %j %j', (props, extraArgs) => {
  expect(refused({ ...props, extraArgs })).toEqual([
    '[test/Etcd] extraArgs[0]: expected at least TLS1.3, the lowest version of TLS, because etcd does not start otherwise, got "--tls-max-version=TLS1.2"; remove it',
  ]);
});

test.each([
  [['--enable-log-rotation', '--log-outputs=/a,/b'], 'needs one file in --log-outputs'],
  [
    ['--enable-log-rotation', '--log-outputs=/a', '--log-rotation-config-json=x'],
    'needs a JSON object in --log-rotation-config-json',
  ],
])('log rotation: %j', (extraArgs, expected) => {
  expect(refused({ extraArgs })).toEqual([expect.stringContaining(`[test/Etcd] extraArgs[0]: ${expected}`)]);
});

test('a CN of peers, with and without certificates from cert-manager', () => {
  const extraArgs = ['--peer-cert-allowed-cn=member'];
  expect(refused({ tls: EtcdTls.fromOwnCa(), extraArgs })).toEqual([
    expect.stringContaining('[test/Etcd] extraArgs[0]: cannot be combined with certificates from cert-manager'),
  ]);
  const [server, peer, client] = ['server', 'peer', 'client'].map((name) => ({ name }));
  expect(refused({ tls: EtcdTls.fromSecrets({ server, peer, client }), extraArgs })).toEqual([]);
});

test('a highest version of TLS', () => {
  expect(refused({ tls: EtcdTls.fromOwnCa(), extraArgs: ['--tls-max-version=TLS1.2'] })).toEqual([]);
});

test.each(['ETCD_UNSUPPORTED_ARCH', 'ETCD_VERIFY', 'GOMAXPROCS', 'ETCDCTL_USER'])('variable %s is no flag', (name) => {
  expect(refused({ extraEnv: [{ name, value: 'arm' }] })).toEqual([]);
});

test.each([
  ['GOMEMLIMIT', '2Gi'],
  ['GOMEMLIMIT', '1.5GiB'],
  ['GOMEMLIMIT', '9999999TiB'],
  ['GOGC', 'high'],
])('Go does not read %s=%s', (name, value) => {
  const extraEnv = [{ name, value }];
  const expected = [expect.stringMatching(/extraEnv\[0\]\.value: expected .*; programs (end at|ignore) another value/)];
  expect(refused({ extraEnv })).toEqual(expected);
  expect(problemsOf(() => synthCluster({}, (cluster) => cluster.addDefrag({ extraEnv })))).toEqual(expected);
});

test.each([
  ['GOMEMLIMIT', '2GiB'],
  ['GOMEMLIMIT', '1048576'],
  ['GOMEMLIMIT', 'off'],
  ['GOGC', '-1'],
])('Go reads %s=%s', (name, value) => {
  expect(refused({ extraEnv: [{ name, value }] })).toEqual([]);
});

test('flags are not compared with those of another version', () => {
  const image = EtcdImage.upstream('v3.5.21');
  expect(
    refused({ image, extraEnv: [{ name: 'ETCD_EXPERIMENTAL_MEMORY_MLOCK' }], extraArgs: ['--enable-v2'] }),
  ).toEqual([expect.stringContaining('[test/Etcd] image.version: expected an etcd version')]);
});

test('an empty variable, which etcd ignores', () => {
  expect(refused({ extraEnv: [{ name: 'ETCD_MAX_WALS', value: '' }] })).toEqual([]);
});

test.each([
  [['--unsafe-no-fsync'], 1],
  [['--unsafe-no-fsync=true'], 1],
  [['--unsafe-no-fsync=false'], 0],
  [['--strict-reconfig-check=false'], 1],
  [['--strict-reconfig-check'], 0],
  [['--pre-vote=0'], 1],
  [['--pre-vote=true'], 0],
  [['--enable-pprof'], 1],
  [['--memory-mlock'], 1],
])('%j: %i warnings', (extraArgs, count) => {
  expect(warningsOf({ extraArgs })).toEqual(Array(count).fill(expect.stringContaining('is unsafe: ')));
});

test('an unsafe variable', () => {
  expect(warningsOf({ extraEnv: [{ name: 'ETCD_UNSAFE_NO_FSYNC', value: 'true' }] })).toEqual([
    expect.stringContaining('extraEnv[0].name: ETCD_UNSAFE_NO_FSYNC is unsafe: '),
  ]);
});

test('every version of the table has the flags that all of them have', () => {
  expect(TABULATED).toEqual(['3.5.21', '3.5.35', '3.6.16', '3.7.3']);
  for (const version of TABULATED) {
    expect(flagsOf(version).get('unsafe-no-fsync')).toBe('boolean');
    expect(flagsOf(version).size).toBeGreaterThan(90);
  }
});

test.each(['03.6.16', '3.06.16', '3.6.016', '3.6', 'v3.6.16', '3.6.16 '])('%s is no version', (version) => {
  expect(refused({ image: EtcdImage.upstream(version) })).toEqual([
    expect.stringContaining('image.version: expected an etcd version such as 3.6.16'),
  ]);
  expect(refused({ upgradeFrom: version })).toHaveLength(1);
});

const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each([
  ['example.com/etcd:v3.5.21', '3.6.16', '3.5.21'],
  ['example.com/etcd:3.6.15-custom.1', '3.6.16', '3.6.15'],
  [`example.com/etcd:v3.7.3@${DIGEST}`, '3.6.16', '3.7.3'],
])('%s with version %s', (reference, version, tagged) => {
  expect(refused({ image: EtcdImage.custom(reference, { version }) })).toEqual([
    `[test/Etcd] image.version: expected ${tagged}, the version in the tag of the image, got "${version}"; correct one of them`,
  ]);
});

test.each([
  ['example.com/etcd:v3.6.16', '3.6.16'],
  ['example.com/etcd:3.6.16-r5', '3.6.16'],
  ['example.com/etcd:1.2.3', '3.6.16'],
  ['example.com/etcd:v3.6', '3.6.16'],
  ['example.com/etcd:build-3.5.21', '3.6.16'],
  ['example.com:5000/etcd:3.5.21.7', '3.6.16'],
  [`example.com/etcd@${DIGEST}`, '3.6.16'],
])('%s may have version %s', (reference, version) => {
  expect(refused({ image: EtcdImage.custom(reference, { version }) })).toEqual([]);
});
