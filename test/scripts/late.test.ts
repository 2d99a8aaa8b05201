import { describeMembers } from './support/machine';
import { Members } from './support/members';

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
      await pod.logs(/ removing the member [0-9a-f]+ of this name from the member list: its data is no longer here$/);
  });
});
