import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { EtcdRestore, EtcdSnapshotStore } from '../../src';
import { atLeast } from '../../src/constants/version';
import { eventually, pause } from './support/eventually';
import { describeMembers, machine } from './support/machine';
import { Members } from './support/members';
import type { Pod } from './support/pod';

const CLAIM = 'backups';

describeMembers('snapshots, and restores in place', () => {
  let members: Members;
  let [first, second, third]: Pod[] = [];
  let snapshotter: Pod;
  let restorer: Pod;
  let name: string;

  beforeAll(async () => {
    members = await Members.create({}, (etcd) =>
      etcd
        .addSnapshots({ store: EtcdSnapshotStore.existingClaim(CLAIM), snapshotHistoryLimit: 2 })
        .addRestoreDrill({ minimumKeys: 1 }),
    );
    [first, second, third] = members.pods;
    snapshotter = members.job('CronJob', 'etcd-snapshotter');
    await members.start();
    await members.whole();
  });
  afterAll(() => members.remove());

  /** The file as a job's pod sees it. */
  const file = (pod: Pod, more = ''): string => pod.path(`snapshots/${name}${more}`);
  const give = (pod: Pod): void => {
    pod.write(`snapshots/.folder`, '');
    for (const more of ['', '.json']) copyFileSync(file(snapshotter, more), file(pod, more));
  };

  test('a snapshot is taken from a follower, verified, and gets a metadata file', async () => {
    await first.put('key', 'before');
    if (atLeast(machine.etcdVersion, '3.6.0')) {
      const data = `${first.volume}/data/member/snap/db`; // etcd notes its version there some seconds after it has started
      await eventually('the data has their version', () => first.read(data).includes('storageVersion'), 20);
    }
    snapshotter.write('snapshots/.db-2020-01-01_00-00', 'left by a run that was killed');
    snapshotter.write('snapshots/db-2020-01-01_00-00.json', '{}');
    snapshotter.write('snapshots/db-2019-01-01_00-00', 'of the chart');
    await snapshotter.start({ restart: false });
    expect(await snapshotter.finished()).toBe(true);
    const log = snapshotter.log().join('\n');
    name = /snapshot saved: \/snapshots\/(db-\d{4}-\d\d-\d\d_\d\d-\d\d) /.exec(log)?.[1] ?? '';
    expect(snapshotter.kept().filter((f) => f !== '.lock')).toEqual(['db-2019-01-01_00-00', name, `${name}.json`]);
    const facts = JSON.parse(readFileSync(file(snapshotter, '.json'), 'utf8'));
    const leader = (await members.leader()).name;
    expect(facts).toMatchObject({ cluster: 'etcd-cluster/etcd', keys: 1, etcdVersion: expect.stringMatching(/^3\./) });
    expect(facts.takenFrom).not.toContain(`/${leader}.`);
    expect(log).toContain('and 1 that this job did not create');
  });

  test('a drill restores it into a temporary etcd', async () => {
    const drill = members.job('CronJob', 'etcd-drill');
    give(drill);
    await drill.start({ restart: false });
    expect(await drill.finished()).toBe(true);
    const outcome = JSON.parse(readFileSync(file(drill, '.drill.json'), 'utf8'));
    expect(outcome).toMatchObject({ outcome: 'passed', keys: 1 });

    const bad = members.job('CronJob', 'etcd-drill');
    give(bad);
    flip(file(bad));
    await bad.start({ restart: false });
    expect(await bad.finished()).toBe(false);
    expect(bad.log().join('\n')).toContain(`error: the drill failed: ${name} does not match the sha256 at its end`);
    expect(JSON.parse(readFileSync(file(bad, '.drill.json'), 'utf8'))).toMatchObject({ outcome: 'failed' });
  });

  test('a bad file changes nothing, and the members say why', async () => {
    await first.put('key', 'after');
    members.change({ restoreFrom: EtcdRestore.fromClaim(CLAIM, name, { id: 'r1' }) });
    for (const pod of members.pods)
      await eventually(`${pod.name} waits`, () => /^restore r1 waiting for the restore job/.test(pod.restore()), 15);
    restorer = members.job('Job', 'etcd-restore-');
    give(restorer);
    flip(file(restorer));
    await restorer.start({ restart: false });
    const says = (why: string) =>
      eventually(
        `all say: ${why}`,
        () => members.pods.every((pod) => pod.restore() === `restore r1 waiting: ${why}`),
        20,
        () => members.state(),
      );
    await says(`${name} does not match the sha256 at its end`);
    truncateSync(file(restorer), 5000);
    await says(`${name} is truncated or not a snapshot: 5000 bytes are not a whole number of pages and a checksum`);
    writeFileSync(file(restorer), '');
    await says(`${name} is empty`);
    if (atLeast(machine.etcdVersion, '3.6.0')) {
      rmSync(file(restorer, '.json'));
      writeFileSync(file(restorer), ofVersion('3.9.0', readFileSync(file(snapshotter))));
      await says(`${name} is from etcd 3.9.0, which is newer than ${machine.etcdVersion}`);
    }
    for (const pod of members.pods) expect(await pod.get('key')).toBe('after');
  });

  test('with a good file, all members switch to the old data, as a new cluster', async () => {
    const before = await first.exec('etcdctl', 'endpoint', 'status', '--write-out=json');
    give(restorer);
    await eventually(
      'the job has ended',
      () => !restorer.running(),
      40,
      () => members.state(),
    );
    expect(await restorer.finished()).toBe(true);
    await members.whole();
    for (const pod of members.pods) {
      expect(await pod.get('key')).toBe('before');
      expect(pod.kept()).toEqual(expect.arrayContaining(['data', 'data-r1', 'current-data']));
      expect(pod.restore()).toBe('');
      expect(pod.read(`${pod.volume}/data-r1.notes/run`)).toMatch(/^uid-of-job-\d+-3-1000000000-[0-9a-f]{12}\n$/);
    }
    const status = async (pod: Pod) => (await pod.exec('etcdctl', 'endpoint', 'status', '--write-out=json')).stdout;
    expect(clusterId(await status(first))).not.toBe(clusterId(before.stdout));
    expect(revision(await status(first))).toBeGreaterThan(1_000_000_000);
    await first.put('key', 'of r1');
  });

  test('a member that loses its disk rejoins with the restored data', async () => {
    await third.kill();
    third.wipe();
    await third.start();
    await members.whole();
    expect(await third.get('key')).toBe('of r1');
    expect(third.kept()).toContain('data-r1');
  });

  test('without restoreFrom, members stay on the restored data, also when all restart', async () => {
    members.change({ restoreFrom: undefined });
    await pause(4);
    await members.kill();
    await members.start(true);
    await members.whole(members.pods, 60);
    for (const pod of members.pods) expect(await pod.get('key')).toBe('of r1');
  });

  test('and a member that is left on the old data, without a quorum there, follows the others', async () => {
    await second.kill();
    second.write(`${second.volume}/current-data`, '-\n');
    await second.start();
    await members.whole(members.pods, 60);
    expect(await second.get('key')).toBe('of r1');
    await second.logs(/ all members are ready: switching from data - to r1$/);
  });

  test('the way back: the data from before is back, and a member without it joins', async () => {
    members.change({ restoreFrom: EtcdRestore.original() });
    await eventually(
      'the old data',
      async () => (await first.get('key')) === 'after',
      40,
      () => members.state(),
    );
    await members.whole();
    for (const pod of [second, third]) expect(await pod.get('key')).toBe('after');
    await first.put('key', 'after the way back');
  });

  test('after a second switch, nothing is restored twice', async () => {
    members.change({ restoreFrom: EtcdRestore.fromClaim(CLAIM, name, { id: 'r1', discardOldData: true }) });
    await eventually(
      'the data of r1',
      async () => (await first.get('key')) === 'of r1',
      40,
      () => members.state(),
    );
    await members.whole();
    const gone = () => members.pods.every((pod) => !pod.kept().includes('data'));
    await eventually('old data is gone', gone, 15, () => members.state());
  });
});

describeMembers('restores that do not fit together', () => {
  let members: Members;
  beforeAll(async () => {
    members = await Members.create({ restoreFrom: EtcdRestore.fromClaim(CLAIM, 'db-1') });
  });
  afterAll(() => members.remove());

  test('members that read different files of the same name do not start', async () => {
    for (const [i, pod] of members.pods.entries()) {
      pod.write(`${pod.volume}/prepared/data/member/wal/0.wal`, '');
      for (const [fact, value] of Object.entries({ id: '-', count: '3', bump: '0', kind: 'asked' }))
        pod.write(`${pod.volume}/prepared/${fact}`, `${value}\n`);
      pod.write(`${pod.volume}/prepared/sha256`, i === 2 ? 'other\n' : 'same\n');
      pod.write(`${pod.volume}/prepared/run`, i === 2 ? 'uid-3-0-other\n' : 'uid-3-0-same\n');
    }
    await members.start();
    for (const pod of members.pods) {
      await pod.logs(/ restore -: prepared .*, waiting: members have different data of this restore: /);
      await pod.says(/^fresh 3 \S+ - restore - prepared (same|other) of uid-3-0-\1$/);
      expect(pod.runsEtcd()).toBe(false);
      expect(pod.kept()).toEqual(['prepared']);
    }
  });
});

describeMembers('a volume for snapshots that is full', () => {
  let members: Members;
  beforeAll(async () => {
    members = await Members.create({ replicas: 1 }, (etcd) =>
      etcd.addSnapshots({ store: EtcdSnapshotStore.existingClaim(CLAIM), snapshotHistoryLimit: 1 }),
    );
    await members.start();
    await members.whole();
  });
  afterAll(() => members.remove());

  /** A job that finds one old snapshot. */
  const beside = (job: Pod): void => {
    job.write('snapshots/db-2020-01-01_00-00', 'an old one');
    job.write('snapshots/db-2020-01-01_00-00.json', '{\n  "cluster": "etcd-cluster/etcd",\n}\n');
  };
  const keeps = (job: Pod): void =>
    expect(job.kept().filter((f) => f !== '.lock')).toEqual(['db-2020-01-01_00-00', 'db-2020-01-01_00-00.json']);

  test('full during the snapshot: the job fails with a reason, and the old snapshot stays', async () => {
    const job = members.job('CronJob', 'etcd-snapshotter');
    beside(job);
    await job.start({ restart: false, largestFileKib: 8 });
    expect(await job.finished()).toBe(false);
    expect(job.log().join('\n')).toMatch(/did not return a complete snapshot; the volume has \d+ MiB free/);
    expect(job.log().join('\n')).toContain('error: no member with quorum returned a snapshot; the old ones are kept');
    keeps(job);
  });

  test('full from the start: no snapshot is begun', async () => {
    const job = members.job('CronJob', 'etcd-snapshotter');
    await job.start({ restart: false, volumeKib: 64 });
    expect(await job.finished()).toBe(false);
    expect(job.log().join('\n')).toMatch(
      /error: the volume of \/snapshots has 0 MiB free.*: no snapshot was taken; the old ones/,
    );
    expect(job.log().join('\n')).not.toContain('taking a snapshot');
  });
});

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[9000] = (bytes[9000] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

/** The same data marked with a later version, which data includes since 3.6: etcd does not start on data of a later minor version. */
function ofVersion(version: string, snapshot: Buffer): Buffer {
  const marked = snapshot
    .subarray(0, -32)
    .toString('latin1')
    .replace(/(?<=storageVersion)3\.\d\.0/g, version);
  expect(marked).toContain(`storageVersion${version}`);
  const data = Buffer.from(marked, 'latin1');
  return Buffer.concat([data, createHash('sha256').update(data).digest()]);
}

function clusterId(status: string): string | undefined {
  return /"cluster_id":(\d+)/.exec(status)?.[1];
}

function revision(status: string): number {
  return Number(/"revision":(\d+)/.exec(status)?.[1]);
}
