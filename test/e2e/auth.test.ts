import { Duration, Yaml } from 'cdk8s';
import { EtcdDefragMethod, EtcdRestore, EtcdSnapshotStore, type EtcdAuthOptions } from '../../src';
import { APP, AUTH, ROOT_PASSWORD, secrets } from './support/auth';
import { podName, TestCluster } from './support/cluster';
import { blocksOf, runBlock } from './support/guides';
import { JobRun } from './support/jobs';
import { LIMITS, PATIENCE, SLACK } from './support/limits';
import { report } from './support/report';
import { expectHandedOver, expectNothingLost, expectUnnoticed, Scenario, timed } from './support/scenario';
import { useSpace } from './support/space';
import { WITH_TLS } from './support/tls';
import { describeWhere } from '../support/describe-where';

const NEVER = '0 0 1 1 *';
const PAGE = 'docs/users.md';

// ../scripts/users-certificates.test.ts has users with certificates.
const missing = WITH_TLS
  ? "with TLS, the certificate of the suite's clients is root's, so none needs a password"
  : undefined;

describeWhere(missing, 'e2e', 'users on a running cluster', () => {
  const space = useSpace('auth');
  let scenario: Scenario;
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = new TestCluster(space.kubectl, (etcd) => {
      const store = EtcdSnapshotStore.persistentVolumeClaim({ size: '1Gi' });
      etcd
        .addSnapshots({ store, schedule: NEVER, backoffLimit: 0 })
        .addRestoreDrill({ schedule: NEVER, backoffLimit: 0, maximumAge: Duration.days(400) });
      etcd.addDefrag({ schedule: NEVER, method: EtcdDefragMethod.OFFLINE });
    });
    await space.kubectl.apply(Yaml.stringify(...secrets()));
    await cluster.apply({ auth: undefined });
    await cluster.whole();
    scenario = await Scenario.beside(cluster);
  });

  const write = (name: string, user = APP) =>
    scenario.write(name, { endpoints: cluster.memberUrls(), retries: 1, user });
  const apply = (more: Partial<EtcdAuthOptions> = {}) => cluster.apply({ auth: { ...AUTH, ...more } });
  /** What etcdctl prints as this user; without credentials when the name is empty. */
  const as = async (user: string, ...args: string[]): Promise<string> => {
    const script = 'exec env ETCDCTL_USER="$0" etcdctl "$@"';
    const { stdout, stderr } = await cluster.exec(
      podName(0),
      'sh',
      '-c',
      script,
      user,
      '--command-timeout=3s',
      ...args,
    );
    return stdout + stderr;
  };
  const until = (what: string, met: () => Promise<boolean>) => space.kubectl.until(what, PATIENCE, met);
  const isOn = () => until('authentication', async () => (await as('', 'get', 'a')).includes('user name is empty'));
  const isOff = () => until('no authentication', async () => (await as('', 'put', 'a', '1')).includes('OK'));
  const isRejected = async (user: string) => (await as(user, 'get', 'a')).includes('authentication failed');
  /** A kubelet looks for changed Secrets when its pod has changed, or after more than a minute. */
  const setSecrets = (root: string, app: string) => space.kubectl.apply(Yaml.stringify(...secrets(root, { app })));

  const snapshot = async (job: string): Promise<string> => {
    const { ok, log } = await (await JobRun.start(space.kubectl, job, 'etcd-snapshotter')).end();
    expect([ok, log]).toEqual([true, expect.any(String)]);
    return /snapshot saved: \/snapshots\/(db-\S+)/.exec(log)?.[1] ?? '';
  };
  const restore = (name: string, id: string) =>
    cluster.apply({ restoreFrom: EtcdRestore.fromClaim('etcd-snapshotter', name, { id }) });

  space.case('prepared, enabled, disabled and enabled again, under writes of a client with credentials', async () => {
    const run = await write('app');
    const millis = await timed(async () => {
      const pods = await cluster.pods();
      await apply({ enabled: false });
      await cluster.whole(pods);
      await until('app', async () => (await as('', 'user', 'list')).includes('app'));
    });
    expectHandedOver(await scenario.finish('users: first commit', run, millis), 3);

    const restarts = await cluster.restarts();
    const pods = (await cluster.pods()).map((pod) => pod.metadata.uid);
    const open = await scenario.write('open', { endpoints: cluster.memberUrls() });
    const again = await write('again');
    const enabled = await timed(async () => {
      await apply();
      await isOn();
    });
    const rejected = await open.stop();
    expect(rejected.failed).toBeGreaterThan(0);
    expect(rejected.errors[0]?.error).toContain('user name is empty');
    await apply({ enabled: false });
    await isOff();
    await apply();
    await isOn();
    expectUnnoticed(await scenario.finish('users: enabled, disabled, enabled', again, enabled));
    expect(await cluster.restarts()).toBe(restarts);
    expect((await cluster.pods()).map((pod) => pod.metadata.uid)).toEqual(pods);
    expect([...blocksOf(PAGE).keys()]).toEqual(['what was changed']);
    const changes = await runBlock(PAGE, 'what was changed', space.kubectl.namespace, '.');
    expect(changes).toContain('users: etcdctl user add app');
    await cluster.whole();
  });

  space.case('passwords are changed through their Secrets alone', async () => {
    const restarts = await cluster.restarts();
    await setSecrets(ROOT_PASSWORD, 'second');
    const ofApp = await timed(() => until('the new password', async () => !(await isRejected('app:second'))));
    expect(await isRejected(APP)).toBe(true);
    await setSecrets('new-root', 'second');
    const job = await JobRun.start(space.kubectl, 'during-the-change', 'etcd-snapshotter');
    const ofRoot = await timed(() =>
      until('the new password of root', async () => !(await isRejected('root:new-root'))),
    );
    expect(await isRejected(`root:${ROOT_PASSWORD}`)).toBe(true);
    expect(await job.end()).toMatchObject({ ok: true });
    for (const millis of [ofApp, ofRoot]) expect(millis).toBeLessThan(SLACK * 120_000);
    report('users: passwords changed', { wholeMillis: ofApp });
    report('users: password of root changed', { wholeMillis: ofRoot });
    expect(await cluster.restarts()).toBe(restarts);
    await setSecrets(ROOT_PASSWORD, 'first');
    await until(
      'the first password',
      async () => !(await isRejected(APP)) && !(await isRejected(`root:${ROOT_PASSWORD}`)),
    );
    await cluster.whole();
  });

  space.case('a lost volume, scaling and defragmentation, as without users', async () => {
    const run = await write('lost');
    const old = await cluster.pod(podName(1));
    const millis = await timed(async () => {
      await cluster.loseDisks([1]);
      await cluster.whole([old]);
    });
    expect(millis).toBeLessThan(SLACK * LIMITS.lostDisk.whole);
    expectHandedOver(await scenario.finish('users: claim and pod deleted', run, millis), 1);

    const scaled = await write('scaled');
    const scale = await timed(async () => {
      for (const replicas of [5, 3]) {
        await cluster.apply({ replicas });
        await cluster.whole();
      }
    });
    expectHandedOver(await scenario.finish('users: 3 to 5 to 3 members', scaled, scale), 3);

    const defrag = await JobRun.start(space.kubectl, 'defrag', 'etcd-defrag');
    expect(await defrag.end()).toMatchObject({ ok: true });
    await cluster.whole();
  });

  space.case('in-place restore of a snapshot with other users', async () => {
    await as(`root:${ROOT_PASSWORD}`, 'put', 'key', 'before');
    const name = await snapshot('take');
    expect(await (await JobRun.start(space.kubectl, 'drill', 'etcd-drill')).end()).toMatchObject({ ok: true });
    await setSecrets('later', 'later');
    await until(
      'the later passwords',
      async () => !(await isRejected('root:later')) && !(await isRejected('app:later')),
    );
    await as('root:later', 'put', 'key', 'after');
    const millis = await timed(async () => {
      await restore(name, 'users');
      await until(
        'the earlier data',
        async () => (await as('root:later', 'get', 'key', '--print-value-only')) === 'before\n',
      );
      await cluster.whole();
      await isOn();
    });
    report('users: restore of a snapshot with other passwords', { wholeMillis: millis });
    expect(await isRejected(APP)).toBe(true);
    expect(await as('app:later', 'put', 'key', 'again')).toContain('OK');
    const run = await write('restored', 'app:later');
    expectNothingLost(await scenario.finish('users: after the restore', run));
  });

  space.case('a lost password of root: clients are served, and a restore applies the one of the Secret', async () => {
    const name = await snapshot('last');
    await setSecrets('nobody-told-etcd', 'later');
    await cluster.killAll(); // no member still has the password before
    await cluster.ready();
    await until('the log to say so', async () => {
      const logs = await Promise.all(cluster.podNames.map((pod) => cluster.logs(pod)));
      return logs.some((log) => log.includes("etcd does not accept the password in root's Secret"));
    });
    expect(await as('app:later', 'put', 'key', 'still')).toContain('OK');
    expect(await isRejected('root:nobody-told-etcd')).toBe(true);
    const millis = await timed(async () => {
      await restore(name, 'lost-root');
      await until('the password of the Secret', async () => !(await isRejected('root:nobody-told-etcd')));
      await cluster.whole();
      await isOn();
    });
    report('users: restore after the password of root was lost', { wholeMillis: millis });
    expect(await as('app:later', 'get', 'key', '--print-value-only')).toBe('again\n');
  });
});
