import { EtcdMemberAddresses } from '../../src';
import { eventually, pause } from './support/eventually';
import { atLeast } from '../../src/constants/version';
import { describeMembers, machine } from './support/machine';
import { Members } from './support/members';
import { Pod } from './support/pod';

describeMembers('a first start of five, of which two are slow', () => {
  let members: Members;
  beforeAll(async () => {
    members = await Members.create({ replicas: 5 });
  });
  afterAll(() => members.remove());

  // Their entries are voting members that never ran: no disk may vote under a name that another disk may have voted under. etcd allows one learner at a
  // time; two of 3.5 that started at once would wait for each other.
  test('members that find a quorum join it one after the other', async () => {
    const slow = [members.pod(3), members.pod(4)];
    const quick = members.pods.slice(0, 3);
    for (const pod of slow) {
      await pod.start();
      await pod.says(/^fresh 5 \S+ - for etcd-0/);
      await pod.exec('pkill', '-STOP', '-f', 'agree.sh');
    }
    await Promise.all(quick.map((pod) => pod.start()));
    for (const pod of quick) await pod.says(/^member 5 /);
    await Promise.all(slow.map((pod) => pod.exec('pkill', '-CONT', '.')));
    await members.whole();
    for (const pod of slow) await pod.logs(/ joining the cluster of etcd-\d$/);
    for (const pod of slow)
      await pod.logs(/ removing the old entry [0-9a-f]+ of etcd-\d from the member list: its data is gone$/);
  });
});

describeMembers('members whose DNS has the addresses of the pods before', () => {
  let members: Members;
  beforeAll(async () => {
    members = await Members.create({ memberAddresses: EtcdMemberAddresses.POD });
    await members.start();
    await members.whole();
  });
  afterAll(() => members.remove());

  /** DNS has the address of a pod that is gone. */
  const keepOld = (pod: Pod, ordinal: number): void => {
    const name = `etcd-${ordinal}.etcd-headless.etcd-cluster.svc.cluster.local`;
    const current = pod.read('etc/hosts').replaceAll(` ${name}`, ` was-${name}`);
    pod.resolve(`${current}${Pod.address(99)} ${name} ${name}.\n`);
  };

  const restartWithOldAddresses = async (): Promise<Pod> => {
    const [leader, first, second] = members.pods as [Pod, Pod, Pod];
    await members.lead(leader);
    await second.stop(30);
    keepOld(first, 2);
    keepOld(second, 1);
    await pause(6); // Go reads /etc/hosts again after 5 s
    await second.start();
    return second;
  };

  // Without it, Kubernetes restarts etcd-0 next, through which alone the other two have quorum.
  test('a member has started once all that are ready are connected to it', async () => {
    const pod = await restartWithOldAddresses();
    await pod.logs(/ not reporting as started yet: etcd-1 is ready but not connected to this member$/);
    await eventually('it votes', () => pod.votes());
    await pause(5);
    expect(await pod.started()).toBe(false);
    pod.resolve('');
    members.pod(1).resolve('');
    await members.whole();
    expect(pod.log().join('\n')).not.toContain('reporting as started after 45 s');
  }, 120_000);

  test('but not longer than 45 s', async () => {
    const pod = await restartWithOldAddresses();
    await eventually(
      'it has started',
      () => pod.started(),
      90,
      () => members.state(),
    );
    await pod.logs(/ reporting as started after 45 s, although etcd-1 is ready but not connected to this member$/);
  }, 180_000);
});

describeMembers('a member that begins with a snapshot of the leader', () => {
  let members: Members;
  beforeAll(async () => {
    const entries = atLeast(machine.etcdVersion, '3.6.0')
      ? '--snapshot-catchup-entries'
      : '--experimental-snapshot-catchup-entries';
    members = await Members.create({ snapshotCount: 20, extraArgs: [`${entries}=5`] });
    await members.start();
    await members.whole();
  });
  afterAll(() => members.remove());

  // etcd's metric does not say that it is a learner.
  test('is promoted', async () => {
    const pod = members.pod(1);
    await members.pod(0).exec('sh', '-c', 'for i in $(seq 200); do etcdctl put "$i" a >/dev/null; done');
    await pod.kill();
    pod.wipe();
    await pod.start();
    await members.whole(members.pods, 90);
  }, 150_000);
});
