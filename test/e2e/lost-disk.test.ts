import { ordinalOf, podName } from './support/cluster';
import { LIMITS, SLACK } from './support/limits';
import { expectHandedOver, Scenario, timed } from './support/scenario';
import { useSpace } from './support/space';

describe("a member's claim and pod are deleted", () => {
  const space = useSpace('lost-disk');
  let scenario: Scenario;

  beforeAll(async () => {
    scenario = await Scenario.start(space);
  });

  const lose = async (title: string, ordinal: number): Promise<void> => {
    const { cluster } = scenario;
    const before = await cluster.list();
    const old = await cluster.pod(podName(ordinal));
    let wholeMillis = 0;
    const seen = await scenario.underWrites(`claim and pod deleted: ${title}`, async () => {
      wholeMillis = await timed(async () => {
        await cluster.loseDisks([ordinal]);
        await cluster.ready([old]);
        // A ready pod is behind the Service, so it must serve.
        const asked = ['etcdctl', '--command-timeout=2s', 'get', 'any', '--consistency=s'];
        expect(await cluster.exec(podName(ordinal), ...asked)).toMatchObject({ ok: true });
        await cluster.whole([old]);
      });
      return wholeMillis;
    });
    const after = await cluster.list();

    expect(after.clusterId).toBe(before.clusterId);
    for (const [i, member] of before.members.entries()) {
      expect(after.members[i]?.id === member.id).toBe(i !== ordinal); // a new member under the old name
    }
    expectHandedOver(seen, 1);
    expect(await cluster.logs(podName(ordinal))).not.toMatch(/failed to publish local member.*timed out/);
    expect(wholeMillis).toBeLessThan(SLACK * LIMITS.lostDisk.whole);
    await cluster.agreed();
  };

  for (const ordinal of [0, 1, 2]) {
    const add = ordinal === 1 ? space.smoke : space.case;
    add(podName(ordinal), () => lose(podName(ordinal), ordinal));
  }

  space.case('the leader', async () => {
    const leader = await scenario.cluster.leader();
    await lose(`the leader, ${leader.name}`, ordinalOf(leader));
  });
});
