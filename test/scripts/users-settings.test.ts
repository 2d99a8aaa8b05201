import { existsSync } from 'node:fs';
import { pause } from './support/eventually';
import type { Pod } from './support/pod';
import { app, auth, ROOT, usersCluster, withUsers } from './support/users-cluster';

usersCluster('settings of users', (users) => {
  test('authentication is not enabled before root has the password of its Secret', async () => {
    const members = await users().start({ ...app, enabled: false });
    await users().says('user grant-role root root');
    for (const command of ['user delete root', 'user add root:of-a-snapshot', 'user grant-role root root'])
      await users().etcdctl('', ...command.split(' '));
    users().fail('*user passwd root*');
    members.change(auth(app));
    await users().says('etcd refuses `etcdctl user passwd root`');
    await pause(15);
    expect(await users().etcdctl('', 'put', 'a', '1')).toContain('OK');
    users().fail();
    await users().isOn();
    expect(await users().isRejected(`root:${ROOT}`)).toBe(false);
    expect(await users().etcdctl(`root:${ROOT}`, 'user', 'list')).toBe('app\nroot\n');
  });

  test('a leader whose settings are not those of the others changes nothing', async () => {
    const members = await users().start();
    await users().isOn();
    const web = withUsers({ name: 'web', passwordKey: 'app' });
    const leader = await members.leader();
    const [next, last] = members.pods.filter((pod) => pod !== leader) as [Pod, Pod];
    const old = ['auth', 'users'].map((name) => [name, leader.read(`settings/${name}`)] as const);
    const list = (): Promise<string> => users().etcdctl(`root:${ROOT}`, 'user', 'list');
    const waits = (pod: Pod): string => `users: nothing is changed: ${pod.name} has different user settings`;

    members.change(auth(web));
    for (const [name, text] of old) last.set(name, text); // the kubelet is late there
    await users().says(waits(last));
    expect(await list()).toBe('app\nroot\n');
    last.set('users', leader.read('settings/users'));
    await users().until('web is added', async () => (await list()).includes('web'));

    for (const [name, text] of old) next.set(name, name === 'auth' ? 'off' : text);
    await members.lead(next);
    await users().until('it leads and waits', () =>
      Promise.resolve(/nothing is changed: \S+ has different/.test(next.log().join())),
    );
    await pause(12);
    expect(await list()).toBe('app\nroot\nweb\n');
    expect(await users().etcdctl('', 'get', 'a')).toContain('user name is empty');
    await last.kill(); // a member that does not answer does not count, and a majority has other settings
    await pause(5);
    expect(await list()).toBe('app\nroot\nweb\n');
    expect(users().logs()).not.toContain('users: etcdctl user delete');

    for (const pod of [leader, next]) for (const [name, text] of old) pod.set(name, text);
    await users().until(
      'web is removed, without the member that is down',
      async () => (await list()) === 'app\nroot\n',
    );
  }, 180_000);

  test('settings that disappear in between are not empty ones', async () => {
    const members = await users().start();
    await users().isOn();
    for (const pod of members.pods) pod.write('at-user-list', 'rm -f /settings/auth /settings/users');
    await users().until(
      'they are gone',
      () => Promise.resolve(members.pods.some((pod) => !existsSync(pod.path('settings/auth')))),
      80,
    );
    await pause(15);
    expect(await users().etcdctl('app:first', 'put', '/app/a', '1')).toContain('OK');
    expect(users().logs()).not.toMatch(/users: etcdctl (user|role) (delete|revoke)/);
  }, 180_000);
});
