import { LIMITS, SLACK } from './support/limits';
import { expectNothingLost, Scenario, timed } from './support/scenario';
import { useSpace } from './support/space';

describe('all pods are killed at once', () => {
  const space = useSpace('all-killed');
  let scenario: Scenario;

  beforeAll(async () => {
    scenario = await Scenario.start(space);
  });

  const killAll = async (title: string, limits: { whole: number; gap: number }, lost: number[]): Promise<void> => {
    const { cluster } = scenario;
    const before = await cluster.list();
    const pods = await cluster.pods();
    let wholeMillis = 0;
    const seen = await scenario.underWrites(title, async () => {
      wholeMillis = await timed(async () => {
        if (lost.length > 0) await cluster.deleteClaims(lost);
        await cluster.killAll();
        await cluster.whole(pods);
      });
      return wholeMillis;
    });
    const after = await cluster.list();

    expect(after.clusterId).toBe(before.clusterId);
    expect(after.members.filter((member, i) => member.id !== before.members[i]?.id)).toHaveLength(lost.length);
    expectNothingLost(seen);
    expect(seen.stats.netGapMs).toBeLessThan(SLACK * limits.gap);
    expect(wholeMillis).toBeLessThan(SLACK * limits.whole);
    await cluster.agreed();
  };

  space.smoke('and nothing else', () => killAll('all pods killed', LIMITS.allKilled, []));

  space.case('and one claim is deleted', () =>
    killAll('all pods killed, one claim deleted', LIMITS.allKilledOneLost, [1]),
  );
});
