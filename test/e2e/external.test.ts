import { EtcdServiceType, EtcdTrafficPolicy } from '../../src';
import { Scenario, expectHandedOver, expectUnnoticed } from './support/scenario';
import { useSpace } from './support/space';
import { SCHEME, tlsProps } from './support/tls';

/** By ordinal; more than members, so that one can be added. */
const NODE_PORTS = [30370, 30371, 30372, 30373];

describe('access to each member from outside', () => {
  const space = useSpace('external');
  let scenario: Scenario;
  let node: string;
  const urls = (count: number): string[] => NODE_PORTS.slice(0, count).map((port) => `${SCHEME}://${node}:${port}`);
  const listed = async (): Promise<(string | undefined)[]> =>
    (await scenario.cluster.members())
      .map(({ clientUrls }) => clientUrls.find((url) => url.startsWith(`${SCHEME}://${node}:`)))
      .sort();

  beforeAll(async () => {
    const [first] = await space.kubectl.list('nodes');
    const addresses = first?.status.addresses as { readonly type: string; readonly address: string }[];
    node = addresses.find(({ type }) => type === 'InternalIP')?.address ?? 'a node without an address';
    scenario = await Scenario.start(space, {
      externalAccess: {
        type: EtcdServiceType.NODE_PORT,
        nodePorts: NODE_PORTS,
        externalTrafficPolicy: EtcdTrafficPolicy.CLUSTER,
        advertisedUrl: `${SCHEME}://${node}:3037{ordinal}`,
      },
      ...tlsProps([node]),
    });
  });

  space.case('by a port of each node, as in the member list, also during a rolling restart', async () => {
    const { cluster } = scenario;
    expect(await listed()).toEqual(urls(3));
    const before = await cluster.list();
    const pods = await cluster.pods();
    const outside = await scenario.write('outside', { endpoints: urls(3) });
    const inside = await scenario.write('inside', { endpoints: [cluster.serviceUrl], retries: 1 });
    await cluster.restart();
    await cluster.ready(pods);
    expect(await cluster.whole()).toEqual(before);
    expectHandedOver(await scenario.finish('rolling restart, from outside', outside), 2);
    expectUnnoticed(await scenario.finish('rolling restart, from outside; Service, one retry', inside));
  });

  space.case('a new member gets its own, and the existing ones are not restarted', async () => {
    const { cluster } = scenario;
    const pods = (await cluster.pods()).map(({ metadata }) => metadata.uid);
    await cluster.apply({ replicas: 4 });
    await cluster.whole();
    expect(await listed()).toEqual(urls(4));
    const answers = await cluster.etcdctl('endpoint', 'health', `--endpoints=${urls(4).join()}`);
    expect(answers.match(/ is healthy: /g)).toHaveLength(4);
    expect((await cluster.pods()).map(({ metadata }) => metadata.uid)).toEqual(expect.arrayContaining(pods));
  });
});
