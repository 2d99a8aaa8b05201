import { cli, FROM, guide } from './command';

describe('usage', () => {
  test.each([
    [['--help'], 0, /^Usage: cdk8s-etcd COMMAND/, /^$/],
    [['from-bitnami', '-h'], 0, /Exit status: 0 if the import succeeds/, /^$/],
    [['--version'], 0, /^9\.9\.9\n$/, /^$/],
    [[], 2, /^$/, /expected a command/],
    [['from-helm'], 2, /^$/, /unknown command from-helm\nSee cdk8s-etcd --help/],
    [['from-bitnami'], 2, /^$/, /expected a values file; .*\nSee cdk8s-etcd from-bitnami --help/],
    [['from-bitnami', 'a', 'b'], 2, /^$/, /expected one values file, got 2/],
    [['from-bitnami', 'a', '--relase', 'x'], 2, /^$/, /Unknown option '--relase'/],
    [['from-bitnami', 'a', '--release'], 2, /^$/, /release/],
    [['from-bitnami', 'a', '--namespace', 'A_B'], 2, /^$/, /--namespace: expected a DNS label.*got "A_B"/],
    [['from-bitnami', 'a', '--json', '--code'], 2, /^$/, /cannot be combined; use one of them/],
    [['from-bitnami', 'a', '--json', '--output', 'x'], 2, /^$/, /cannot be combined with --json/],
    [['from-bitnami', 'a', '--live', 'b', '--new'], 2, /^$/, /--new and --live cannot be combined/],
    [['from-bitnami', '-', '--live', '-'], 2, /^$/, /VALUES and --live cannot both be standard input/],
    [['from-bitnami', 'missing.yaml'], 2, /^$/, /cannot read missing.yaml: ENOENT/],
  ])('%j', (args, status, out, err) => {
    const said = cli(args);
    expect(said.status).toBe(status);
    expect(said.out).toMatch(out);
    expect(said.err).toMatch(err);
  });
});

describe('output', () => {
  const files = { 'v.yaml': guide('etcd-backup'), '-': guide('etcd-backup') };

  test('code goes to standard output, the report to standard error', () => {
    const { status, out, err } = cli(FROM, files);
    expect(status).toBe(0);
    expect(out).toMatch(/^import \{ App, Chart.*new EtcdCluster\(.*app\.synth\(\);\n$/s);
    expect(err).toMatch(/^Release etcd in namespace etcd-cluster.*Dangers in this file.*Same as before/s);
  });

  test('code or report alone, from standard input, as JSON, and into a folder', () => {
    const both = cli(FROM, files);
    expect(cli([...FROM, '--code'], files)).toMatchObject({ out: both.out, err: '' });
    expect(cli([...FROM, '--report'], files)).toMatchObject({ out: both.err, err: '' });
    expect(
      cli(
        FROM.map((arg) => (arg === 'v.yaml' ? '-' : arg)),
        files,
      ).out,
    ).toBe(both.out);
    const json = JSON.parse(cli([...FROM, '--json'], files).out) as { status: string; code: string; dangers: object[] };
    expect(json).toMatchObject({ status: 'ok', code: both.out, name: 'etcd', problems: [] });
    expect(json.dangers).toContainEqual(expect.objectContaining({ parameter: 'disasterRecovery.enabled', line: 35 }));
    expect(cli([...FROM, '--output', 'app'], files)).toMatchObject({
      out: '',
      files: { 'app/main.ts': both.out, 'app/report.txt': both.err },
    });
  });

  test('--output writes nothing if one of the two files exists', () => {
    for (const there of ['app/main.ts', 'app/report.txt']) {
      const said = cli([...FROM, '--output', 'app'], { ...files, [there]: 'mine' });
      expect(said).toEqual({
        status: 2,
        out: '',
        err: `cdk8s-etcd: ${there} exists; remove it or choose another folder\n`,
        files: {},
      });
    }
  });

  test('the report says what was assumed', () => {
    expect(cli(['from-bitnami', 'v.yaml'], files).err).toMatch(/^Assumed: --release etcd --namespace etcd-cluster\n/);
  });

  test('--new: members may start empty', () => {
    expect(cli(FROM, files).out).toContain('existingCluster: true');
    const out = cli([...FROM, '--new'], files).out;
    expect(out).not.toContain('existingCluster');
    expect(out).not.toContain('onTotalLoss');
  });
});

test('a refused import: every wrong line, no code, status 1', () => {
  const { status, out, err } = cli(FROM, {
    'v.yaml': 'replicaCount: three\nauth:\n  client: { secureTransport: true }\n',
  });
  expect({ status, out }).toEqual({ status: 1, out: '' });
  expect(err).toMatch(/Cannot be imported \(2\)/);
  expect(err).toContain('v.yaml:1: replicaCount');
  expect(err).toContain('v.yaml:3: auth.client.secureTransport');
});

test('a container that mounts a volume of the chart is refused at its line', () => {
  const { status, err } = cli(FROM, {
    'v.yaml': `auth: { rbac: { create: false } }
sidecars: [{ name: a, image: 'a:1', volumeMounts: [{ name: empty-dir, mountPath: /tmp }] }]
`,
  });
  expect(status).toBe(1);
  expect(err).toMatch(/v.yaml:2: sidecars\n +sidecars\[0\].volumeMounts\[0\].name: unknown [^]*got "empty-dir"/);
});

test('what the library itself refuses also has its line in the file', () => {
  const values = `auth: { rbac: { create: false } }
extraEnvVars:
  - { name: ETCD_HEARTBEAT_INTERVAL, value: '500' }
image: { tag: 3.5.4-debian-11-r1 }
defrag: { enabled: true, cronjob: { schedule: daily } }
`;
  const { status, err } = cli(FROM, { 'v.yaml': values });
  expect(status).toBe(1);
  expect(err).toMatch(/v.yaml:2: extraEnvVars\n +electionTimeout: expected at least 5 times/);
  expect(err).toMatch(/v.yaml:4: image.tag\n +image.version: expected etcd 3.5.19 or later/);
  expect(err).toMatch(/v.yaml:5: defrag.cronjob.schedule\n +schedule: /);
});

test.each([
  ['etcd-backup', /after a full restart, disasterRecovery rolls back to the newest snapshot/],
  ['etcd-backup', /3 snapshots are kept, not 2/],
  ['etcd-backup', /every member mounts the claim/],
  ['etcd-monitoring', /metrics.enabled opened the client port/],
  ['etcd-defrag', /writes failed per run/],
  ['etcd-restore', /a member that loses its volume restores the old snapshot/],
  ['etcd', /auth.rbac.token.enabled unknown to the chart, .*use auth.token.enabled/],
  ['etcd', /a quota of 8.0 GiB on a claim of 8Gi/],
])('the guide’s %s: %s', (name, danger) => {
  const text = cli([...FROM, '--report'], { 'v.yaml': guide(name) }).out.replace(/\n {6}/g, ' ');
  expect(text).toMatch(danger);
});

test.each([
  ['configuration: "a: b"', /configuration was never applied/],
  ['defrag: { enabled: true, cronjob: { extraEnvVars: [{ name: A, value: b }] } }', /these variables were never set/],
  ['defrag: { enabled: true }\nservice: { ports: { client: 1234 } }', /defragmentation never worked/],
  ['replicaCount: 3\ndefrag: { enabled: true }', /each member transfers leadership first/],
  ['replicaCount: 2\ndefrag: { enabled: true }', /fewer than three members cannot defragment without failed writes/],
  ['image: { repository: bitnamilegacy/etcd }', /has not been updated since August 2025/],
  ['auth: { rbac: { create: false }, token: { type: jwt } }', /has no effect: auth.rbac.create is off/],
  ['pdb: { maxUnavailable: 1 }', /there was no PodDisruptionBudget/],
  ['replicaCount: 4', /4\s+members\s+tolerate\s+no\s+more\s+failures\s+than\s+3/],
  ['persistence: { enabled: false }', /the data of a pod is lost when the pod is deleted/],
  [
    'lifecycleHooks: { preStop: { exec: { command: [/opt/bitnami/scripts/etcd/prestop.sh] } } }',
    /removes the member from the member list/,
  ],
  ['metrics: { enabled: true, podMonitor: { enabled: true, interval: 10s } }', /a timeout above the interval/],
  [
    'persistentVolumeClaimRetentionPolicy: { enabled: true, whenDeleted: Delete }',
    /set Retain on the live StatefulSet with kubectl patch/,
  ],
  ['auth: { rbac: { create: false, allowNoneAuthentication: false } }', /does not start if this is false/],
  ['auth: { rbac: { create: true } }', /the Secret etcd of the release has root’s password: keep it/],
  ['auth: { rbac: { create: true } }', /the Secret etcd-jwt-token of the release has the key of the tokens: keep it/],
  ['replicaCount: 1', /one member tolerates no failure/],
  ['image: { tag: 3.5.21 }', /etcd 3\.5\.21: upgrade to 3\.5\.26 or later before 3\.6/],
  ['replicaCount: 3', /nothing compacts/],
  ['replicaCount: 3', /micro is for trials/],
  ['defrag: { cronjob: { suspend: true } }', /has no effect: defrag.enabled is off/],
])('dangers: %s', (values, danger) => {
  const off = values.startsWith('auth') ? '' : 'auth: { rbac: { create: false } }\n';
  const { out } = cli([...FROM, '--report'], { 'v.yaml': off + values });
  expect(out.replace(/\n {6}/g, ' ').replace(/ +/g, ' ')).toMatch(danger);
});
