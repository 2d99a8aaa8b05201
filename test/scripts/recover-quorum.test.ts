import { cluster, started, values } from './support/cases';
import { eventually, pause } from './support/eventually';
import type { Pod } from './support/pod';

const recover = (pod: Pod, ...args: string[]) => pod.exec('sh', '/toolbox/scripts/recover-quorum.sh', ...args);

cluster('recover-quorum.sh', {}, (members) => {
  test('its request ends when others are back with data', async () => {
    const [first, second] = await started(members());
    first.write('run/etcd/force-new-cluster', '\n');
    await first.exec('kill', '1');
    await first.logs(
      / not starting as the only member, although recover-quorum.sh asked for it: these members are back with data: etcd-\d/,
    );
    await members().whole();
    expect(await second.get('key')).toBe('acknowledged');
  });

  test('its request ends with the pod', async () => {
    const [first, second, third] = await started(members());
    await Promise.all([second.kill(), third.kill()]);
    await first.exec('kill', '1');
    await first.logs(/ starting with the existing data; no other member has quorum$/);
    await eventually('etcd runs', () => first.runsEtcd(), 15);
    expect((await recover(first, '--lost', 'etcd-1,etcd-2')).status).toBe(0);
    await first.kill();
    await Promise.all([second.start(), third.start()]);
    await eventually('a quorum', async () => (await second.ready()) && (await third.ready()), 20);
    await second.put('key', 'of the quorum');
    await first.start();
    await members().whole();
    expect(await values(members())).toEqual(['of the quorum', 'of the quorum', 'of the quorum']);
  });

  test('members that refuse to start have data', async () => {
    const [first, second, third] = await started(members());
    await members().kill();
    for (const pod of [second, third]) pod.write(`${pod.volume}/data.notes/etcd-version`, '3.4.1\n');
    await members().start();
    for (const pod of [second, third]) await pod.says(/^refusing /);
    await eventually('etcd runs', () => first.runsEtcd());
    const asked = await recover(first, '--lost', 'etcd-1,etcd-2');
    expect(asked.status).toBe(1);
    expect(asked.stderr).toContain('error: etcd-1 is not lost: it reports that it has data (refusing)');
    for (const pod of [second, third]) pod.write(`${pod.volume}/data.notes/etcd-version`, '3.5.99\n');
    await members().whole();
    expect(await values(members())).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
  });

  test.each([
    [[], 'name the members whose data is lost for good'],
    [['--confirm'], 'name the members whose data is lost'],
    [['--lost'], 'name the members whose data is lost'],
    [['--lost', 'etcd-0,etcd-1'], 'etcd-0 is this member'],
    [['--lost', 'etcd-1,etcd-7'], 'there is no member etcd-7: the cluster has 3 members, etcd-0 to etcd-2'],
    [['--lost', '../x,etcd-1'], 'there is no member ../x'],
    [
      ['--lost', 'etcd-1'],
      'etcd-2 is not named as lost, and is silent: bring it back, or name it if its data is lost for good',
    ],
  ])('called wrongly (%j), it changes nothing', async (args, why) => {
    const first = members().pod(0);
    first.write(`${first.volume}/data/member/wal/0.wal`, '');
    first.write(`${first.volume}/data.notes/etcd-version`, '3.4.1\n'); // so that it waits
    await first.start();
    await first.says(/^refusing /);
    const asked = await recover(first, ...args);
    expect(asked.status).toBe(1);
    expect(asked.stderr).toContain(`error: ${why}`);
    expect((await first.exec('ls', '/run/etcd')).stdout).not.toContain('force-new-cluster');
  });
});

cluster('recover-quorum.sh, two survivors of five', { replicas: 5 }, (members) => {
  test('on the member with more data, the other one joins', async () => {
    await members().start();
    await members().whole();
    const [first, second, ...others] = members().pods as [Pod, Pod, ...Pod[]];
    await first.put('key', 'acknowledged');
    await pause(1); // entries that etcd has not recorded as committed are lost
    await members().kill();
    for (const pod of others) pod.wipe();
    await members().start();
    for (const pod of others) await pod.says(/^fresh 5 \S+ - for etcd-0 \(member 5\) etcd-1 \(member 5\)/);
    await eventually('etcd runs', () => first.runsEtcd() && second.runsEtcd());
    await pause(2);
    const lost = ['--lost', 'etcd-2,etcd-3,etcd-4'];
    const attempts = [await recover(first, ...lost)];
    if (attempts[0]?.status !== 0) attempts.push(await recover(second, ...lost));
    expect(attempts.pop()?.status).toBe(0);
    for (const { stderr } of attempts) expect(stderr).toMatch(/etcd-1 has more data than this member/);
    await members().whole(members().pods, 60);
    expect(new Set(await values(members()))).toEqual(new Set(['acknowledged']));
  });
});
