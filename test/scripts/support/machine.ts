import { spawnSync } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The programs on the PATH of this machine that run members. */
export interface Machine {
  /** Why members cannot run here, or undefined. */
  readonly lacks?: string;
  readonly etcdVersion: string;
  /** Full paths of `etcd`, `etcdctl` and `etcdutl`. */
  readonly etcdPrograms: string[];
  readonly busybox: string;
  /** For `unshare` and `nsenter`: without root, namespaces belong to a user namespace. */
  readonly asRoot: { readonly unshare: string[]; readonly nsenter: string[] };
}

const PROGRAMS = ['etcd', 'etcdctl', 'busybox', 'unshare', 'nsenter', 'ip', 'mount', 'chroot'];
const APPLETS = ['httpd', 'wget', 'timeout', 'nslookup', 'paste', 'seq'];

/** What a member needs from the kernel: its own network, and mounts. */
const PROBE = [
  'ip link add name pods type bridge',
  'ip link add name one type veth peer name other',
  'mount -t tmpfs none /proc',
].join(' && ');

function findProgram(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return realpathSync(join(folder, name));
    } catch {
      // the next folder
    }
  }
  return undefined;
}

/** The full path, or the name alone if it is missing, so that nothing runs. */
export function programPath(name: string): string {
  return findProgram(name) ?? name;
}

function output(program: string, args: string[]): string {
  return spawnSync(program, args, { encoding: 'utf8' }).stdout;
}

function look(): Machine {
  const isRoot = process.getuid?.() === 0;
  const asRoot = isRoot
    ? { unshare: [], nsenter: [] }
    : { unshare: ['--user', '--map-root-user'], nsenter: ['--user', '--preserve-credentials'] };
  const nothing = { etcdVersion: '', etcdPrograms: [], busybox: '', asRoot };

  const missing = PROGRAMS.filter((name) => findProgram(name) === undefined);
  if (missing.length > 0) return { ...nothing, lacks: `not on the PATH: ${missing.join(', ')}` };

  const etcdVersion = /etcd Version: (3\.[567]\.\d+)$/m.exec(output('etcd', ['--version']))?.[1];
  if (!etcdVersion) return { ...nothing, lacks: 'the etcd on the PATH is not a release of 3.5, 3.6 or 3.7' };

  const applets = output('busybox', ['--list']).split('\n');
  const absent = APPLETS.filter((name) => !applets.includes(name));
  if (absent.length > 0) return { ...nothing, lacks: `the busybox on the PATH is without ${absent.join(', ')}` };

  const probe = spawnSync('unshare', [...asRoot.unshare, '--net', '--mount', '--pid', '--fork', 'sh', '-c', PROBE], {
    encoding: 'utf8',
  });
  if (probe.status !== 0) {
    const why = probe.stderr.trim().split('\n').pop() ?? '';
    return { ...nothing, lacks: `no namespaces, bridges and mounts for this user: ${why}` };
  }
  const etcdPrograms = ['etcd', 'etcdctl', 'etcdutl'].flatMap((name) => findProgram(name) ?? []);
  return { etcdVersion, etcdPrograms, busybox: findProgram('busybox') ?? '', asRoot };
}

export const machine = look();

/** `describe` for tests that run members here. If that is impossible, they fail and say why. */
export function describeMembers(name: string, tests: () => void): void {
  const { lacks } = machine;
  describe(
    name,
    lacks === undefined
      ? tests
      : () =>
          test('this machine can run members', () => {
            throw new Error(lacks);
          }),
  );
}
