import { copyFileSync, readFileSync } from 'node:fs';
import {
  EtcdKeyRange,
  EtcdPermission,
  EtcdRestore,
  EtcdRoot,
  EtcdSnapshotStore,
  type EtcdAuthOptions,
} from '../../src';
import { eventually } from './support/eventually';
import { describeMembers } from './support/machine';
import { Members } from './support/members';
import type { Pod } from './support/pod';
import { etcdctlAs } from './support/users';

const CLAIM = 'backups';
const auth: EtcdAuthOptions = {
  root: EtcdRoot.password({ name: 'root' }),
  passwordSecret: 'users',
  roles: [{ name: 'app', permissions: [EtcdPermission.readWrite(EtcdKeyRange.all())] }],
  users: [{ name: 'app', roles: ['app'] }],
};

describeMembers('jobs with users', () => {
  let members: Members;
  let snapshotter: Pod;
  let name: string;

  beforeAll(async () => {
    members = await Members.create({ auth }, (etcd) => {
      etcd.addSnapshots({ store: EtcdSnapshotStore.existingClaim(CLAIM) }).addRestoreDrill({ minimumKeys: 1 });
      etcd.addDefrag();
    });
    for (const pod of members.pods) give(pod, 'old');
    await members.start();
    await members.whole();
    await isOn();
  });
  afterAll(() => members.remove());

  const give = (pod: Pod, root: string): void => {
    pod.write('auth/root/password', root);
    pod.write('auth/users/app', 'of-app');
  };
  const put = (key: string, user: string): Promise<string> => etcdctlAs(members.pod(0), user, 'put', key, '1');
  const isOn = (): Promise<void> =>
    eventually(
      'authentication is on',
      async () => (await put('a', '')).includes('user name is empty'),
      30,
      () => members.state(),
    );
  const copy = (to: Pod): void => {
    to.write('snapshots/.folder', '');
    for (const more of ['', '.json'])
      copyFileSync(snapshotter.path(`snapshots/${name}${more}`), to.path(`snapshots/${name}${more}`));
  };

  test('a snapshot waits until members have applied a new password of root', async () => {
    expect(await put('key', 'app:of-app')).toContain('OK');
    snapshotter = members.job('CronJob', 'etcd-snapshotter');
    give(snapshotter, 'new');
    await snapshotter.start({ restart: false });
    await snapshotter.logs(/ members have not applied the password in root's Secret yet; waiting$/);
    give(snapshotter, 'old');
    expect(await snapshotter.finished()).toBe(true);
    name = /snapshot saved: \/snapshots\/(db-[-\d_]+) /.exec(snapshotter.log().join('\n'))?.[1] ?? '';
  });

  test('a drill of a snapshot with users passes', async () => {
    const drill = members.job('CronJob', 'etcd-drill');
    copy(drill);
    await drill.start({ restart: false });
    expect([await drill.finished(), drill.log()]).toEqual([true, expect.anything()]);
    expect(JSON.parse(readFileSync(drill.path(`snapshots/${name}.drill.json`), 'utf8'))).toMatchObject({
      outcome: 'passed',
    });
  });

  test('after a restore of a snapshot with another password of root, today’s users are applied', async () => {
    for (const pod of members.pods) give(pod, 'today');
    await eventually(
      'the new password is applied',
      async () => (await put('key2', 'root:today')).includes('OK'),
      30,
      () => members.state(),
    );
    members.change({ restoreFrom: EtcdRestore.fromClaim(CLAIM, name, { id: 'r1' }) });
    const restorer = members.job('Job', 'etcd-restore-');
    give(restorer, 'today');
    copy(restorer);
    await restorer.start({ restart: false });
    await eventually(
      'the job has ended',
      () => !restorer.running(),
      60,
      () => members.state(),
    );
    await members.whole(members.pods, 60);
    await isOn();
    expect(await put('key', 'root:old')).toContain('authentication failed');
    expect(await put('key', 'app:of-app')).toContain('OK');
    expect((await members.pod(0).exec('etcdctl', 'get', 'key2')).stdout).toBe(''); // written after the snapshot
  }, 180_000);
});
