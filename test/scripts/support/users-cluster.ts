import { readFileSync } from 'node:fs';
import {
  EtcdKeyRange,
  EtcdPermission,
  EtcdRoot,
  type EtcdAuthOptions,
  type EtcdClusterProps,
  type EtcdUser,
} from '../../../src';
import { describeEach } from './cases';
import { eventually } from './eventually';
import { Members } from './members';
import { etcdctlAs } from './users';

export const ROOT = 'the-password-of-root';
export const root = EtcdRoot.password({ name: 'root' });
const USER: EtcdUser = { name: 'app', roles: ['app'] };

/** The users that tests start with. */
export const app: EtcdAuthOptions = {
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
  users: [USER],
};

/** The same and more users. */
export const withUsers = (...users: EtcdUser[]): EtcdAuthOptions => ({ ...app, users: [USER, ...users] });

export const auth = (options: EtcdAuthOptions): Partial<EtcdClusterProps> => ({ auth: options });

/** etcdctl in a pod, with a file that says which requests fail: a pattern for the user and the arguments; and with what happens before. */
const ETCDCTL = [
  'said=$(cat /etcdctl-fails 2>/dev/null || echo nothing)',
  'case "$(printenv ETCDCTL_USER || true) $*" in',
  '  $said) echo "Error: context deadline exceeded" >&2 && exit 1 ;;',
  '  *"user list") if [ -e /at-user-list ]; then sh /at-user-list; fi ;;',
  'esac',
  readFileSync('src/scripts/shared/etcdctl.sh', 'utf8'),
].join('\n');

/** Members with users. */
export class UsersCluster {
  private current?: Members;

  public get members(): Members {
    if (!this.current) throw new Error('start() comes first');
    return this.current;
  }

  public async start(options = app, files = {}): Promise<Members> {
    const members = (this.current = await Members.create(auth(options)));
    for (const pod of members.pods) pod.programs = { etcdctl: ETCDCTL };
    this.secrets({ 'root/password': `${ROOT}\n`, 'users/app': 'first', ...files });
    await members.start();
    await members.whole();
    return members;
  }

  /** What a kubelet mounts, into all members. */
  public secrets(files: { readonly [file: string]: string }): void {
    for (const pod of this.members.pods)
      for (const [file, text] of Object.entries(files)) pod.write(`auth/${file}`, text);
  }

  public etcdctl(user: string, ...args: string[]): Promise<string> {
    return etcdctlAs(this.members.pod(0), user, ...args);
  }

  public until(what: string, met: () => Promise<boolean>, seconds = 30): Promise<void> {
    return eventually(what, met, seconds, () => this.members.state());
  }

  public async isRejected(user: string): Promise<boolean> {
    return (await this.etcdctl(user, 'get', '/app/a')).includes('authentication failed');
  }

  /** Waits until authentication is enabled. */
  public isOn(): Promise<void> {
    return this.until('authentication is enabled', async () =>
      (await this.etcdctl('', 'get', 'a')).includes('user name is empty'),
    );
  }

  public logs(): string {
    return this.members.pods.flatMap((pod) => pod.log()).join('\n');
  }

  public says(line: string): Promise<void> {
    return this.until(`the log says ${line}`, () => Promise.resolve(this.logs().includes(line)));
  }

  /** Requests of all pods fail, or none. */
  public fail(pattern?: string): void {
    for (const pod of this.members.pods)
      if (pattern === undefined) pod.remove('etcdctl-fails');
      else pod.write('etcdctl-fails', pattern);
  }

  public async remove(): Promise<void> {
    await this.current?.remove();
  }
}

/** Tests that each have their own cluster. */
export function usersCluster(name: string, tests: (users: () => UsersCluster) => void): void {
  describeEach(name, () => new UsersCluster(), tests);
}
