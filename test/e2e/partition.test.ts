import { sleep } from './support/kubectl';
import { LIMITS, SLACK } from './support/limits';
import { CAN_PARTITION, whileCutOff } from './support/partition';
import { expectNothingLost, Scenario, timed } from './support/scenario';
import { useSpace } from './support/space';

const CUT_OFF_MILLIS = 15_000;

if (!CAN_PARTITION) {
  test.skip('a member is cut off: skipped, since pods can be cut off only with E2E_PARTITION=host (see README.md)', () => undefined); // prettier-ignore
} else {
  describe('the leader is cut off from the other pods, then reconnected', () => {
    const space = useSpace('partition');

    space.case('the others continue, and it catches up', async () => {
      const scenario = await Scenario.start(space);
      const { cluster } = scenario;
      const before = await cluster.list();
      const leader = await cluster.leader();
      const pod = await cluster.pod(leader.name);
      const other = cluster.podNames.find((name) => name !== leader.name) as string;
      let wholeMillis = 0;
      const seen = await scenario.underWrites(`the leader, ${leader.name}, cut off for 15 s`, async () => {
        await whileCutOff(pod.status.podIP, async () => {
          await sleep(CUT_OFF_MILLIS);
          expect([leader.id, '0', undefined]).not.toContain(await cluster.leaderSeenBy(other));
        });
        wholeMillis = await timed(async () => {
          await cluster.caughtUp();
          await cluster.whole();
        });
        return wholeMillis;
      });
      const after = await cluster.list();

      expect(after).toEqual(before);
      expect((await cluster.pod(leader.name)).metadata.uid).toBe(pod.metadata.uid);
      expect(await cluster.restarts()).toBe(0);
      expectNothingLost(seen);
      expect(seen.stats.netGapMs).toBeLessThan(SLACK * LIMITS.partition.gap);
      expect(wholeMillis).toBeLessThan(SLACK * LIMITS.partition.whole);
      await cluster.agreed();
    });
  });
}
