import {
  EtcdKeyRange,
  EtcdLogin,
  EtcdPermission,
  EtcdRoot,
  type EtcdAuthOptions,
  type EtcdClusterProps,
} from '../../src';
import { Ca } from './support/certificates';
import { eventually } from './support/eventually';
import { describeMembers } from './support/machine';
import { Members } from './support/members';
import { mount, ONLY, put, SERVICES } from './support/tls';

const auth: EtcdAuthOptions = {
  root: EtcdRoot.certificate(),
  roles: [{ name: 'app', permissions: [EtcdPermission.readWrite(EtcdKeyRange.prefix('/app/'))] }],
  users: [{ name: 'app', roles: ['app'], login: EtcdLogin.CERTIFICATE }],
};
const props: Partial<EtcdClusterProps> = { ...ONLY, auth };

describeMembers('users with certificates', () => {
  let members: Members;
  let ca: Ca;
  beforeEach(async () => {
    ca = new Ca();
    members = await Members.create(props);
    mount(members, ca);
    for (const name of ['app', 'other']) put(members.pod(0), name, ca.issue({ commonName: name }));
  });
  afterEach(async () => {
    await members.remove();
    ca.remove();
  });

  /** What etcdctl prints with the certificate of this user, and without any. */
  const as = async (user: string, ...args: string[]): Promise<string> => {
    const script = 'unset ETCDCTL_CERT ETCDCTL_KEY ETCDCTL_CACERT; exec etcdctl "$@"';
    const flags = ['--endpoints', `https://${SERVICES[0]}:2379`, '--cacert=/tls/client/ca.crt', '--command-timeout=3s'];
    if (user) flags.push(`--cert=/tls/${user}/tls.crt`, `--key=/tls/${user}/tls.key`);
    const { stdout, stderr } = await members.pod(0).exec('sh', '-c', script, 'etcdctl', ...flags, ...args);
    return stdout + stderr;
  };
  const isOn = (): Promise<void> =>
    eventually(
      'authentication is enabled',
      async () => (await as('other', 'get', '/app/a')).includes('permission denied'),
      30,
      () => members.state(),
    );
  const logs = (): string => members.pods.flatMap((pod) => pod.log()).join('\n');

  test('root and a user need no password, also while members are lost and removed', async () => {
    await members.start();
    await members.whole();
    await isOn();
    expect(await as('app', 'put', '/app/a', '1')).toContain('OK');
    expect(await as('app', 'put', '/other', '1')).toContain('permission denied');
    expect(await as('', 'get', '/app/a')).not.toContain('1\n');
    expect(await as('app', 'user', 'list')).toContain('permission denied');
    expect((await members.pod(0).exec('etcdctl', 'user', 'list')).stdout).toBe('app\nroot\n');

    await members.lead(members.pod(1)); // etcd-0, which etcd-2 asks first, would pass the promotion on without its user
    await members.pod(2).kill();
    members.pod(2).wipe();
    await members.pod(2).start();
    await members.whole();
    members.set('replicas', '1');
    await Promise.all([1, 2].map((ordinal) => members.pod(ordinal).stop(30)));
    await members.whole([members.pod(0)]);
    expect(await as('app', 'get', '/app/a')).toContain('1\n');
  });

  test('a user that had a certificate gets a password', async () => {
    await members.start();
    await members.whole();
    await isOn();
    for (const pod of members.pods) pod.write('auth/users/app', 'of-app');
    members.set('users', 'role app\nuser app password app\nmember app app\n');
    await eventually(
      'the user has a password',
      async () => (await as('app', '--user=app:of-app', 'get', 'x')).includes('permission denied'),
      30,
      () => members.state(),
    );
    expect(await as('other', '--user=app:wrong', 'get', '/app/a')).toContain('authentication failed');
  });

  test('authentication is not enabled before members have a certificate of root', async () => {
    const give = (commonName: string): void => {
      const certificate = ca.issue({ commonName });
      for (const pod of members.pods) put(pod, 'client', certificate);
    };
    give('admin');
    await members.start();
    await members.whole();
    await eventually('the log says so', () => /not enabled yet: the common name .* is not root/.test(logs()), 30);
    expect(await as('other', 'put', '/app/a', '1')).toContain('OK');
    give('root');
    await isOn();
    await members.whole();
    expect(await as('app', 'get', '/app/a')).toContain('1\n');
  });
});
