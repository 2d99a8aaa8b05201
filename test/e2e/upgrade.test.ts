import { EtcdImage } from '../../src';
import { PATIENCE, DNS_SETTLES, GAP_SLACK, LIMITS, SLACK } from './support/limits';
import { sleep } from './support/kubectl';
import { expectHandedOver, expectUnnoticed, Scenario, timed } from './support/scenario';
import { useSpace } from './support/space';

describe('from one version to another under writes', () => {
  const space = useSpace('upgrade');
  let scenario: Scenario;

  beforeAll(async () => {
    scenario = await Scenario.start(space, { image: EtcdImage.upstream('3.5.21') });
  });

  async function change(from: string, to: string, upgradeFrom: string | undefined): Promise<void> {
    const { cluster } = scenario;
    const before = await cluster.list();
    const pods = await cluster.pods();
    expect(new Set(await cluster.versions())).toEqual(new Set([from]));
    await sleep(DNS_SETTLES); // two upgrades within seconds are not tested here
    const several = await scenario.write('several', { endpoints: cluster.memberUrls() });
    const service = await scenario.write('service', { endpoints: [cluster.serviceUrl], retries: 1 });
    const wholeMillis = await timed(async () => {
      await cluster.apply({ image: EtcdImage.upstream(to), upgradeFrom });
      await cluster.ready(pods);
    });
    const after = await cluster.whole();
    const bySeveral = await scenario.finish(`upgrade ${from} to ${to}, several endpoints`, several, wholeMillis);
    const byService = await scenario.finish(`upgrade ${from} to ${to}, Service, one retry`, service, wholeMillis);

    expect(new Set(await cluster.versions())).toEqual(new Set([to]));
    expect(after).toEqual(before);
    expectHandedOver(bySeveral, 2);
    expectUnnoticed(byService);
    expect(bySeveral.stats.netGapMs).toBeLessThan(GAP_SLACK * LIMITS.upgrade.gap);
    expect(wholeMillis).toBeLessThan(SLACK * LIMITS.upgrade.whole);
    await cluster.agreed();
  }

  for (const [from, to] of [
    ['3.5.21', '3.5.35'],
    ['3.5.35', '3.6.16'],
    ['3.6.16', '3.7.3'],
  ] as const) {
    space.case(`${from} to ${to}`, () => change(from, to, from));
  }

  space.case('3.7.3 back to 3.6.16, after etcdctl downgrade enable', async () => {
    const { cluster } = scenario;
    await cluster.etcdctl('downgrade', 'enable', '3.6.0');
    await cluster.kubectl.until('data that 3.6 takes', PATIENCE, async () => {
      const status = await cluster.etcdctl('endpoint', 'status', '--cluster', '--write-out=json');
      return status.match(/"storageVersion":"3\.6\.0"/g)?.length === cluster.size;
    });
    await change('3.7.3', '3.6.16', undefined);
  });
});
