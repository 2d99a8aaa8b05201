import { podName, type TestCluster } from './support/cluster';
import type { Member } from './support/etcdctl';
import { LIMITS, PATIENCE, SLACK } from './support/limits';
import { expectHandedOver, expectNothingLost, Scenario, timed } from './support/scenario';
import { useSpace } from './support/space';

describe('a member is removed', () => {
  const space = useSpace('membership');
  let scenario: Scenario;

  beforeAll(async () => {
    scenario = await Scenario.start(space);
  });

  const memberOf = async (cluster: TestCluster, name: string): Promise<Member | undefined> =>
    (await cluster.members()).find((member) => member.name === name);

  /** Waits for a voting member of this name with another ID. */
  const replaced = async (cluster: TestCluster, old: Member): Promise<void> => {
    await cluster.kubectl.until(`a new member ${old.name}`, PATIENCE, async () => {
      const member = await memberOf(cluster, old.name);
      return member !== undefined && member.id !== old.id && !member.isLearner;
    });
    await cluster.whole();
  };

  /** etcd refuses until all members have been connected for 5 s. An answer can also be lost although the member was removed. */
  const remove = (cluster: TestCluster, member: Member): Promise<boolean> =>
    cluster.kubectl.until(`the removal of ${member.name}`, PATIENCE, async () => {
      if (!(await cluster.members()).some(({ id }) => id === member.id)) return true;
      await cluster.etcdctl('member', 'remove', member.id);
      return true;
    });

  const dataFolders = async (cluster: TestCluster, name: string): Promise<string> =>
    (await cluster.exec(name, 'sh', '-c', 'ls -d "$ETCD_DATA_DIR"*')).stdout;

  space.case('by hand: it rejoins as a learner, then as a voting member', async () => {
    const { cluster } = scenario;
    const old = (await memberOf(cluster, podName(1))) as Member;
    let wholeMillis = 0;
    const seen = await scenario.underWrites('member removed by hand', async () => {
      wholeMillis = await timed(async () => {
        await remove(cluster, old);
        await replaced(cluster, old);
      });
      return wholeMillis;
    });

    expect(await cluster.logs(podName(1))).toContain('joining the cluster');
    expect(await dataFolders(cluster, podName(1))).toMatch(/data\.removed-/);
    expectNothingLost(seen); // etcd itself disconnects the clients of a removed member
    expect(wholeMillis).toBeLessThan(SLACK * LIMITS.removed.whole);
    await cluster.agreed();
  });

  space.case('while it is away, and returns with its old data', async () => {
    const { cluster } = scenario;
    const old = (await memberOf(cluster, podName(2))) as Member;
    const scale = (replicas: number) => cluster.kubectl.do(['scale', 'statefulset/etcd', `--replicas=${replicas}`]);
    let wholeMillis = 0;
    const seen = await scenario.underWrites('old data of a removed member return', async () => {
      await scale(2); // not in the settings: the member is only down
      await cluster.kubectl.until(`${podName(2)} to go`, PATIENCE, async () => (await cluster.pods()).length === 2);
      if (await memberOf(cluster, podName(2))) await remove(cluster, old);
      wholeMillis = await timed(async () => {
        await scale(3);
        await replaced(cluster, old);
      });
      return wholeMillis;
    });

    expect(await cluster.logs(podName(2))).toContain('set the data aside');
    expect(await dataFolders(cluster, podName(2))).toMatch(/data\.removed-/);
    expectHandedOver(seen, 1);
    expect(wholeMillis).toBeLessThan(SLACK * LIMITS.oldDataReturn.whole);
    await cluster.agreed();
  });
});
