import { cpSync } from 'node:fs';
import { Duration } from 'cdk8s';
import { EtcdDefragMethod, EtcdSnapshotStore } from '../../src';
import { describeMembers } from './support/machine';
import { Members } from './support/members';
import type { Pod } from './support/pod';

const SHRINK = [
  "v=$(head -c 500000 /dev/zero | tr '\\0' a)",
  'for i in 1 2 3 4 5 6 7 8; do echo "$v" | etcdctl put big$i >/dev/null; done',
  'etcdctl del big --prefix >/dev/null',
  'revision=$(etcdctl get x --write-out=fields | sed -n \'s/^"Revision" : //p\')',
  'etcdctl compact "$revision" --physical >/dev/null',
].join('\n');

describeMembers('members with free space', () => {
  let members: Members;
  beforeAll(async () => {
    const defragmentation = { minimumGain: '1Mi', minimumGainPercent: 10 };
    members = await Members.create({ defragmentation }, (etcd) => {
      etcd.addDefrag({ method: EtcdDefragMethod.ONLINE, pauseAfterMember: Duration.seconds(0) });
      etcd.addSnapshots({ store: EtcdSnapshotStore.persistentVolumeClaim() }).addRestoreDrill();
    });
    await members.start();
    await members.whole();
    await members.pod(0).put('key', 'kept');
  });
  afterAll(() => members.remove());

  const bloat = async (): Promise<void> => {
    expect(await members.pod(0).exec('sh', '-euc', SHRINK)).toMatchObject({ status: 0 });
  };
  const size = async (pod: Pod): Promise<number> =>
    Number((await pod.exec('stat', '-c', '%s', '/var/lib/etcd/data/member/snap/db')).stdout);
  const run = async (): Promise<{ ok: boolean; log: string }> => {
    const job = members.job('CronJob', 'etcd-defrag');
    await job.start({ restart: false });
    return { ok: await job.finished(), log: job.log().join('\n') };
  };

  test('a member that restarts while the others serve defragments before it starts', async () => {
    await bloat();
    const pod = members.pod(1);
    const before = await size(pod);
    pod.write('var/lib/etcd/data/member/snap/db.tmp.123', 'left by one that was killed');
    await pod.stop(30);
    await pod.start();
    await members.whole();
    await pod.logs(/ Finished defragmenting etcd member\[http:\/\/etcd-1\..*\]: \d+ MiB before, 0 MiB after, \d+ s$/);
    expect(await size(pod)).toBeLessThan(before / 10);
    expect((await pod.exec('ls', '/var/lib/etcd/data/member/snap')).stdout).not.toContain('tmp');
    expect(await pod.get('key')).toBe('kept');
  });

  test('a member without free space does not defragment', async () => {
    const pod = members.pod(1);
    await pod.stop(30);
    await pod.start();
    await members.whole();
    await pod.logs(/ not defragmenting: only 0 MiB of 0 MiB would be reclaimed$/);
  });

  test('a member without answers at first, as when a NetworkPolicy learns its address late, asks again', async () => {
    await bloat();
    const [pod, others] = [members.pod(1), [members.pod(0), members.pod(2)]];
    const signal = (name: string) => Promise.all(others.map((other) => other.exec('pkill', `-${name}`, 'httpd')));
    await pod.stop(30);
    await signal('STOP');
    await pod.start();
    await pod.logs(/ no other member answers yet: asking again, because defragmentation would reclaim space$/);
    await signal('CONT');
    await members.whole();
    expect(pod.log().filter((line) => line.includes('Finished defragmenting'))).toHaveLength(2);
  });

  test('the job, online: a plan, then one member after the other, the leader last', async () => {
    const { ok, log } = await run();
    expect(log).toMatch(/etcd-1, \w+, 0 MiB, 0 MiB, 0 MiB, nothing to gain/);
    const finished = [...log.matchAll(/Finished defragmenting etcd member\[http:\/\/(etcd-\d)/g)].map(
      (match) => match[1],
    );
    expect([...new Set(finished)].sort()).toEqual(['etcd-0', 'etcd-2']);
    expect(log).toMatch(/summary:\n {2}etcd-\d: \d+ MiB before, 0 MiB after/);
    expect(ok).toBe(true);
    for (const pod of members.pods) expect(await pod.get('key')).toBe('kept');
  });

  test('the job waits for a running drill, and continues when the drill has ended', async () => {
    await bloat();
    const drill = members.job('CronJob', 'etcd-drill');
    await drill.start({ restart: false });
    expect(await drill.finished()).toBe(false); // there is no snapshot, but it has told the members that it runs
    const job = members.job('CronJob', 'etcd-defrag');
    await job.start({ restart: false });
    await job.logs(/ waiting: the job etcd-drill is running, or was within the last 15 s$/);
    expect(job.log().join('\n')).not.toContain('Finished');
    for (const pod of members.pods) pod.write('run/etcd/calls/etcd-drill', '0\n');
    expect(await job.finished()).toBe(true);
    expect(job.log().join('\n')).toContain('Finished');
  });

  test('the job, with nothing to reclaim: it succeeds and touches no member', async () => {
    const { ok, log } = await run();
    expect(log).toMatch(/ nothing to do$/m);
    expect(log).not.toContain('defragmenting');
    expect(ok).toBe(true);
  });

  test('the job, with a member down: it refuses', async () => {
    await bloat();
    await members.pod(2).stop(30);
    const { ok, log } = await run();
    expect(log).toMatch(
      /error: http:\/\/etcd-2\..* does not answer \(.*\); stopping here: the other members are unchanged/,
    );
    expect(log).not.toContain('Finished');
    expect(ok).toBe(false);
    await members.pod(2).start();
    await members.whole();
  });
});

describeMembers('a cluster whose quota is used up', () => {
  let members: Members;
  afterAll(() => members.remove());

  test('accepts writes again without manual steps', async () => {
    members = await Members.create(
      { quotaBackend: '16Mi', defragmentation: { minimumGain: '1Mi', minimumGainPercent: 10 } },
      (etcd) => {
        etcd.addDefrag({ method: EtcdDefragMethod.ONLINE, pauseAfterMember: Duration.seconds(0), compactFirst: true });
        etcd.addSnapshots({ store: EtcdSnapshotStore.persistentVolumeClaim() }).addRestoreDrill();
      },
    );
    await members.start();
    await members.whole();
    const [pod] = members.pods as [Pod];
    await pod.put('key', 'kept');
    const put = `v=$(head -c 500000 /dev/zero | tr '\\0' a); while echo "$v" | etcdctl put big >/dev/null; do :; done`;
    expect((await pod.exec('sh', '-c', put)).stderr).toContain('space exceeded');
    // Database files differ by a few MB: the member that is asked raises the alarm, here the others do, too.
    const ids = (await pod.exec('etcdctl', 'member', 'list', '-w', 'fields')).stdout.matchAll(/^"ID" : (\d+)$/gm);
    for (const [, memberID] of ids) {
      const body = JSON.stringify({ action: 'ACTIVATE', memberID, alarm: 'NOSPACE' });
      await pod.exec('wget', '-qO-', '--post-data', body, 'http://127.0.0.1:2379/v3/maintenance/alarm');
    }
    expect((await pod.exec('etcdctl', 'alarm', 'list')).stdout.match(/alarm:NOSPACE/g)).toHaveLength(3);
    await pod.exec('etcdctl', 'del', 'big');
    const snapshotter = members.job('CronJob', 'etcd-snapshotter');
    await snapshotter.start({ restart: false });
    expect(await snapshotter.finished()).toBe(true); // before keys are deleted
    expect(snapshotter.kept()).toContainEqual(expect.stringMatching(/^db-[\d_-]+$/));
    const drill = members.job('CronJob', 'etcd-drill');
    cpSync(snapshotter.path(snapshotter.volume), drill.path(drill.volume), { recursive: true });
    await drill.start({ restart: false });
    await drill.finished();
    expect(drill.log().join('\n')).toContain('drill passed: '); // the snapshot includes the alarms
    const job = members.job('CronJob', 'etcd-defrag');
    await job.start({ restart: false });
    const ok = await job.finished();
    expect(job.log().join('\n')).toContain('disarmed the alarm NOSPACE');
    expect(ok).toBe(true);
    await pod.put('key', 'value');
  });
});
