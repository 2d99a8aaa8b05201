import { podName } from './support/cluster';
import { run as runProgram, type Live } from './support/kubectl';
import { GAP_SLACK, LIMITS, PATIENCE, SLACK } from './support/limits';
import { report } from './support/report';
import { expectHandedOver, expectUnnoticed, Scenario, timed } from './support/scenario';
import { useSpace } from './support/space';

describe('rolling restart and drain', () => {
  const space = useSpace('rolling');
  let scenario: Scenario;

  beforeAll(async () => {
    scenario = await Scenario.start(space);
  });

  space.smoke('a rolling restart', async () => {
    const { cluster } = scenario;
    const before = await cluster.list();
    const several = await scenario.write('several', { endpoints: cluster.memberUrls() });
    const service = await scenario.write('service', { endpoints: [cluster.serviceUrl], retries: 1 });
    const pods = await cluster.pods();
    const wholeMillis = await timed(async () => {
      await cluster.restart();
      await cluster.ready(pods);
    });
    const after = await cluster.whole();
    const bySeveral = await scenario.finish('rolling restart, several endpoints', several, wholeMillis);
    const byService = await scenario.finish('rolling restart, Service, one retry', service, wholeMillis);

    expect(after).toEqual(before);
    expectHandedOver(bySeveral, 2);
    expectUnnoticed(byService);
    expect(bySeveral.stats.netGapMs).toBeLessThan(GAP_SLACK * LIMITS.rolling.gap);
    expect(wholeMillis).toBeLessThan(SLACK * LIMITS.rolling.whole);
    await cluster.agreed();
  });

  space.case('a node is drained', async () => {
    const { cluster } = scenario;
    const before = await cluster.list();
    const leader = await cluster.leader();
    const pod = await cluster.pod(leader.name);
    const node = pod.spec.nodeName as string;
    const several = await scenario.write('several', { endpoints: cluster.memberUrls() });
    const service = await scenario.write('service', { endpoints: [cluster.serviceUrl], retries: 1 });
    let awayMillis: number;
    let backMillis: number;
    try {
      const what = ['--ignore-daemonsets', '--delete-emptydir-data', `--pod-selector=${cluster.selector}`];
      awayMillis = await timed(() => cluster.kubectl.do(['drain', node, ...what, '--timeout=300s']));
      await several.stats();
    } finally {
      backMillis = await timed(async () => {
        await cluster.kubectl.do(['uncordon', node]);
        await cluster.ready([pod]);
      });
    }
    const after = await cluster.whole();
    const bySeveral = await scenario.finish('node drain (leader), several endpoints', several, backMillis);
    const byService = await scenario.finish('node drain (leader), Service, one retry', service, backMillis);
    report('node drain', { remark: `away after ${awayMillis} ms, back ${backMillis} ms after uncordon` });

    expect(after).toEqual(before);
    expectHandedOver(bySeveral, 2);
    expectUnnoticed(byService);
    expect(bySeveral.stats.netGapMs).toBeLessThan(GAP_SLACK * LIMITS.drain.gap);
    expect(awayMillis).toBeLessThan(SLACK * LIMITS.drain.away);
    expect(backMillis).toBeLessThan(SLACK * LIMITS.drain.whole);
  });

  space.case('the disruption budget lets only one pod go', async () => {
    const { cluster } = scenario;
    const [first, second] = (await cluster.pods()) as [Live, Live];
    const evict = (pod: Live) => {
      const metadata = { name: pod.metadata.name, namespace: cluster.kubectl.namespace };
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata };
      const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/eviction`;
      return runProgram('kubectl', ['create', '--raw', path, '--filename=-'], JSON.stringify(eviction));
    };
    const run = await scenario.write('budget');
    expect(await evict(first)).toMatchObject({ ok: true });
    const refused = await evict(second);
    await cluster.ready([first]);
    const allowed = () => cluster.kubectl.until('the budget', PATIENCE, async () => (await evict(second)).ok);
    const wholeMillis = await timed(async () => {
      await allowed();
      await cluster.ready([first, second]);
    });
    const seen = await scenario.finish(`eviction of ${podName(0)}, then ${podName(1)}`, run, wholeMillis);

    expect(refused).toMatchObject({ ok: false, stderr: expect.stringContaining('disruption budget') });
    expectHandedOver(seen, 2);
  });
});
