import { describeMembers } from './support/machine';
import { Members } from './support/members';

describeMembers('a first start of five, of which two are slow', () => {
  let members: Members;
  beforeAll(async () => {
    members = await Members.create({ replicas: 5 });
  });
  afterAll(() => members.remove());

  // Etcd 3.5 hangs where two do so at once: each asks the other for its version before it answers.
  test('those that find a quorum already join it one after the other', async () => {
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
    await members.pod(4).logs(/ waiting: etcd-3 has never run either, and starts first$/);
  });
});
