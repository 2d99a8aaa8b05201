import { existsSync, readFileSync } from 'node:fs';
import {
  EtcdKeyRange,
  EtcdLogin,
  EtcdPermission,
  EtcdRoot,
  type EtcdAuthOptions,
  type EtcdClusterProps,
} from '../../src';
import { eventually } from './support/eventually';
import { describeMembers } from './support/machine';
import { Members } from './support/members';
import type { Pod } from './support/pod';
import { etcdctlAs } from './support/users';

const ROOT = 'the-password-of-root';
const root = EtcdRoot.password({ name: 'root' });
const app: EtcdAuthOptions = {
  root,
  passwordSecret: 'users',
  roles: [
    {
      name: 'app',
      permissions: [
        EtcdPermission.readWrite(EtcdKeyRange.prefix('/app/')),
        EtcdPermission.read(EtcdKeyRange.key('motd of the day')),
        EtcdPermission.write(EtcdKeyRange.between('q', 'r')),
      ],
    },
  ],
  users: [{ name: 'app', roles: ['app'] }],
};
const auth = (options: EtcdAuthOptions): Partial<EtcdClusterProps> => ({ auth: options });

/** etcdctl in a pod, with a file that says which requests fail: a pattern for the user and the arguments; and with what happens before. */
const ETCDCTL = [
  'said=$(cat /etcdctl-fails 2>/dev/null || echo nothing)',
  'case "$(printenv ETCDCTL_USER || true) $*" in',
  '  $said) echo "Error: context deadline exceeded" >&2 && exit 1 ;;',
  '  *"user list") if [ -e /at-user-list ]; then sh /at-user-list; fi ;;',
  'esac',
  readFileSync('src/scripts/shared/etcdctl.sh', 'utf8'),
].join('\n');

describeMembers('users', () => {
  let members: Members;
  afterEach(() => members.remove());

  /** What a kubelet mounts, into all members. */
  function secrets(files: { readonly [file: string]: string }): void {
    for (const pod of members.pods) for (const [file, text] of Object.entries(files)) pod.write(`auth/${file}`, text);
  }
  const etcdctl = (user: string, ...args: string[]): Promise<string> => etcdctlAs(members.pod(0), user, ...args);
  const until = (what: string, met: () => Promise<boolean>, seconds = 30): Promise<void> =>
    eventually(what, met, seconds, () => members.state());
  const isRejected = async (user: string): Promise<boolean> =>
    (await etcdctl(user, 'get', '/app/a')).includes('authentication failed');
  const isOn = (): Promise<void> =>
    until('authentication is enabled', async () => (await etcdctl('', 'get', 'a')).includes('user name is empty'));
  const logs = (): string => members.pods.flatMap((pod) => pod.log()).join('\n');

  const says = (line: string, times = 1): Promise<void> =>
    until(`the log says ${line}`, () => Promise.resolve(logs().split(line).length > times));
  const seconds = (count: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, count * 1000));
  /** Requests of all pods fail, or none. */
  const fail = (pattern?: string): void =>
    members.pods.forEach((pod) =>
      pattern === undefined ? pod.remove('etcdctl-fails') : pod.write('etcdctl-fails', pattern),
    );

  async function start(options = app, files = {}): Promise<void> {
    members = await Members.create(auth(options));
    for (const pod of members.pods) pod.programs = { etcdctl: ETCDCTL };
    secrets({ 'root/password': `${ROOT}\n`, 'users/app': 'first', ...files });
    await members.start();
    await members.whole();
  }

  test('are created, and authentication is enabled', async () => {
    await start();
    await isOn();
    expect(await etcdctl('app:first', 'put', '/app/a', '1')).toContain('OK');
    expect(await etcdctl('app:first', 'get', 'motd of the day')).toBe('');
    expect(await etcdctl('app:first', 'put', 'q1', '1')).toContain('OK');
    for (const denied of ['motd of the day', '/apq', 'r'])
      expect(await etcdctl('app:first', 'put', denied, '1')).toContain('permission denied');
    expect(await etcdctl('app:first', 'get', 'q1')).toContain('permission denied');
    await members.whole(); // etcdctl in a pod logs in by itself
    expect(logs()).toContain('users: etcdctl user add app');
    expect(logs()).not.toContain(ROOT);
    expect(logs()).not.toContain('error:');
  });

  test('are changed while members run: permissions, a password, a new user, one less', async () => {
    await start();
    await isOn();
    for (const command of ['role add by-hand', 'user add by-hand:x', 'user grant-role app by-hand'])
      await etcdctl(`root:${ROOT}`, ...command.split(' '));
    secrets({ 'users/app': 'second', 'users/other-key': 'of-web' });
    members.change(
      auth({
        ...app,
        roles: [{ name: 'app', permissions: [EtcdPermission.read(EtcdKeyRange.all())] }, { name: 'more' }],
        users: [...(app.users ?? []), { name: 'web', roles: ['more'], passwordKey: 'other-key' }],
      }),
    );
    await until('web can log in', async () => !(await isRejected('web:of-web')));
    expect(await isRejected('app:first')).toBe(true);
    expect(await isRejected('app:second')).toBe(false);
    expect(await etcdctl('app:second', 'get', 'r')).not.toContain('permission denied');
    expect(await etcdctl('app:second', 'put', '/app/a', '1')).toContain('permission denied');
    expect(await etcdctl(`root:${ROOT}`, 'user', 'get', 'app')).toContain('Roles: app\n');

    members.change(auth({ root }));
    await until('they are gone', async () => (await etcdctl(`root:${ROOT}`, 'user', 'list')) === 'by-hand\nroot\n');
    await until('roles too', async () => !/^(app|more)$/m.test(await etcdctl(`root:${ROOT}`, 'role', 'list')));
    expect(await etcdctl(`root:${ROOT}`, 'role', 'list')).toContain('by-hand\n');
    expect(logs()).toContain('users: not declared, and left alone: by-hand');
  });

  test('a new password of root is applied once all members have it', async () => {
    await start();
    await isOn();
    members.pod(0).write('auth/root/password', 'new-one');
    members.pod(1).write('auth/root/password', 'new-one');
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    expect(await isRejected(`root:${ROOT}`)).toBe(false);
    await members.whole(); // each uses the one before
    members.pod(2).write('auth/root/password', 'new-one');
    await until('the new one is accepted', async () => !(await isRejected('root:new-one')));
    expect(await isRejected(`root:${ROOT}`)).toBe(true);
    await until('all log in', async () => {
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

  test('disabled, and enabled again; a member without a login does not start', async () => {
    await start();
    await isOn();
    members.change(auth({ ...app, enabled: false }));
    await until('it is disabled', async () => (await etcdctl('', 'put', 'a', '1')).includes('OK'));
    expect(await etcdctl('app:first', 'put', 'z', '1')).toContain('OK'); // clients may keep their credentials
    members.change(auth(app));
    await isOn();
    await until('all know', () =>
      Promise.resolve(members.pods.every((pod) => pod.read('run/etcd/public/auth').includes('on'))),
    );
    const pod = await members.replace(2, { auth: undefined });
    await until('it refuses', async () => pod.phase().startsWith('refusing'));
    await pod.logs(/etcd checks users, and this member has no login as root/);
    const back = await members.replace(2, auth(app));
    back.write('auth/root/password', ROOT);
    back.write('auth/users/app', 'first');
    await members.whole();
  }, 180_000);

  test('a password that is missing or unusable is reported once, and what is on stays on', async () => {
    await start(
      { ...app, users: [...(app.users ?? []), { name: 'web' }, { name: 'bad' }] },
      { 'users/bad': 'two words' },
    );
    await isOn();
    expect(await etcdctl('app:first', 'put', '/app/a', '1')).toContain('OK');
    const said =
      'users: the Secret with passwords has no key web for user web;the password of user bad has spaces or several lines';
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    expect(logs().split(said)).toHaveLength(2);
    members.pods.forEach((pod) => pod.write('auth/root/password', 'new one'));
    await until('it is said', async () =>
      logs().includes("error: the password in root's Secret has spaces or several lines"),
    );
    await members.whole();
    secrets({ 'users/web': 'w', 'users/bad': 'b' });
    await until('web can log in', async () => !(await isRejected('web:w')));
  });

  test('existing users: one with a certificate gets a password, and is not removed', async () => {
    await start({ root, enabled: false });
    for (const command of [
      'user add app --no-password',
      'role add other',
      'user grant-role app other',
      'user add root:unknown',
    ])
      await etcdctl('', ...command.split(' '));
    members.change(auth(app));
    await isOn();
    await until('app can log in', async () => !(await isRejected('app:first')), 90);
    members.change(auth({ root }));
    await until('it is left alone', async () => logs().includes('left alone: app'));
    expect(await etcdctl(`root:${ROOT}`, 'user', 'list')).toContain('app\n');
  }, 180_000);

  test('a user that changes its login is created again', async () => {
    await start({ ...app, enabled: false });
    members.set('users', 'user app certificate\n');
    await until('it has no password', async () => logs().split('user add app --no-password').length === 2);
    members.set('auth', 'on');
    await isOn();
    expect(await etcdctl('app:first', 'get', '/app/a')).toContain('no password user');
    expect(EtcdLogin.CERTIFICATE).toBe('certificate');
  });

  test.each([
    ['*user passwd app*', 'etcd refuses `etcdctl user passwd app`: context deadline exceeded'],
    ['*role list', 'etcd refuses `etcdctl role list`: context deadline exceeded'],
    ['app:second*', 'etcd does not say whether it accepts the password of user app'],
  ])('a password is set again until it is set: %s', async (pattern, said) => {
    await start();
    await isOn();
    fail(pattern);
    secrets({ 'users/app': 'second' });
    await says(said);
    await seconds(12); // another run
    expect(logs()).not.toContain('users: all are as declared now');
    fail();
    await until('the new one is accepted', async () => !(await isRejected('app:second')));
    expect(await isRejected('app:first')).toBe(true);
    await says('users: all are as declared now');
    expect(logs().split('etcdctl user passwd app\n')).toHaveLength(2);
  });

  test('authentication is not enabled before root has the password of its Secret', async () => {
    await start({ ...app, enabled: false });
    await says('user grant-role root root');
    for (const command of ['user delete root', 'user add root:of-a-snapshot', 'user grant-role root root'])
      await etcdctl('', ...command.split(' '));
    fail('*user passwd root*');
    members.change(auth(app));
    await says('etcd refuses `etcdctl user passwd root`');
    await seconds(15);
    expect(await etcdctl('', 'put', 'a', '1')).toContain('OK');
    fail();
    await isOn();
    expect(await isRejected(`root:${ROOT}`)).toBe(false);
    expect(await etcdctl(`root:${ROOT}`, 'user', 'list')).toBe('app\nroot\n');
  });

  test('a leader whose settings are not those of the others changes nothing', async () => {
    await start();
    await isOn();
    const web = { ...app, users: [...(app.users ?? []), { name: 'web', passwordKey: 'app' }] };
    const leader = await members.leader();
    const [next, last] = members.pods.filter((pod) => pod !== leader) as [Pod, Pod];
    const old = ['auth', 'users'].map((name) => [name, leader.read(`settings/${name}`)] as const);
    const list = (): Promise<string> => etcdctl(`root:${ROOT}`, 'user', 'list');
    const waits = (pod: Pod): string => `users: nothing is changed: ${pod.name} has other settings of users`;

    members.change(auth(web));
    for (const [name, text] of old) last.set(name, text); // the kubelet is late there
    await says(waits(last));
    expect(await list()).toBe('app\nroot\n');
    last.set('users', leader.read('settings/users'));
    await until('web is added', async () => (await list()).includes('web'));

    for (const [name, text] of old) next.set(name, name === 'auth' ? 'off' : text);
    await members.lead(next);
    await until('it leads and waits', () =>
      Promise.resolve(/nothing is changed: \S+ has other/.test(next.log().join())),
    );
    await seconds(12);
    expect(await list()).toBe('app\nroot\nweb\n');
    expect(await etcdctl('', 'get', 'a')).toContain('user name is empty');
    await last.kill(); // a member that does not answer does not count, and a majority has other settings
    await seconds(5);
    expect(await list()).toBe('app\nroot\nweb\n');
    expect(logs()).not.toContain('users: etcdctl user delete');

    for (const pod of [leader, next]) for (const [name, text] of old) pod.set(name, text);
    await until('web is removed, without the member that is down', async () => (await list()) === 'app\nroot\n');
  }, 180_000);

  test('settings that disappear in between are not empty ones', async () => {
    await start();
    await isOn();
    for (const pod of members.pods) pod.write('at-user-list', 'rm -f /settings/auth /settings/users');
    await until(
      'they are gone',
      () => Promise.resolve(members.pods.some((pod) => !existsSync(pod.path('settings/auth')))),
      80,
    );
    await seconds(15);
    expect(await etcdctl('app:first', 'put', '/app/a', '1')).toContain('OK');
    expect(logs()).not.toMatch(/users: etcdctl (user|role) (delete|revoke)/);
  }, 180_000);
});
