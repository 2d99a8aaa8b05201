import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EtcdMemberAddresses } from '../../src';
import { TestCluster } from './support/cluster';
import { LIMITS, SLACK } from './support/limits';
import { expectNothingLost, expectUnnoticed, Scenario, timed } from './support/scenario';
import { useSpace } from './support/space';
import { WITH_TLS } from './support/tls';
import { describeWhere } from '../support/describe-where';

const OLD = readFileSync(join(__dirname, 'releases', '0.1.0.yaml'), 'utf8');

const missing = WITH_TLS ? 'scripts of 0.1.0 know no TLS' : undefined;

/** Members of both protocols are in one cluster while a rolling update is under way. */
describeWhere(missing, 'e2e', 'an upgrade of the library under writes', () => {
  const space = useSpace('library-upgrade');
  let cluster: TestCluster;
  let scenario: Scenario;
  const applyOld = () => space.kubectl.apply(OLD.replaceAll('namespace-of-the-test', space.kubectl.namespace));
  const hosts = async () =>
    (await cluster.members()).flatMap(({ peerUrls }) => peerUrls).map((url) => new URL(url).hostname.split('.')[1]);

  beforeAll(async () => {
    cluster = new TestCluster(space.kubectl);
    await applyOld();
    await cluster.whole();
    scenario = await Scenario.beside(cluster);
  });

  space.case('from the scripts of 0.1.0: members keep their data, and move to their Services', async () => {
    const before = await cluster.list();
    const pods = await cluster.pods();
    const service = await scenario.write('service', { endpoints: [cluster.serviceUrl], retries: 1 });
    const wholeMillis = await timed(async () => {
      await cluster.apply();
      await cluster.ready(pods);
      await space.kubectl.until('members at their Services', 60_000, async () =>
        (await hosts()).every((domain) => domain === space.kubectl.namespace),
      );
    });
    const after = await cluster.whole();
    expectUnnoticed(await scenario.finish('library 0.1.0 to this one, Service, one retry', service, wholeMillis));
    expect(after.members.map(({ id }) => id)).toEqual(before.members.map(({ id }) => id));
    expect(wholeMillis).toBeLessThan(SLACK * (LIMITS.adoption.whole + 60_000));
    await cluster.agreed();
  });

  space.case('and back: first to the addresses of pods, then to the old scripts', async () => {
    const moved = await cluster.pods();
    const service = await scenario.write('back', { endpoints: [cluster.serviceUrl], retries: 1 });
    await cluster.apply({ memberAddresses: EtcdMemberAddresses.POD });
    await cluster.ready(moved);
    await space.kubectl.until('members at their pods', 60_000, async () =>
      (await hosts()).every((domain) => domain === 'etcd-headless'),
    );
    const pods = await cluster.pods();
    await applyOld();
    await cluster.ready(pods);
    await cluster.whole();
    expectNothingLost(await scenario.finish('and back to 0.1.0, Service, one retry', service));
    await cluster.agreed();
  });
});
