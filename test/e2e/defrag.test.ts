import { Duration } from 'cdk8s';
import { EtcdDefragMethod } from '../../src';
import { bloat } from './support/bloat';
import { podName, TestCluster } from './support/cluster';
import { JobRun } from './support/jobs';
import type { Live } from './support/kubectl';
import { PATIENCE } from './support/limits';
import { useSpace } from './support/space';

/** Size of the database, half of which can be reclaimed. */
const MEBIBYTES = 40;
const GAIN = { minimumGain: '10Mi' };
const RESOURCES = { cpuRequest: '50m', memory: '512Mi' };

describe('defragmentation', () => {
  const space = useSpace('defrag');
  let memberTimeout: Duration | undefined;
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = new TestCluster(space.kubectl, (etcd) =>
      etcd.addDefrag({
        method: EtcdDefragMethod.OFFLINE,
        memberTimeout,
        schedule: '0 0 1 1 *',
        pauseAfterMember: Duration.seconds(1),
      }),
    );
    await cluster.apply({ resources: RESOURCES, defragmentation: GAIN });
    await cluster.whole();
  });

  const take = (name: string) => JobRun.start(space.kubectl, name, 'etcd-defrag');

  async function uids(): Promise<string[]> {
    return (await cluster.pods()).map((pod: Live) => pod.metadata.uid as string).sort();
  }

  space.case('with nothing to reclaim, no member is restarted, and the job succeeds', async () => {
    const before = await uids();
    const { ok, log } = await (await take('nothing')).end();
    expect(log).toContain('nothing to gain');
    expect(log).toMatch(/ nothing to do$/m);
    expect(ok).toBe(true);
    expect(await uids()).toEqual(before);
  });

  space.case('the job is killed: the cluster stays healthy, and the next run continues', async () => {
    await bloat(cluster, MEBIBYTES);
    const run = await take('killed');
    await evicted(run);
    await space.kubectl.kill(`--selector=batch.kubernetes.io/job-name=${run.name}`);
    await run.delete();
    await cluster.whole();
    expect(await expectTheNextRunGoesOn('goes-on')).toContain('nothing to gain'); // the member that was evicted before
  });

  /** The member that a run has evicted, while it is down. */
  async function evicted(run: JobRun): Promise<string> {
    return space.kubectl.until(
      'the first eviction',
      PATIENCE,
      async () => / evicting (etcd-\d)/.exec(await run.log())?.[1],
    );
  }

  /** The next run finishes the work, and nothing is left of the one before. */
  async function expectTheNextRunGoesOn(name: string): Promise<string> {
    await cluster.whole();
    const { ok, log } = await (await take(name)).end();
    expect(log).toContain('summary:');
    expect(ok).toBe(true);
    await cluster.agreed();
    for (const pod of cluster.podNames) {
      const { stdout } = await cluster.exec(pod, 'sh', '-c', 'ls $ETCD_DATA_DIR/member/snap');
      expect(stdout).not.toContain('tmp');
    }
    return log;
  }

  space.case('a node is lost during the job: it stops, and the next run continues', async () => {
    await bloat(cluster, MEBIBYTES);
    memberTimeout = Duration.seconds(155); // more than the grace period
    await cluster.apply();
    const before = await uids();
    const run = await take('node-lost');
    const member = await evicted(run);
    const node = (await cluster.pod(member)).spec.nodeName as string;
    try {
      await space.kubectl.do(['cordon', node]); // its volume still exists
      await space.kubectl.kill(member);
      const { ok, log } = await run.end();
      expect(log).toContain(`error: ${member} is not back after 155 s; stopping here`);
      expect(ok).toBe(false);
      expect((await uids()).filter((uid) => before.includes(uid))).toHaveLength(2);
      await cluster.etcdctl('put', 'key', 'value');
    } finally {
      await space.kubectl.do(['uncordon', node]);
    }
    memberTimeout = undefined;
    await cluster.apply();
    await expectTheNextRunGoesOn('after-the-node');
  });

  space.case('with a member down, the job refuses and changes nothing', async () => {
    await bloat(cluster, MEBIBYTES);
    await space.kubectl.do(['scale', 'statefulset/etcd', '--replicas=2']);
    await space.kubectl.until('one to go', PATIENCE, async () => (await cluster.pods()).length === 2);
    try {
      const before = await uids();
      const { ok, log } = await (await take('one-down')).end();
      expect(log).toMatch(/error: https?:\/\/etcd-2\..* does not answer \(.*\); stopping here/);
      expect(ok).toBe(false);
      expect(await uids()).toEqual(before);
    } finally {
      await space.kubectl.do(['scale', 'statefulset/etcd', '--replicas=3']);
      await cluster.whole();
    }
  });

  space.case('with a learner that was added by hand, the job refuses', async () => {
    const stranger = 'http://stranger.example:2380';
    // etcd refuses for some seconds after a member has come back.
    const added = await space.kubectl.until('etcd to take a learner', PATIENCE, () =>
      cluster.etcdctl('member', 'add', 'stranger', '--learner', `--peer-urls=${stranger}`),
    );
    const before = await uids();
    const { ok, log } = await (await take('learner')).end();
    expect(log).toMatch(/error: there is a learner: [0-9a-f]+; stopping here/);
    expect(ok).toBe(false);
    expect(await uids()).toEqual(before);
    await cluster.etcdctl('member', 'remove', /Member +([0-9a-f]+) added/.exec(added)?.[1] ?? '');
  });

  space.case('etcdutl, then its pod, is killed: the member starts on the database as it was', async () => {
    await bloat(cluster, MEBIBYTES);
    const old = await cluster.pods();
    // Slow, so that the job can be caught in the middle; this restart must not defragment.
    await cluster.apply({ resources: { ...RESOURCES, cpuLimit: '200m' }, defragmentation: { minimumGain: '255Mi' } });
    await cluster.whole(old);
    await cluster.apply({ defragmentation: GAIN });
    const run = await take('etcdutl-killed');
    const member = await evicted(run);
    await signalEtcdutl(member, 'KILL');
    const { ok, log } = await run.end();
    await cluster.whole();
    expect(log).toMatch(/error: etcd-\d is not smaller: \d+ MiB before, \d+ MiB after; its log says why; stopping/);
    expect(ok).toBe(false);
    expect(await cluster.logs(member)).toContain('error: defragmentation failed; starting with the database unchanged');

    const second = await take('member-killed');
    const victim = await evicted(second);
    await signalEtcdutl(victim, 'STOP'); // so that it is in the middle when the pod is killed
    await space.kubectl.kill(victim);
    expect(await second.end()).toMatchObject({ ok: false });
    await expectTheNextRunGoesOn('after-the-kills');
  });

  async function signalEtcdutl(member: string, signal: string): Promise<void> {
    const lines = `for i in $(seq 100); do if pkill -${signal} etcdutl; then exit 0; fi; sleep 0.02; done; exit 1`;
    await space.kubectl.until(`etcdutl to get ${signal}`, PATIENCE, async () => {
      return (await cluster.exec(member, 'sh', '-c', lines)).ok;
    });
  }
});

describe('a database that has reached its quota', () => {
  const space = useSpace('nospace');

  space.case('accepts writes again after a run, without manual steps', async () => {
    const cluster = new TestCluster(space.kubectl, (etcd) =>
      etcd.addDefrag({ compactFirst: true, schedule: '0 0 1 1 *', pauseAfterMember: Duration.seconds(1) }),
    );
    await cluster.apply({
      resources: RESOURCES,
      quotaBackend: '32Mi',
      defragmentation: { minimumGain: '1Mi', minimumGainPercent: 10 },
    });
    await cluster.whole();
    const lines = [
      `v=$(head -c 1000000 /dev/zero | tr '\\0' a)`,
      'i=0 said=',
      'until said=$(echo "$v" | etcdctl put big/$i 2>&1 >/dev/null | grep exceeded) || [ $i = 100 ]; do i=$((i + 1)); done',
      'echo "$said"',
      'etcdctl del big --prefix >/dev/null',
    ];
    const { stdout } = await cluster.exec(podName(0), 'sh', '-euc', lines.join('\n'));
    expect(stdout).toContain('database space exceeded');
    const { ok, log } = await (await JobRun.start(space.kubectl, 'disarm', 'etcd-defrag')).end();
    expect(log).toMatch(/ disarmed the alarm NOSPACE: the largest database is \d+ MiB, the quota 32 MiB$/m);
    expect(ok).toBe(true);
    await cluster.etcdctl('put', 'key', 'value');
  });
});
