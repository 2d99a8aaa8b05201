import type { Pod } from './pod';

/** What etcdctl prints in this pod as this user, NAME:PASSWORD; without credentials when it is empty. */
export async function etcdctlAs(pod: Pod, user: string, ...args: string[]): Promise<string> {
  const script = 'exec env ETCDCTL_USER="$0" etcdctl "$@"';
  const { stdout, stderr } = await pod.exec('sh', '-c', script, user, '--command-timeout=3s', ...args);
  return stdout + stderr;
}
