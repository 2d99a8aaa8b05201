import { execFileSync } from 'node:child_process';
import { Duration } from 'cdk8s';
import { EtcdAuthToken, EtcdRoot, EtcdSignMethod, type EtcdAuthOptions } from '../../src';
import { eventually } from './support/eventually';
import { describeMembers } from './support/machine';
import { Members } from './support/members';
import { etcdctlAs } from './support/users';

const rsa = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
const curve = (name: string): string[] => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`];
const KEYS: { readonly [method in EtcdSignMethod]: string[] } = {
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: curve('P-256'),
  ES384: curve('P-384'),
  ES512: curve('P-521'),
};
const PASSWORD = 'of-root';
const auth = (token: EtcdAuthToken): { auth: EtcdAuthOptions } => ({
  auth: { root: EtcdRoot.password({ name: 'root' }), token },
});

/** Each kind of token, at a real etcd. */
describeMembers('tokens', () => {
  let members: Members;
  beforeAll(async () => {
    members = await Members.create({ replicas: 1, ...auth(EtcdAuthToken.simple(Duration.seconds(10))) });
    members.pod(0).write('auth/root/password', PASSWORD);
    await members.start();
  });
  afterAll(() => members.remove());

  const accepts = async (user: string): Promise<boolean> =>
    (await etcdctlAs(members.pod(0), user, 'put', 'key', '1')) === 'OK\n';
  const isOn = (): Promise<void> =>
    eventually(
      'authentication is enabled',
      async () => (await accepts(`root:${PASSWORD}`)) && !(await accepts('')),
      30,
      () => members.state(),
    );

  test('simple ones, which end', async () => {
    await isOn();
    expect(await members.pod(0).started()).toBe(true);
  });

  test.each(Object.values(EtcdSignMethod))('JWT with %s', async (signMethod) => {
    await members.pod(0).stop(30);
    const key = execFileSync('openssl', ['genpkey', ...KEYS[signMethod]], { encoding: 'utf8', stdio: 'pipe' });
    members.pod(0).write('auth/token/private.pem', key);
    await members.replace(0, auth(EtcdAuthToken.jwt({ name: 'jwt', signMethod }, Duration.seconds(10))));
    await members.whole();
    await isOn();
    const { stdout } = await members.pod(0).exec('printenv', 'ETCD_AUTH_TOKEN');
    expect(stdout).toBe(`jwt,priv-key=/auth/token/private.pem,sign-method=${signMethod},ttl=10s\n`);
  });

  test('a key that does not fit its algorithm is reported, and the data stays', async () => {
    await members.pod(0).stop(30);
    const token = EtcdAuthToken.jwt({ name: 'jwt', signMethod: EtcdSignMethod.RS256 }); // the key is that of ES512
    await members.replace(0, auth(token));
    await members.pod(0).logs(/ etcd does not start without this data either: .*key/i);
    expect(members.pod(0).kept()).toEqual(['data', 'data.notes']);
  });
});
