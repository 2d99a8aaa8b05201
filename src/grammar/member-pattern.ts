import { isIP } from 'node:net';
import { MOST_MEMBERS } from '../constants/names';
import { dnsSubdomainProblem } from './names';

/** Replaces `{member}` by a member's name, such as `etcd-0`, and `{ordinal}` by its ordinal. */
export function ofMember(pattern: string, member: string, ordinal: string | number): string {
  return pattern.replace(/\{member\}/g, () => member).replace(/\{ordinal\}/g, () => String(ordinal));
}

/** The host of a URL with a port and without a path, or nothing. IPv6 addresses are without brackets. */
export function hostOf(url: string): string {
  const [, host = '', port = ''] = /^https?:\/\/(.+):(\d{1,5})$/.exec(url) ?? [];
  const address = /^\[(.+)\]$/.exec(host)?.[1] ?? '';
  if (Number(port) < 1 || Number(port) > 65535) return '';
  if (isIP(address) === 6) return address;
  return isIP(host) === 4 || dnsSubdomainProblem(host) === undefined ? host : '';
}

/** An advertised client URL. etcd refuses a URL without a port or with a path. It must hold for every member there can be. */
export function memberUrlProblem(pattern: string): string | undefined {
  const urls = Array.from({ length: MOST_MEMBERS }, (_, i) => ofMember(pattern, `etcd-${i}`, i));
  if (urls.some((url) => hostOf(url) === ''))
    return 'expected a URL with a port and without a path, such as http://{member}.example.com:2379';
  return urls[0] === urls[1]
    ? 'expected {member} or {ordinal} in the URL, because each member needs its own'
    : undefined;
}
