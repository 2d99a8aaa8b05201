import { EtcdKeyRange, EtcdLogin, EtcdPermission } from '../../src';
import { app, auth, ROOT, root, usersCluster, withUsers } from './support/users-cluster';

usersCluster('users', (users) => {
  test('are created, and authentication is enabled', async () => {
    const members = await users().start();
    await users().isOn();
    expect(await users().etcdctl('app:first', 'put', '/app/a', '1')).toContain('OK');
    expect(await users().etcdctl('app:first', 'get', 'motd of the day')).toBe('');
    expect(await users().etcdctl('app:first', 'put', 'q1', '1')).toContain('OK');
    for (const denied of ['motd of the day', '/apq', 'r'])
      expect(await users().etcdctl('app:first', 'put', denied, '1')).toContain('permission denied');
    expect(await users().etcdctl('app:first', 'get', 'q1')).toContain('permission denied');
    await members.whole(); // etcdctl in a pod logs in by itself
    expect(users().logs()).toContain('users: etcdctl user add app');
    expect(users().logs()).not.toContain(ROOT);
    expect(users().logs()).not.toContain('error:');
  });

  test('are changed while members run: permissions, a password, a new user, one less', async () => {
    const members = await users().start();
    await users().isOn();
    for (const command of ['role add by-hand', 'user add by-hand:x', 'user grant-role app by-hand'])
      await users().etcdctl(`root:${ROOT}`, ...command.split(' '));
    users().secrets({ 'users/app': 'second', 'users/other-key': 'of-web' });
    members.change(
      auth({
        ...app,
        roles: [{ name: 'app', permissions: [EtcdPermission.read(EtcdKeyRange.all())] }, { name: 'more' }],
        users: withUsers({ name: 'web', roles: ['more'], passwordKey: 'other-key' }).users,
      }),
    );
    await users().until('web can log in', async () => !(await users().isRejected('web:of-web')));
    expect(await users().isRejected('app:first')).toBe(true);
    expect(await users().isRejected('app:second')).toBe(false);
    expect(await users().etcdctl('app:second', 'get', 'r')).not.toContain('permission denied');
    expect(await users().etcdctl('app:second', 'put', '/app/a', '1')).toContain('permission denied');
    expect(await users().etcdctl(`root:${ROOT}`, 'user', 'get', 'app')).toContain('Roles: app\n');

    members.change(auth({ root }));
    await users().until(
      'they are gone',
      async () => (await users().etcdctl(`root:${ROOT}`, 'user', 'list')) === 'by-hand\nroot\n',
    );
    await users().until(
      'roles too',
      async () => !/^(app|more)$/m.test(await users().etcdctl(`root:${ROOT}`, 'role', 'list')),
    );
    expect(await users().etcdctl(`root:${ROOT}`, 'role', 'list')).toContain('by-hand\n');
    expect(users().logs()).toContain('users: not declared, and left alone: by-hand');
  });

  test('disabled, and enabled again; a member without a login does not start', async () => {
    const members = await users().start();
    await users().isOn();
    members.change(auth({ ...app, enabled: false }));
    await users().until('it is disabled', async () => (await users().etcdctl('', 'put', 'a', '1')).includes('OK'));
    expect(await users().etcdctl('app:first', 'put', 'z', '1')).toContain('OK'); // clients may keep their credentials
    members.change(auth(app));
    await users().isOn();
    await users().until('all know', () =>
      Promise.resolve(members.pods.every((pod) => pod.read('run/etcd/public/auth').includes('on'))),
    );
    const pod = await members.replace(2, { auth: undefined });
    await users().until('it refuses', async () => pod.phase().startsWith('refusing'));
    await pod.logs(/authentication is enabled, and this member cannot log in as root/);
    const back = await members.replace(2, auth(app));
    back.write('auth/root/password', ROOT);
    back.write('auth/users/app', 'first');
    await members.whole();
  }, 180_000);

  test('existing users: one with a certificate gets a password, and is not removed', async () => {
    const members = await users().start({ root, enabled: false });
    for (const command of [
      'user add app --no-password',
      'role add other',
      'user grant-role app other',
      'user add root:unknown',
    ])
      await users().etcdctl('', ...command.split(' '));
    members.change(auth(app));
    await users().isOn();
    await users().until('app can log in', async () => !(await users().isRejected('app:first')), 90);
    members.change(auth({ root }));
    await users().until('it is left alone', async () => users().logs().includes('left alone: app'));
    expect(await users().etcdctl(`root:${ROOT}`, 'user', 'list')).toContain('app\n');
  }, 180_000);

  test('a user that changes its login is created again', async () => {
    const members = await users().start({ ...app, enabled: false });
    members.set('users', 'user app certificate\n');
    await users().until(
      'it has no password',
      async () => users().logs().split('user add app --no-password').length === 2,
    );
    members.set('auth', 'on');
    await users().isOn();
    expect(await users().etcdctl('app:first', 'get', '/app/a')).toContain('no password user');
    expect(EtcdLogin.CERTIFICATE).toBe('certificate');
  });
});
