import { cluster, started, values } from './support/cases';
import { eventually } from './support/eventually';
import type { Pod } from './support/pod';

/** Runs a program, except for its call with this number, which fails. */
const failsAt = (program: string, call: number): string =>
  `echo x >>/tmp/calls\n[ "$(wc -l </tmp/calls)" != ${call} ] || exit 1\nexec ${program} "$@"`;

async function withoutDisk(pod: Pod, programs: Pod['programs']): Promise<void> {
  await pod.kill();
  pod.wipe();
  pod.remove('tmp');
  pod.programs = programs;
  await pod.start();
}

cluster('a member without data, whose programs fail', {}, (members) => {
  test.each([1, 2, 3, 4])('etcdctl, at call %i: it still joins, and no member starts empty', async (call) => {
    const [, second, third] = await started(members());
    await withoutDisk(third, { etcdctl: failsAt('/usr/local/bin/etcdctl', call) });
    await members().whole(members().pods, 60);
    expect(await values(members())).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
    expect(third.log().filter((line) => line.includes('bootstrapping:'))).toHaveLength(1); // of before
    expect(second.runsEtcd()).toBe(true);
  });

  test('etcdctl, always: it waits, says why, and the member list is unchanged', async () => {
    const [first, , third] = await started(members());
    const before = await members().list(first);
    await withoutDisk(third, { etcdctl: 'exit 1' });
    await third.says(/^joining 3 \S+ - etcd-\d is ready but does not return its member list$/);
    expect(third.runsEtcd()).toBe(false);
    expect(await members().list(first)).toEqual(before);
  });

  test('wget, always: all others seem silent, and it waits for them', async () => {
    const [, , third] = await started(members());
    await withoutDisk(third, { wget: 'exit 1' });
    await third.says(/^fresh 3 \S+ - for etcd-0 \(silent\) etcd-1 \(silent\)/);
    expect(third.runsEtcd()).toBe(false);
  });

  test('sync, always: it begins no bootstrap that a power failure could undo', async () => {
    for (const pod of members().pods) pod.programs = { sync: 'exit 1' };
    await members().start();
    for (const pod of members().pods) await pod.says(/^fresh 3 /);
    await eventually(
      'it says why',
      () => members().pods.every((pod) => pod.log().some((line) => /so its disk has no id/.test(line))),
      20,
    );
    expect(members().pods.map((pod) => pod.runsEtcd())).toEqual([false, false, false]);
  });
});

cluster('a member with data, whose programs fail', {}, (members) => {
  test.each(['etcdctl', 'etcdutl', 'sync', 'nslookup'])('%s, always: it starts on its data', async (program) => {
    const [, , third] = await started(members());
    await third.kill();
    third.programs = { [program]: 'exit 1' };
    await third.start();
    await eventually(
      'it is ready',
      () => third.ready(),
      90, // after 45 s, it reports as started although etcdctl does not say which members it is connected to
      () => members().state(),
    );
    expect(third.kept().filter((name) => /^data\./.test(name) && name !== 'data.notes')).toEqual([]);
  });

  test('wget, always: it starts on its data, and sets nothing aside', async () => {
    const [, , third] = await started(members());
    await third.kill();
    third.programs = { wget: 'exit 1' };
    await third.start();
    await third.logs(/ starting with the existing data; no other member has quorum$/);
    await eventually('etcd runs', () => third.runsEtcd(), 15);
    expect(third.kept().filter((name) => /^data\./.test(name) && name !== 'data.notes')).toEqual([]);
  });
});
