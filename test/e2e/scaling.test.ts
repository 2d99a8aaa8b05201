import { podName } from './support/cluster';
import { LIMITS, SLACK } from './support/limits';
import { expectRemovedAlive, expectUnnoticed, Scenario, timed } from './support/scenario';
import { useSpace, type Space } from './support/space';

describe('scaling under writes', () => {
  const space = useSpace('scaling');
  let scenario: Scenario;

  beforeAll(async () => {
    scenario = await Scenario.start(space, { replicas: 1 });
  });

  const steps: [number, number, Space['case']][] = [
    [1, 3, space.smoke],
    [3, 1, space.smoke],
    [1, 3, space.case], // the claims of before are there, with data of removed members
    [3, 5, space.case],
    [5, 3, space.case],
  ];

  for (const [from, to, add] of steps) {
    add(`${from} to ${to}`, async () => {
      const { cluster } = scenario;
      expect(cluster.size).toBe(from);
      const before = await cluster.list();
      const pods = await cluster.pods();
      const kept = Math.min(from, to);
      let wholeMillis = 0;
      const act = async () => {
        wholeMillis = await timed(async () => {
          await cluster.apply({ replicas: to });
          await cluster.whole();
        });
        return wholeMillis;
      };
      const seen = await scenario.underWrites(`scale ${from} to ${to}`, act, { endpoints: cluster.memberUrls(from) });
      const after = await cluster.list();

      expect(after.clusterId).toBe(before.clusterId);
      expect(after.members.slice(0, kept)).toEqual(before.members.slice(0, kept));
      for (let ordinal = 0; ordinal < kept; ordinal++) {
        const pod = await cluster.pod(podName(ordinal));
        expect(pod.metadata.uid).toBe(pods.find((old) => old.metadata.name === podName(ordinal))?.metadata.uid);
      }
      expect(await cluster.restarts()).toBe(0);
      // The last leaving member cannot stop before it is removed, or the quorum would be lost: its requests in flight fail.
      if (to * 2 <= from) expectRemovedAlive(seen);
      else expectUnnoticed(seen);
      const limit = to > from ? (to - from) * LIMITS.scaleUp.perMember : LIMITS.scaleDown.whole;
      expect(wholeMillis).toBeLessThan(SLACK * limit);
      await cluster.agreed();
    });
  }
});
