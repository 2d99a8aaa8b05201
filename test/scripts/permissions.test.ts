import { EtcdKeyRange, EtcdPermission, EtcdRoot, type EtcdAuthOptions, type EtcdRole } from '../../src';
import { eventually } from './support/eventually';
import { describeMembers } from './support/machine';
import { Members } from './support/members';
import { etcdctlAs } from './support/users';

interface Row {
  readonly range: EtcdKeyRange;
  readonly inside: readonly string[];
  readonly outside: readonly string[];
  /** [first, end] of a range of exactly these keys, and of one with more of them. */
  readonly whole?: readonly [string, string];
  readonly tooMuch?: readonly [string, string];
}

const LAST = '\u{10ffff}';
const RANGES: { readonly [name: string]: Row } = {
  key: {
    range: EtcdKeyRange.key('/app/one key'),
    inside: ['/app/one key'],
    outside: ['/app/one', '/app/one key2', '/app/one kez'],
    tooMuch: ['/app/one key', '/app/one key2'],
  },
  prefix: {
    range: EtcdKeyRange.prefix('/app/'),
    inside: ['/app/', '/app/a', `/app/${LAST}`],
    outside: ['/app', '/app0', '/ap'],
    whole: ['/app/', '/app0'],
    tooMuch: ['/app/', '/app1'],
  },
  'a prefix that ends beyond ASCII': {
    range: EtcdKeyRange.prefix(`"$(é)' ü`),
    inside: [`"$(é)' ü`, `"$(é)' ü/x`],
    outside: [`"$(é)' ý`, `"$(é)' û`],
    whole: [`"$(é)' ü`, `"$(é)' ü~`],
    tooMuch: [`"$(é)' ü`, `"$(é)' ÿ`],
  },
  between: {
    range: EtcdKeyRange.between('--q', 'r'),
    inside: ['--q', 'a', `q${LAST}`],
    outside: ['--p', 'r', 'r0'],
    whole: ['--q', 'r'],
    tooMuch: ['--q', 'r0'],
  },
  from: {
    range: EtcdKeyRange.from('m'),
    inside: ['m', 'z', LAST],
    outside: ['l', 'lz'],
    whole: ['m', LAST],
    tooMuch: ['l', LAST],
  },
  all: {
    range: EtcdKeyRange.all(),
    inside: ['!', '~', LAST],
    outside: [],
    whole: ['!', LAST],
  },
};
const ACCESS = {
  read: (range: EtcdKeyRange) => EtcdPermission.read(range),
  write: (range: EtcdKeyRange) => EtcdPermission.write(range),
  both: (range: EtcdKeyRange) => EtcdPermission.readWrite(range),
};
type Access = keyof typeof ACCESS;

const kinds = Object.keys(RANGES);
const accesses = Object.keys(ACCESS) as Access[];
const cases = kinds.flatMap((kind, k) => accesses.map((access) => ({ kind, access, user: `${access}-${k}` })));
const roles = cases.map(({ kind, access, user }): EtcdRole => {
  return { name: user, permissions: [ACCESS[access]((RANGES[kind] as Row).range)] };
});
const auth: EtcdAuthOptions = {
  root: EtcdRoot.password({ name: 'root' }),
  passwordSecret: 'users',
  roles,
  users: roles.map(({ name }) => ({ name, roles: [name], passwordKey: 'all' })),
};

/** Each kind of keys with each kind of access, at a real etcd. */
describeMembers('permissions', () => {
  let members: Members;
  beforeAll(async () => {
    members = await Members.create({ replicas: 1, auth, extraArgs: ['--bcrypt-cost=4'] }); // passwords are checked 300 times
    members.pod(0).write('auth/root/password', 'of-root');
    members.pod(0).write('auth/users/all', 'of-users');
    await members.start();
    await eventually(
      'authentication is enabled',
      async () => (await etcdctlAs(members.pod(0), '', 'get', 'a')).includes('user name is empty'),
      60,
      () => members.state(),
    );
  });
  afterAll(() => members.remove());

  test.each(cases)('$kind, $access', async ({ kind, access, user }) => {
    const { inside, outside, whole, tooMuch } = RANGES[kind] as Row;
    const may = async (...command: string[]): Promise<boolean> => {
      const said = await etcdctlAs(members.pod(0), `${user}:of-users`, ...command);
      if (!/permission denied/.test(said) && /error/i.test(said)) throw new Error(said);
      return !said.includes('permission denied');
    };
    const read = access !== 'write';
    const write = access !== 'read';
    const asked: (readonly [allowed: boolean, ...command: string[]])[] = [
      ...inside.flatMap((key) => [[write, 'put', '--', key, '1'] as const, [read, 'get', '--', key] as const]),
      ...outside.flatMap((key) => [[false, 'put', '--', key, '1'] as const, [false, 'get', '--', key] as const]),
      ...(whole ? [[read, 'get', '--', ...whole] as const, [write, 'del', '--', ...whole] as const] : []),
      ...(tooMuch ? [[false, 'get', '--', ...tooMuch] as const, [false, 'del', '--', ...tooMuch] as const] : []),
    ];
    const seen = await Promise.all(asked.map(async ([, ...command]) => [await may(...command), ...command]));
    expect(seen).toEqual(asked);
  });

  test('they are not granted again', async () => {
    const granted = (): string[] =>
      members
        .pod(0)
        .log()
        .filter((line) => line.includes('grant-permission'));
    const before = granted();
    expect(before).toHaveLength(cases.length);
    members.change({ auth: { ...auth, roles: [...roles, { name: 'one-more' }] } });
    await members.pod(0).logs(/ users: etcdctl role add one-more$/); // the last one
    expect(granted()).toEqual(before);
  });
});
