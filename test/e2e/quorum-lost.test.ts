import { isReady, podName, TestCluster } from './support/cluster';
import { sleep, type Live } from './support/kubectl';
import { LIMITS, PATIENCE, SLACK, STILLNESS } from './support/limits';
import { report } from './support/report';
import { expectNothingLost, Scenario, timed } from './support/scenario';
import { useSpace } from './support/space';

const KEY = 'quorum-lost';

const GET_LOCALLY = ['get', '', '--from-key', '--consistency=s', '--keys-only'];

/** Waits until these pods are replaced, then for a while in which none of the new ones may start etcd. */
async function nothingStarts(cluster: TestCluster, old: readonly Live[]): Promise<void> {
  const before = new Set(old.map((pod) => pod.metadata.uid));
  const names = old.map((pod) => pod.metadata.name as string);
  await cluster.kubectl.until(`new pods ${names.join(', ')}`, PATIENCE, async () => {
    const pods = (await cluster.pods()).filter((pod) => names.includes(pod.metadata.name));
    return (
      pods.length === names.length && pods.every((p) => p.status.phase === 'Running' && !before.has(p.metadata.uid))
    );
  });
  await sleep(STILLNESS);
  for (const name of names) {
    expect(isReady(await cluster.pod(name))).toBe(false);
    const folder = await cluster.exec(name, 'sh', '-c', 'ls $ETCD_DATA_DIR/member 2>&1');
    expect(folder).toMatchObject({ ok: false, stdout: expect.stringContaining('No such file') });
  }
}

describe('two of three claims are lost', () => {
  const space = useSpace('quorum-lost');

  space.case('no member starts empty, and the survivor restores the quorum', async () => {
    const scenario = await Scenario.start(space);
    const { cluster } = scenario;
    const run = await scenario.write('before');
    await run.stop();
    await cluster.agreed();
    const count = async () => (await cluster.exec(podName(0), 'etcdctl', ...GET_LOCALLY)).stdout;
    const counted = await count();
    const survivor = await cluster.pod(podName(0));
    const lost = [await cluster.pod(podName(1)), await cluster.pod(podName(2))];

    await cluster.loseDisks([1, 2], { kill: true });
    await nothingStarts(cluster, lost);
    for (const name of [podName(1), podName(2)]) {
      expect(await cluster.phase(name)).toContain(podName(0));
      expect(await cluster.logs(name)).toMatch(/waiting.*etcd-0/);
    }
    expect(await count()).toBe(counted);
    expect((await cluster.pod(podName(0))).metadata.uid).toBe(survivor.metadata.uid);

    const wholeMillis = await timed(async () => {
      const back = await cluster.exec(
        podName(0),
        'sh',
        '/toolbox/scripts/recover-quorum.sh',
        '--lost',
        `${podName(1)},${podName(2)}`,
      );
      expect(back).toMatchObject({ ok: true });
      await cluster.whole(lost);
    });
    expectNothingLost(await scenario.finish('two of three claims lost, the documented way back', run, wholeMillis));
    expect(wholeMillis).toBeLessThan(SLACK * LIMITS.quorumLost.whole);
    await cluster.agreed();
  });
});

describe('all claims are lost', () => {
  const space = useSpace('all-lost');

  space.case('by default: a bootstrap', async () => {
    const cluster = new TestCluster(space.kubectl);
    await cluster.apply();
    await cluster.whole();
    await cluster.etcdctl('put', KEY, 'x');
    const before = await cluster.list();
    const old = await cluster.pods();
    const wholeMillis = await timed(async () => {
      await cluster.loseDisks([0, 1, 2], { kill: true });
      await cluster.whole(old);
    });
    const after = await cluster.list();
    report('all claims deleted', { wholeMillis, remark: 'a new, empty cluster' });

    // IDs depend on names and disks: these are other members.
    expect(after.members.map(({ name }) => name)).toEqual(before.members.map(({ name }) => name));
    expect(after.members.map(({ id }) => id)).not.toEqual(before.members.map(({ id }) => id));
    expect(await cluster.etcdctl('get', KEY)).toBe('');
    await cluster.agreed();
  });
});

describe('all claims of an existing cluster are lost', () => {
  const space = useSpace('all-lost-existing');

  space.case('no member starts empty', async () => {
    const cluster = new TestCluster(space.kubectl);
    await cluster.apply({ existingCluster: false });
    await cluster.whole();
    await cluster.apply({ existingCluster: true });
    const old = await cluster.pods();
    await cluster.loseDisks([0, 1, 2], { kill: true });
    await nothingStarts(cluster, old);
    const phase = await cluster.phase(podName(0));
    report('all claims deleted, existingCluster', { remark: phase });
    expect(phase).toContain('existingCluster');

    await cluster.apply({ existingCluster: false });
    await cluster.whole();
  });
});
