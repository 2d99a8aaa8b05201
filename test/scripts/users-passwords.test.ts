import { pause } from './support/eventually';
import { ROOT, usersCluster, withUsers } from './support/users-cluster';

usersCluster('passwords of users', (users) => {
  test('a new password of root is applied once all members have it', async () => {
    const members = await users().start();
    await users().isOn();
    members.pod(0).write('auth/root/password', 'new-one');
    members.pod(1).write('auth/root/password', 'new-one');
    await pause(12);
    expect(await users().isRejected(`root:${ROOT}`)).toBe(false);
    await members.whole(); // each uses the one before
    members.pod(2).write('auth/root/password', 'new-one');
    await users().until('the new one is accepted', async () => !(await users().isRejected('root:new-one')));
    expect(await users().isRejected(`root:${ROOT}`)).toBe(true);
    await users().until('all log in', async () => {
      await members.whole();
      return true;
    });
    // A member that lost everything joins with it, also where it first asks a follower.
    await members.lead(members.pod(2));
    await members.pod(1).kill();
    members.pod(1).wipe();
    await members.pod(1).start();
    await members.whole();
  });

  test('a password that is missing or unusable is reported once, and what is on stays on', async () => {
    const members = await users().start(withUsers({ name: 'web' }, { name: 'bad' }), { 'users/bad': 'two words' });
    await users().isOn();
    expect(await users().etcdctl('app:first', 'put', '/app/a', '1')).toContain('OK');
    const said =
      'users: the Secret with passwords has no key web for user web;the password of user bad has spaces or several lines';
    await pause(12);
    expect(users().logs().split(said)).toHaveLength(2);
    members.pods.forEach((pod) => pod.write('auth/root/password', 'new one'));
    await users().until('it is said', async () =>
      users().logs().includes("error: the password in root's Secret has spaces or several lines"),
    );
    await members.whole();
    users().secrets({ 'users/web': 'w', 'users/bad': 'b' });
    await users().until('web can log in', async () => !(await users().isRejected('web:w')));
  });

  test.each([
    ['*user passwd app*', 'etcd refuses `etcdctl user passwd app`: context deadline exceeded'],
    ['*role list', 'etcd refuses `etcdctl role list`: context deadline exceeded'],
    ['app:second*', 'etcd does not say whether it accepts the password of user app'],
  ])('a password is set again until it is set: %s', async (pattern, said) => {
    await users().start();
    await users().isOn();
    users().fail(pattern);
    users().secrets({ 'users/app': 'second' });
    await users().says(said);
    await pause(12); // another run
    expect(users().logs()).not.toContain('users: all are as declared now');
    users().fail();
    await users().until('the new one is accepted', async () => !(await users().isRejected('app:second')));
    expect(await users().isRejected('app:first')).toBe(true);
    await users().says('users: all are as declared now');
    expect(users().logs().split('etcdctl user passwd app\n')).toHaveLength(2);
  });
});
