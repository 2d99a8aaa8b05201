import { Duration } from 'cdk8s';
import { EtcdMemberAddresses } from '../../src';
import { runningCluster, thaw } from './support/cases';
import { eventually, pause } from './support/eventually';

runningCluster('members that leave', {}, (members) => {
  test('a leader transfers leadership before it stops', async () => {
    const leader = await members().leader();
    const stopped = leader.stop(20);
    await leader.says(/^leaving 3 /);
    expect(await stopped).toBe(true);
    const line = leader.log().find((l) => l.includes(' transferred leadership to '));
    expect(line?.split(' ').pop()).toBe((await members().leader()).name);
    await leader.start();
    await members().whole();
  });

  test('members that ask each other leave no zombie processes', async () => {
    const [asks, answers] = [members().pod(0), members().pod(1)];
    await asks.sh(['preamble.sh', 'messages.sh', 'phase.sh'], 'for time in 1 2 3; do survey etcd-1 etcd-2; done');
    for (const pod of [asks, answers]) {
      const dead = async () =>
        (await pod.exec('sh', '-c', 'cat /proc/[0-9]*/status')).stdout.match(/^State:\tZ/gm) ?? [];
      await eventually(`${pod.name} has buried its dead`, async () => (await dead()).length === 0, 5);
    }
  });

  test('scaling from three to one removes both leaving members first, and writes continue', async () => {
    const [stays, ...go] = [members().pod(0), members().pod(1), members().pod(2)];
    await members().lead(members().pod(2));

    members().set('replicas', '1');
    let gone = false;
    const going = Promise.all(go.map((pod) => pod.stop(20))).finally(() => (gone = true));
    let writes = 0;
    while (!gone) {
      const write = () => stays.put('count', `${writes}`);
      writes++;
      // etcd drops a write during the transfer of leadership, without an answer.
      await write()
        .catch(write)
        .catch((error: Error) => {
          throw new Error(`write ${writes}: ${error.message}\n${members().state()}`);
        });
    }
    expect(await going).toEqual([true, true]);
    expect((await members().whole([stays])).map((member) => member.name)).toEqual(['etcd-0']);
    expect(await stays.get('count')).toBe(`${writes}`);
    const removed = members()
      .pods.flatMap((pod) => pod.log())
      .filter((line) => line.includes(' removing etcd-'));
    expect(
      [...new Set(removed.map((line) => / removing (.*): the settings ask for 1 /.exec(line)?.[1]))].sort(),
    ).toEqual(['etcd-1', 'etcd-2']);
  });
});

runningCluster(
  'members that leave before the others know',
  { terminationGracePeriod: Duration.seconds(40) },
  (members) => {
    test('leaving members remove themselves before they are killed, so that the last one has a quorum', async () => {
      const [stays, ...go] = [members().pod(0), members().pod(1), members().pod(2)];
      await stays.put('key', 'kept');
      expect(await Promise.all(go.map((pod) => pod.stop(40)))).toEqual([true, true]);
      expect((await members().whole([stays])).map((member) => member.name)).toEqual(['etcd-0']);
      expect(await stays.get('key')).toBe('kept');
      await Promise.all(go.map((pod) => pod.start()));
      await members().whole();
    });
  },
);

const SHORT = { terminationGracePeriod: Duration.seconds(40) };

runningCluster('members that leave without a scale-down', { replicas: 5, ...SHORT }, (members) => {
  test('two of five stop at the same time: both wait, and stay listed', async () => {
    const go = [members().pod(3), members().pod(4)];
    const stopped = Promise.all(go.map((pod) => pod.stop(45)));
    for (const pod of go) await pod.logs(/ not stopping yet: several members are stopping; /);
    expect(await stopped).toEqual([true, true]);
    for (const pod of go) await pod.logs(/ leaving: stopping after \d+ s, /);
    expect((await members().list()).map(({ name }) => name).sort()).toEqual([
      'etcd-0',
      'etcd-1',
      'etcd-2',
      'etcd-3',
      'etcd-4',
    ]);
  });
});

const NO_LIST = 'tmp/no-list';
const NO_LIST_WHEN_ASKED = `case "$*" in *'member list'*) [ ! -e /${NO_LIST} ] || exit 1 ;; esac
exec /usr/local/bin/etcdctl "$@"`;

runningCluster('members that leave during an election', {}, (members) => {
  test('a member that gets no member list asks again before it stops', async () => {
    const pod = members().pod(2);
    await pod.stop(30);
    pod.programs = { etcdctl: NO_LIST_WHEN_ASKED };
    await pod.start();
    await members().whole();
    pod.write(NO_LIST, '');
    let gone = false;
    const stopped = pod.stop(40).finally(() => (gone = true));
    await pause(4);
    expect(gone).toBe(false);
    pod.remove(NO_LIST);
    expect(await stopped).toBe(true);
    await pod.logs(/ leaving: the others have quorum without this member$/);
  });
});

runningCluster('members that leave under a leader that has not seen it', {}, (members) => {
  // It leads only since the others began to leave, and looks when the first of them has stopped.
  test('the one that stops later removes the one that has stopped', async () => {
    const [stays, second, third] = [members().pod(0), members().pod(1), members().pod(2)];
    await stays.put('key', 'kept');
    await stays.kill();
    stays.programs = { etcdctl: NO_LIST_WHEN_ASKED };
    members().set('replicas', '1');
    const going = [second, third].map((pod) => pod.stop(60));
    for (const pod of [second, third]) await pod.says(/^leaving /);
    stays.write(NO_LIST, '');
    await stays.start();
    // Or as the leader still, when etcd has refused to transfer leadership so soon.
    await second.logs(/ removing etcd-2(, which has stopped)?: the settings ask for 1 members/, 40);
    stays.remove(NO_LIST);
    expect(await Promise.all(going)).toEqual([true, true]);
    expect((await members().whole([stays])).map(({ name }) => name)).toEqual(['etcd-0']);
    expect(await stays.get('key')).toBe('kept');
  });
});

runningCluster('members that leave while another one of them is silent', {}, (members) => {
  // At first, etcd considers the silent member connected, and would let the leader remove the other one.
  test('no member is removed that the remaining one needs for a quorum', async () => {
    const [stays, silent, leaves] = [members().pod(0), members().pod(1), members().pod(2)];
    await members().lead(stays);
    await silent.exec('pkill', '-STOP', '.');
    members().set('replicas', '1');
    const left = leaves.stop(60);
    await leaves.says(/^leaving 1 /);
    for (let second = 0; second < 8; second++) {
      await stays.put('count', `${second}`);
      await pause(1);
    }
    expect((await members().list()).map(({ name }) => name)).toContain('etcd-2');

    await thaw(silent);
    expect(await Promise.all([left, silent.stop(30)])).toEqual([true, true]);
    expect((await members().whole([stays])).map(({ name }) => name)).toEqual(['etcd-0']);
    expect(await stays.get('count')).toBe('7');
  });
});

runningCluster('members beside pods of the chart', { memberAddresses: EtcdMemberAddresses.POD }, (members) => {
  // Such a pod has no phase. When it stops, it transfers leadership only to a member that it takes for connected.
  test('a member takes leadership from such a pod before the next one stops', async () => {
    const [chart, ours] = [members().pod(0), members().pod(2)];
    await members().lead(chart);
    await chart.exec('pkill', '-STOP', 'httpd');
    await ours.stop(20);
    await ours.start();
    await ours.logs(/ transferred leadership from etcd-0, a pod of Bitnami's chart, to this member/);
    await ours.logs(/ member [0-9a-f]+ of the cluster/);
    expect(await members().leader()).toBe(ours);
    await thaw(chart);
  });

  test('and from no other', async () => {
    const [leads, restarts] = [members().pod(0), members().pod(2)];
    await members().lead(leads);
    await restarts.stop(20);
    await restarts.start();
    await members().whole();
    expect(await members().leader()).toBe(leads);
  });
});
