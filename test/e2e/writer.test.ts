import { podName } from './support/cluster';
import { expectNothingLost, expectUnnoticed, Scenario } from './support/scenario';
import { useSpace } from './support/space';

describe('the writer reports faithfully', () => {
  const space = useSpace('writer');
  let scenario: Scenario;

  beforeAll(async () => {
    scenario = await Scenario.start(space, { replicas: 1 });
  });

  space.case('about an outage', async () => {
    const { cluster } = scenario;
    const pods = await cluster.pods();
    const several = await scenario.write('direct', { endpoints: cluster.memberUrls(), reads: 10 });
    const service = await scenario.write('service', { endpoints: [cluster.serviceUrl], retries: 1 });
    await cluster.deletePod(podName(0), { force: true });
    await cluster.whole(pods);
    for (const run of [several, service]) {
      const seen = await scenario.finish('writer: the only member killed', run);
      expectNothingLost(seen);
      expect(seen.stats.failed).toBeGreaterThan(0);
      expect(seen.stats.errors.length).toBeGreaterThan(0);
      expect(seen.stats.acknowledged + seen.stats.failed + seen.stats.stalled).toBe(seen.stats.attempted);
      expect(seen.stats.longestGapMs).toBeGreaterThan(1000);
    }
  });

  space.case('about lost keys', async () => {
    const { cluster } = scenario;
    const run = await scenario.write('gone');
    expectUnnoticed(await scenario.finish('writer: undisturbed', run));
    for (const sequence of [5, 17, 60]) await cluster.etcdctl('del', run.key(sequence));
    const verdict = await run.verify();
    expect(verdict).toMatchObject({ lost: 3, examples: [5, 17, 60].map((sequence) => run.key(sequence)) });
  });
});
