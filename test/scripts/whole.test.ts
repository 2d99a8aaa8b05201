import { chmodSync, readlinkSync, symlinkSync } from 'node:fs';
import { eventually } from './support/eventually';
import { describeMembers } from './support/machine';
import { Members } from './support/members';
import type { Pod } from './support/pod';

/** A slow member finds the others as a quorum that already lists its name. */
const BEGAN = / (bootstrapping: all 3 members are without data|joining the cluster of etcd-\d)$/;

describeMembers('three members', () => {
  let members: Members;
  let [first, second, third]: Pod[] = [];
  beforeAll(async () => {
    members = await Members.create();
    [first, second, third] = members.pods;
  });
  afterAll(() => members.remove());

  const idOf = async (pod: Pod): Promise<string> =>
    (await members.list()).find((member) => member.name === pod.name)?.id ?? 'none';

  test('a bootstrap waits for the last member, and creates one cluster', async () => {
    await Promise.all([first.start(), second.start()]);
    for (const pod of [first, second]) {
      await pod.says(/^fresh 3 \S+ - for etcd-2 \(silent\)/);
      expect(pod.kept()).toEqual([]);
    }
    await third.start();
    await members.whole();
    await first.put('key', 'kept');
    for (const pod of members.pods) {
      await pod.logs(BEGAN);
      expect(await pod.get('key')).toBe('kept');
    }
  });

  test('after all are killed, they start on their data', async () => {
    const before = await members.whole();
    await members.kill();
    await members.start();
    // Members that start at the same time can wait for each other, because etcd compares their data before it serves.
    expect(await members.whole(members.pods, 10)).toEqual(before);
    expect(await third.get('key')).toBe('kept');
    for (const pod of members.pods) {
      await pod.logs(/ starting with the existing data/);
      expect(pod.log().filter((line) => BEGAN.test(line))).toHaveLength(1);
    }
  });

  test('a member that lost its disk rejoins as a new voting member, and says so in one line', async () => {
    const old = await idOf(second);
    await second.kill();
    second.wipe();
    await second.start();
    // A learner must not be asked whether it is ready, because etcd says so for a moment.
    await eventually(`${second.name} has started`, () => second.started(), 30);
    expect(second.phase()).toMatch(/^member /);
    const list = await members.whole();
    expect(list.map((member) => member.id)).not.toContain(old);
    expect(await second.get('key')).toBe('kept');
    const said = second.log().filter((line) => line.includes('removing the old entry'));
    expect(said).toEqual([
      expect.stringContaining(`removing the old entry ${old} of ${second.name} from the member list: its data is gone`),
    ]);
  });

  test('a joining member does not count as a voting member, though etcd reports it as ready for a moment', async () => {
    const counted = async () =>
      (
        await first.sh(['preamble.sh', 'messages.sh', 'phase.sh', 'data.sh'], 'survey etcd-2; first_ready_on -')
      ).stdout.trim();
    const phase = third.phase();
    const says = (word: string) => third.write('run/etcd/public/phase', `${phase.replace(/^member/, word)}\n`);
    says('joining');
    expect(await counted()).toBe('');
    says('member');
    expect(await counted()).toBe(third.name);
  });

  test('a member that is up to date but does not serve is not ready, and restarts', async () => {
    const again = () =>
      third.log().filter((line) => line.endsWith('because it missed its own entry in the log')).length;
    const before = again();
    const asked = 'toolbox/bin/wget';
    const real = readlinkSync(third.path(asked));
    third.remove(asked);
    const hides =
      'case "$*" in */metrics) busybox wget "$@" | grep -v ^grpc_server_started ;; *) busybox wget "$@" ;; esac';
    third.write(asked, `#!/toolbox/bin/sh\n${hides}\n`);
    chmodSync(third.path(asked), 0o755);
    await third.exec('kill', '1');
    await eventually(`${third.name} starts etcd again`, () => again() > before);
    await eventually(`${third.name} votes`, () => third.votes());
    expect(await third.started()).toBe(false);
    third.remove(asked);
    symlinkSync(real, third.path(asked));
    await members.whole();
    expect(again()).toBe(before + 1);
  });

  test('when etcd is killed, the log says how it ended, and it starts again', async () => {
    await third.exec('sh', '-c', 'kill -KILL "$(cat /run/etcd/etcd-pid)"');
    await third.logs(/Z etcd exited with status 137$/);
    await members.whole();
  });

  test('a member removed by hand sets its data aside and comes back', async () => {
    const old = await idOf(third);
    // etcd refuses for some seconds after a member joined.
    const remove = async () => (await first.exec('etcdctl', 'member', 'remove', old)).status === 0;
    await eventually(`etcd removes ${third.name}`, remove, 15);
    const list = await members.whole();
    expect(list.map((member) => member.id)).not.toContain(old);
    await third.logs(/ set the data aside: it is now in .*\/data\.removed-/);
    expect(third.kept()).toContainEqual(expect.stringMatching(/^data\.removed-\d{8}-\d{6}$/));
    expect(await third.get('key')).toBe('kept');
  });

  test('while there is a quorum, recover-quorum.sh refuses', async () => {
    const { status, stderr } = await first.exec('sh', '/toolbox/scripts/recover-quorum.sh', '--lost', 'etcd-1');
    expect(status).toBe(1);
    expect(stderr).toMatch(/ has quorum: nothing is lost/);
  });

  test('after two of three disks are lost, no member starts empty, and each says whom it waits for', async () => {
    await members.kill();
    for (const pod of [second, third]) pod.wipe();
    await members.start();
    await first.logs(/ starting with the existing data; no other member has quorum$/);
    for (const pod of [second, third]) {
      await pod.says(/^fresh 3 \S+ - for etcd-0 \(member 3\)$/);
      expect(pod.runsEtcd()).toBe(false);
      expect(pod.kept()).toEqual([]);
    }
  });

  test('the quorum is recovered by hand, only when confirmed, and only on a member with data', async () => {
    const recover = (pod: Pod, ...args: string[]) => pod.exec('sh', '/toolbox/scripts/recover-quorum.sh', ...args);
    const unnamed = await recover(first);
    expect(unnamed.status).toBe(1);
    expect(unnamed.stderr).toContain('name the members whose data is lost for good');
    const empty = await recover(second, '--lost', 'etcd-0,etcd-2');
    expect(empty.status).toBe(1);
    expect(empty.stderr).toContain('this member has no data');

    await recover(first, '--lost', 'etcd-1,etcd-2');
    await first.logs(/ starting as the only member of the cluster/);
    await eventually(
      'the recovered member serves',
      () => first.ready(),
      15,
      () => members.state(),
    );
    expect(await first.get('key')).toBe('kept');
    // The other two wait for etcd, which adds no member within five seconds of another.
    const joined = () => [second, third].some((pod) => pod.phase().startsWith('member '));
    await eventually('one of the others has joined', joined, 30, () => members.state());
  });

  test('after all disks of an existing cluster are lost, no member starts', async () => {
    await members.kill();
    for (const pod of members.pods) pod.wipe();
    await members.start(true);
    for (const pod of members.pods) {
      await pod.says(
        /^fresh 3 \S+ - existingCluster is set, so no member bootstraps a new cluster, and no member has quorum$/,
      );
    }
    for (const pod of members.pods) {
      expect(pod.runsEtcd()).toBe(false);
      expect(pod.kept()).toEqual([]);
    }
  });
});
