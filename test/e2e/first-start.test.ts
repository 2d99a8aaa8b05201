import { EtcdImage, type EtcdClusterProps } from '../../src';
import { TestCluster } from './support/cluster';
import { LIMITS, SLACK } from './support/limits';
import { report } from './support/report';
import { useSpace } from './support/space';

describe.each([1, 3, 5])('first start, %i members', (replicas) => {
  describe.each(['3.5.21', '3.6.16', '3.7.3'])('etcd %s', (version) => {
    const space = useSpace('first-start');

    const add = replicas === 3 && version === '3.6.16' ? space.smoke : space.case;

    add('one cluster, all voting', async () => {
      const cluster = new TestCluster(space.kubectl);
      const startedAt = Date.now();
      await cluster.apply({ replicas, image: EtcdImage.upstream(version) });
      await cluster.ready();
      const wholeMillis = Date.now() - startedAt;
      const { members } = await cluster.whole();
      report(`first start, ${replicas} members, ${version}`, { wholeMillis });

      expect(members.map((member) => member.name)).toEqual(cluster.podNames);
      expect(new Set(await cluster.versions())).toEqual(new Set([version]));
      await cluster.agreed();
      expect(await cluster.restarts()).toBe(0);
      expect(wholeMillis).toBeLessThan(SLACK * LIMITS.firstStart.whole);
    });
  });
});

const TOOLBOX = 'docker.io/library/busybox:1.37.0-musl';

/** An init container that holds pods back, as a slow node or image would. */
function delay(shell: string): EtcdClusterProps['initContainers'] {
  return [
    {
      name: 'late',
      image: TOOLBOX,
      command: ['sh', '-c', `ordinal=$(hostname | sed 's/.*-//'); ${shell}`],
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ];
}

describe.each([
  { title: 'etcd-0 late by a minute', lateMillis: 60_000, shell: 'if [ $ordinal = 0 ]; then sleep 60; fi' },
  { title: 'etcd-2 late by a minute', lateMillis: 60_000, shell: 'if [ $ordinal = 2 ]; then sleep 60; fi' },
  { title: 'one after the other', lateMillis: 30_000, shell: 'sleep $((ordinal * 15))' },
])('first start, $title', ({ title, lateMillis, shell }) => {
  const space = useSpace('late-start');

  space.case('the same single cluster', async () => {
    const cluster = new TestCluster(space.kubectl);
    const startedAt = Date.now();
    await cluster.apply({ initContainers: delay(shell) });
    const { members } = await cluster.whole();
    const wholeMillis = Date.now() - startedAt - lateMillis;
    report(`first start, ${title} (from when the last may start)`, { wholeMillis });

    expect(members.map((member) => member.name)).toEqual(cluster.podNames);
    await cluster.agreed();
    expect(await cluster.restarts()).toBe(0);
    expect(wholeMillis).toBeLessThan(SLACK * LIMITS.lateStart.whole);
  });
});
