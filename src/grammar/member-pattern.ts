import { isIP } from 'node:net';
import { dnsSubdomainProblem } from './names';

/** Replaces `{member}` by a member's name, such as `etcd-0`, and `{ordinal}` by its ordinal. */
export function ofMember(pattern: string, member: string, ordinal: string | number): string {
  return pattern.replace(/\{member\}/g, () => member).replace(/\{ordinal\}/g, () => String(ordinal));
}

/** An advertised client URL. etcd refuses a URL without a port or with a path. */
export function memberUrlProblem(pattern: string): string | undefined {
  const [, host = '', port = ''] = /^https?:\/\/(.+):(\d{1,5})$/.exec(ofMember(pattern, 'etcd-0', 0)) ?? [];
  const address = /^\[(.+)\]$/.exec(host)?.[1] ?? '';
  const isHost = isIP(host) === 4 || isIP(address) === 6 || dnsSubdomainProblem(host) === undefined;
  if (!isHost || Number(port) < 1 || Number(port) > 65535)
    return 'expected a URL with a port and without a path, such as http://{member}.example.com:2379';
  return ofMember(pattern, 'etcd-1', 1) === ofMember(pattern, 'etcd-0', 0)
    ? 'expected {member} or {ordinal} in the URL, because each member needs its own'
    : undefined;
}
