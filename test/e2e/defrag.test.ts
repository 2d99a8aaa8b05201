import { Duration } from 'cdk8s';
import { EtcdDefragMethod, EtcdStorage } from '../../src';
import { podName, TestCluster, type TestProps } from './support/cluster';
import { JobRun } from './support/jobs';
import type { Live } from './support/kubectl';
import { GAP_SLACK, LIMITS, PATIENCE } from './support/limits';
import { report } from './support/report';
import { expectHandedOver, expectNothingLost, Scenario, timed, type Seen } from './support/scenario';
import { useSpace } from './support/space';

/** Size of the database, half of which is to win. `npm run bench:defrag` takes more. */
const MEBIBYTES = Number(process.env.E2E_DEFRAG_MIB ?? '80');
const MIB = 2 ** 20;
const IS_MUCH = MEBIBYTES > 200;
/** Etcd keeps in memory what was written lately: where that is much, members are filled with more, and restarted to this. */
const MEMORY = IS_MUCH ? '512Mi' : '1Gi';

const GAIN = { minimumGain: '20Mi' };
const memory = (limit: string) => ({ cpuRequest: '50m', memory: limit });

describe('defragmentation', () => {
  const space = useSpace('defrag');
  let method = EtcdDefragMethod.OFFLINE;
  let memberTimeout: Duration | undefined;
  let scenario: Scenario;
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = new TestCluster(space.kubectl, (etcd) =>
      etcd.addDefrag({ method, memberTimeout, schedule: '0 0 1 1 *', settle: Duration.seconds(1) }),
    );
    await cluster.apply({
      resources: memory(MEMORY),
      storage: EtcdStorage.persistentVolumeClaim({ size: '4Gi' }),
      quotaBackend: '1Gi',
      snapshotCount: IS_MUCH ? 50 : undefined, // what came since the last is read into memory at a start
      defragmentation: GAIN,
    });
    await cluster.whole();
    scenario = await Scenario.beside(cluster);
  });

  const sizes = async (): Promise<number[]> => (await cluster.status()).map((status) => status.dbSize);

  /** Applies props that restart all members, none of which defragments by that. */
  async function roll(props: TestProps): Promise<void> {
    const old = await cluster.pods();
    await cluster.apply({ ...props, defragmentation: { minimumGain: '1Ti' } });
    await cluster.whole(old);
  }

  async function bloat(): Promise<void> {
    if (!IS_MUCH) return fill();
    await roll({ resources: memory('3Gi') });
    await fill();
    await roll({ resources: memory(MEMORY) });
    await cluster.apply({ defragmentation: GAIN });
  }

  /** Fills the database, and deletes half of it. */
  async function fill(): Promise<void> {
    const lines = [
      `v=$(head -c 10000 /dev/zero | tr '\\0' a)`,
      'hundred() { echo; for j in $(seq 100); do echo "put big/$1/$j $v"; done; echo; echo; }',
      `for i in $(seq ${MEBIBYTES}); do hundred $i | etcdctl txn >/dev/null; done`,
      `for i in $(seq ${Math.round(MEBIBYTES / 2)}); do etcdctl del big/$i/ --prefix >/dev/null; done`,
      `revision=$(etcdctl get x --write-out=fields | sed -n 's/^"Revision" : //p')`,
      'etcdctl compact "$revision" --physical >/dev/null',
      // What is free shows when something is written.
      'for i in 1 2 3 4 5; do etcdctl put small "$i" >/dev/null; sleep 0.3; done',
    ];
    const { ok, stderr } = await cluster.exec(podName(0), 'sh', '-euc', lines.join('\n'));
    if (!ok) throw new Error(stderr);
    await space.kubectl.until('space to win on all members', PATIENCE, async () => {
      await cluster.etcdctl('put', 'small', 'more');
      return (await cluster.status()).every((status) => status.dbSize - status.dbSizeInUse > (MEBIBYTES / 4) * MIB);
    });
  }

  const take = (name: string) => JobRun.start(space.kubectl, name, 'etcd-defrag');

  /** With one client on the members' URLs and one on the Service; what both saw, and the largest database afterwards. */
  async function measured(
    title: string,
    act: () => Promise<void>,
  ): Promise<{ several: Seen; service: Seen; toWin: number; won: number }> {
    await bloat();
    const before = Math.max(...(await sizes()));
    const toWin = Math.max(...(await cluster.status()).map(({ dbSize, dbSizeInUse }) => dbSize - dbSizeInUse));
    const several = await scenario.write('several', { endpoints: cluster.memberUrls(), reads: 20 });
    const service = await scenario.write('service', { endpoints: [cluster.serviceUrl], reads: 20, retries: 1 });
    const millis = await timed(act);
    const won = before - Math.max(...(await sizes()));
    const seen = {
      several: await scenario.finish(`defragmentation, ${title}, several endpoints`, several, millis),
      service: await scenario.finish(`defragmentation, ${title}, Service, one retry`, service, millis),
      toWin,
      won,
    };
    report(`defragmentation, ${title}`, {
      remark: `${Math.round(before / MIB)} MiB, ${Math.round(won / MIB)} MiB won`,
    });
    return seen;
  }

  space.case('beside it: etcdctl defrag over all endpoints, as the chart does', async () => {
    const old = await cluster.restarts();
    const { several } = await measured('etcdctl on all members', async () => {
      const endpoints = cluster.memberUrls().join(',');
      const defrag = ['etcdctl', `--endpoints=${endpoints}`, '--command-timeout=60s', 'defrag'];
      const { ok } = await cluster.exec(podName(0), ...defrag);
      if (!IS_MUCH) expect(ok).toBe(true); // else it may take more memory than there is
    });
    await cluster.whole();
    report('defragmentation, etcdctl on all members', {
      remark: `${(await cluster.restarts()) - old} containers restarted`,
    });
    expectNothingLost(several);
  });

  space.case('offline: nobody notices, and as much is won', async () => {
    const old = await cluster.pods();
    let log = '';
    const { several, service, toWin, won } = await measured('offline', async () => {
      const end = await (await take('offline')).end();
      ({ log } = end);
      expect(end).toMatchObject({ ok: true });
      await cluster.ready(old);
    });
    for (let ordinal = 0; ordinal < 3; ordinal++)
      expect(log).toMatch(new RegExp(`Finished defragmenting etcd member\\[http://${podName(ordinal)}\\.`));
    expect(won).toBeGreaterThan(0.8 * toWin);
    expectHandedOver(several, 3);
    expectHandedOver(service, 0);
    for (const { stats } of [several, service]) {
      expect(stats.failedReads).toBeLessThanOrEqual(3); // as writes, and the writer retries no read
      expect(stats.netGapMs).toBeLessThan(GAP_SLACK * LIMITS.defrag.gap);
    }
    await cluster.agreed();
  });

  async function uids(): Promise<string[]> {
    return (await cluster.pods()).map((pod: Live) => pod.metadata.uid as string).sort();
  }

  space.case('with nothing to gain, nobody is restarted, and that is success', async () => {
    const before = await uids();
    const { ok, log } = await (await take('nothing')).end();
    expect(log).toContain('nothing to gain');
    expect(log).toMatch(/ nothing to do$/m);
    expect(ok).toBe(true);
    expect(await uids()).toEqual(before);
  });

  space.case('the job killed in the middle: a whole cluster, and the next run goes on', async () => {
    await bloat();
    const run = await take('killed');
    await evicted(run);
    await space.kubectl.kill(`--selector=batch.kubernetes.io/job-name=${run.name}`);
    await run.delete();
    await cluster.whole();
    expect(await expectTheNextRunGoesOn('goes-on')).toContain('nothing to gain'); // the one that was evicted before
  });

  /** The member that a run lets go, while it is away. */
  async function evicted(run: JobRun): Promise<string> {
    return space.kubectl.until(
      'the first eviction',
      PATIENCE,
      async () => / evicting (etcd-\d)/.exec(await run.log())?.[1],
    );
  }

  /** The rest is done by the next run; nothing is left of the one before. */
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

  space.case('the node of a member lost in the middle: it stops, and the next run goes on', async () => {
    await bloat();
    memberTimeout = Duration.seconds(20);
    await cluster.apply();
    const before = await uids();
    const run = await take('node-lost');
    const member = await evicted(run);
    const node = (await cluster.pod(member)).spec.nodeName as string;
    try {
      await space.kubectl.do(['cordon', node]); // its volume is there
      await space.kubectl.kill(member);
      const { ok, log } = await run.end();
      expect(log).toContain(`error: ${member} is not back after 20 s; stopping here`);
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

  space.case('a member down: it refuses and harms nothing', async () => {
    await bloat();
    await space.kubectl.do(['scale', 'statefulset/etcd', '--replicas=2']);
    await space.kubectl.until('one to go', PATIENCE, async () => (await cluster.pods()).length === 2);
    const before = await uids();
    const { ok, log } = await (await take('one-down')).end();
    expect(log).toMatch(/error: http:\/\/etcd-2\..* does not answer; stopping here/);
    expect(ok).toBe(false);
    expect(await uids()).toEqual(before);
    await space.kubectl.do(['scale', 'statefulset/etcd', '--replicas=3']);
    await cluster.whole();
  });

  space.case('a learner, which somebody added: it refuses', async () => {
    const stranger = 'http://stranger.example:2380';
    // For some seconds after a member came back, etcd refuses.
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

  space.case('online: as much is won; the figures are told', async () => {
    method = EtcdDefragMethod.ONLINE;
    await cluster.apply();
    const { several, won } = await measured('online', async () => {
      expect(await (await take('online')).end()).toMatchObject({ ok: true });
    });
    expectNothingLost(several);
    expect(won).toBeGreaterThan(0);
  });

  space.case('a member’s etcdutl killed in the middle, then its pod: it starts on the database as it is', async () => {
    method = EtcdDefragMethod.OFFLINE;
    await bloat();
    await roll({ resources: { ...memory(MEMORY), cpuLimit: '200m' } }); // so that there is a middle; the last case
    await cluster.apply({ defragmentation: GAIN });
    const run = await take('etcdutl-killed');
    const member = await evicted(run);
    await signalEtcdutl(member, 'KILL');
    const { ok, log } = await run.end();
    await cluster.whole();
    expect(log).toMatch(/error: etcd-\d is not smaller: \d+ MiB before, \d+ MiB after; its log says why; stopping/);
    expect(ok).toBe(false);
    expect(await cluster.logs(member)).toContain('error: defragmentation failed, starting on the database as it is');

    const second = await take('member-killed');
    const victim = await evicted(second);
    await signalEtcdutl(victim, 'STOP'); // so that it is in the middle when the pod goes
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

  space.case('is writable again after a run, without a hand', async () => {
    const cluster = new TestCluster(space.kubectl, (etcd) =>
      etcd.addDefrag({ compactFirst: true, schedule: '0 0 1 1 *', settle: Duration.seconds(1) }),
    );
    await cluster.apply({
      resources: memory(MEMORY),
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
    expect(log).toMatch(/ disarmed the alarm NOSPACE: the largest database has \d+ MiB of 32 MiB$/m);
    expect(ok).toBe(true);
    await cluster.etcdctl('put', 'key', 'value');
  });
});
