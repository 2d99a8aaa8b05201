import { podName } from './support/cluster';
import { Shelf } from './support/jobs';
import { LIMITS, PATIENCE, SLACK } from './support/limits';
import { expectHandedOver, Scenario, timed } from './support/scenario';
import { useSpace } from './support/space';

const BYTES = (count: number) => `head -c ${count} /dev/zero | tr '\\0' Z`;

describe('data of one member is overwritten while it is down', () => {
  const space = useSpace('damaged');
  let scenario: Scenario;

  beforeAll(async () => {
    scenario = await Scenario.start(space);
  });

  const damage = async (title: string, overwrite: string): Promise<void> => {
    const { cluster } = scenario;
    const ordinal = cluster.size - 1;
    const before = await cluster.list();
    const scale = (replicas: number) => space.kubectl.do(['scale', 'statefulset/etcd', `--replicas=${replicas}`]);
    let wholeMillis = 0;
    const seen = await scenario.underWrites(title, async () => {
      await scale(ordinal); // not in the settings: the member is only down
      await space.kubectl.until('one to go', PATIENCE, async () => (await cluster.pods()).length === ordinal);
      const shelf = await Shelf.open(space.kubectl, `data-${podName(ordinal)}`);
      await shelf.sh(overwrite);
      await shelf.close();
      wholeMillis = await timed(async () => {
        await scale(cluster.size);
        await cluster.whole();
      });
      return wholeMillis;
    });
    const after = await cluster.list();

    expectHandedOver(seen, 1); // the member that stops may be the leader
    expect(wholeMillis).toBeLessThan(SLACK * LIMITS.damagedData.whole);
    expect(after.clusterId).toBe(before.clusterId);
    expect(after.members.slice(0, ordinal)).toEqual(before.members.slice(0, ordinal));
    expect(after.members[ordinal]?.id).not.toBe(before.members[ordinal]?.id); // a new member under the old name
    const { stdout } = await cluster.exec(podName(ordinal), 'sh', '-c', 'ls -d "$ETCD_DATA_DIR"*');
    expect(stdout).toMatch(/data\.damaged-/);
    await cluster.agreed();
  };

  space.case('bytes of the write-ahead log', () =>
    damage(
      'write-ahead log of a member damaged',
      `${BYTES(512)} | dd of="$(ls data/member/wal/*.wal | tail -n 1)" bs=1 seek=20000 conv=notrunc 2>/dev/null`,
    ),
  );

  space.case('pages of the database', () =>
    damage(
      'database of a member damaged',
      `${BYTES(800_000)} | dd of=data/member/snap/db bs=4096 seek=2 conv=notrunc 2>/dev/null`,
    ),
  );
});
