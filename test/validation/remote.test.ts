import { EtcdSnapshotStore, type EtcdRemote } from '../../src';
import { problemsOf, synthCluster } from '../support/synth';

const store = EtcdSnapshotStore.existingClaim('claim');
const remote = (options: Partial<EtcdRemote>): string[] =>
  problemsOf(() =>
    synthCluster({}, (c) => c.addSnapshots({ store, remote: { path: 'a:b', configSecret: 's', ...options } })),
  );
const FILTER = 'is a filter, with which rclone copies no single file';
const CREDENTIAL = 'a credential must not be in YAML';

test.each([
  ['https://user:password@host/bucket', CREDENTIAL],
  ['https://host/bucket', 'expected a remote and a folder as rclone writes them'],
  ['b:bucket/../x', 'expected a folder without "." and ".."'],
  ['b:../x', 'expected a folder without "." and ".."'],
  ['b:bucket/.', 'expected a folder without "." and ".."'],
  ['b:', 'expected a remote and a folder as rclone writes them'],
])('path %s', (path, expected) => {
  const problems = remote({ path });
  expect(problems).toEqual([expect.stringContaining(`[test/Etcd/Snapshots] remote.path: ${expected}`)]);
  expect(problems[0]).not.toContain('password@');
});

test.each(['b:bucket', 'backup:my-bucket/etcd', 'b:/absolute/path', 'b:bucket/..x/...', 'b:a:b'])(
  'path %s is fine',
  (path) => {
    expect(remote({ path })).toEqual([]);
  },
);

test.each(['..', '..data', '.', 'a/b', ''])('key %j', (configKey) => {
  expect(remote({ configKey })).toEqual([expect.stringContaining('remote.configKey: expected a key of a Secret')]);
});

test.each([
  '--s3-secret-access-key',
  '--s3-access-key-id',
  '--s3-session-token',
  '--sftp-pass',
  '--sftp-key-pem',
  '--sftp-key-file-pass',
  '--azureblob-key',
  '--azureblob-sas-url',
  '--azurefiles-connection-string',
  '--gcs-service-account-credentials',
  '--webdav-bearer-token',
  '--crypt-password2',
])('%s is a credential', (flag) => {
  const problems = remote({ extraArgs: [`${flag}=hunter2`] });
  expect(problems).toEqual([
    `[test/Etcd/Snapshots] remote.extraArgs[0]: ${CREDENTIAL}, got "${flag}=..."; put it in the Secret`,
  ]);
});

test.each([
  '--webdav-url=https://user:hunter2@host',
  '--http-proxy=http://u:hunter2@proxy',
  '--header=Authorization:hunter2',
])('%s has one', (flag) => {
  const problems = remote({ extraArgs: [flag] });
  expect(problems).toEqual([expect.stringContaining(`remote.extraArgs[0]: ${CREDENTIAL}`)]);
  expect(problems[0]).not.toContain('hunter2');
});

test.each([
  '--bypass-x',
  '--sftp-key-file=/keys/id',
  '--sftp-key-use-agent',
  '--s3-sse-kms-key-id=arn:aws:kms:x',
  '--s3-sse-customer-key-md5=x',
  '--password-command=x',
  '--ask-password=false',
  '--gcs-service-account-file=/x',
  '--tpslimit=10',
  '--webdav-url=https://host:443/x',
  '--compress',
  '--max-transfer=1G',
  '--min-sleep=10ms',
  '--s3-list-version=2',
])('%s is none', (flag) => {
  expect(remote({ extraArgs: [flag] })).toEqual([]);
});

test.each([
  ['--dump=auth', 'writes credentials into the log'],
  ['--dump-headers', 'writes credentials into the log'],
  ['--dump-bodies', 'writes credentials into the log'],
  ['--help', 'is set by the library, or would prevent the copy'],
  ['--compare-dest=b:other', 'is set by the library, or would prevent the copy'],
  ['--progress', 'is set by the library, or would prevent the copy'],
  ['--dry-run', 'is set by the library, or would prevent the copy'],
  ['--dry-run=true', 'is set by the library, or would prevent the copy'],
  ['--exclude=*.tmp', FILTER],
  ['--exclude-from=/x', FILTER],
  ['--exclude-if-present=.x', FILTER],
  ['--include=*', FILTER],
  ['--filter=-_*.tmp', FILTER],
  ['--filter-from=/x', FILTER],
  ['--files-from-raw=/x', FILTER],
  ['--max-age=1d', FILTER],
  ['--min-size=1', FILTER],
  ['--metadata-include=a=b', FILTER],
  ['--interactive', 'is set by the library, or would prevent the copy'],
])('%s', (flag, expected) => {
  expect(remote({ extraArgs: [flag] })).toEqual([expect.stringContaining(`remote.extraArgs[0]: ${expected}`)]);
});

test.each([
  'docker.io/rclone/rclone:1.60.0',
  'rclone/rclone:1.75',
  'mirror.example.com/rclone:v1.9.3',
  'rclone/rclone:0.99.9',
])('%s is too old', (image) => {
  expect(remote({ image })).toEqual([
    `[test/Etcd/Snapshots] remote.image: expected rclone 1.76.0 or newer, because older versions overwrite files despite --immutable, got "${image}"; use a newer image`,
  ]);
});

test.each([
  'rclone/rclone:1.76.0',
  'rclone/rclone:1.100',
  'rclone/rclone:2.0.0',
  'example.com/tools:1.0.0',
  'example.com/rclone:our-7',
])('%s is new enough', (image) => {
  expect(remote({ image })).toEqual([]);
});

describe('extraEnv of jobs and members', () => {
  const of = (name: string, value: string): string[] => {
    const extraEnv = [{ name, value }];
    const members = problemsOf(() => synthCluster({ extraEnv }));
    const jobs = problemsOf(() => synthCluster({}, (c) => c.addSnapshots({ store, extraEnv })));
    if (!name.startsWith('RCLONE_'))
      expect(members.map((line) => line.replace('Etcd]', 'Etcd/Snapshots]'))).toEqual(jobs);
    return jobs;
  };

  test.each([
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'RCLONE_S3_SECRET_ACCESS_KEY',
    'RCLONE_CONFIG_BACKUP_PASS',
    'ETCDCTL_PASSWORD',
    'AZURE_STORAGE_KEY',
  ])('%s is a credential', (name) => {
    const problems = of(name, 'hunter2');
    expect(problems).toEqual([
      `[test/Etcd/Snapshots] extraEnv[0].value: ${CREDENTIAL}; put ${name} into a Secret, and use valueFrom`,
    ]);
  });

  test('a password in a URL', () => {
    const problems = of('HTTPS_PROXY', 'http://user:hunter2@proxy:3128');
    expect(problems).toEqual([expect.stringContaining(`extraEnv[0].value: ${CREDENTIAL}`)]);
    expect(problems[0]).not.toContain('hunter2');
  });

  test.each([
    ['RCLONE_DRY_RUN', 'is set by the library, or would prevent the copy'],
    ['RCLONE_IMMUTABLE', 'is set by the library, or would prevent the copy'],
    ['RCLONE_MAX_AGE', FILTER],
    ['RCLONE_EXCLUDE', FILTER],
    ['RCLONE_FILES_FROM', FILTER],
    ['RCLONE_DUMP', 'writes credentials into the log'],
    ['RCLONE_CONFIG', 'is set by the library and cannot be changed'],
  ])('%s', (name, expected) => {
    expect(of(name, 'true')).toEqual([expect.stringContaining(`[test/Etcd/Snapshots] extraEnv[0].name: ${expected}`)]);
  });

  test.each([
    ['HTTPS_PROXY', 'http://proxy:3128'],
    ['AWS_REGION', 'eu-central-1'],
    ['RCLONE_SFTP_KEY_FILE', '/keys/id'],
    ['AWS_WEB_IDENTITY_TOKEN_FILE', '/var/run/token'],
    ['ETCDCTL_USER', 'root'],
    ['ETCD_AUTH_TOKEN', 'simple'],
    ['RCLONE_TPSLIMIT', '10'],
    ['AWS_SECRET_ACCESS_KEY', ''],
  ])('%s=%s is fine', (name, value) => {
    expect(of(name, value)).toEqual([]);
  });

  test('a credential from a Secret', () => {
    const extraEnv = [{ name: 'AWS_SECRET_ACCESS_KEY', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } }];
    expect(problemsOf(() => synthCluster({ extraEnv }, (c) => c.addSnapshots({ store, extraEnv })))).toEqual([]);
  });
});

test('a runbook’s URL with a password', () => {
  const alerts = { runbookUrl: 'https://user:hunter2@wiki.example.com/etcd' };
  const problems = problemsOf(() => synthCluster({}, (c) => c.addMonitoring({ alerts })));
  expect(problems).toEqual([
    `[test/Etcd/Monitoring] alerts.runbookUrl: ${CREDENTIAL}; leave the user and the password out of the URL`,
  ]);
});
