import { isIP } from 'node:net';
import { dnsSubdomainProblem } from './names';

/** An IPv4 or IPv6 address. */
export function addressProblem(value: string): string | undefined {
  return isIP(value) === 0 ? 'expected an IP address' : undefined;
}

/** A network: an address and the length of its prefix. */
export function networkProblem(value: string): string | undefined {
  const [address = '', length = '', ...more] = value.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const fits = /^\d{1,3}$/.test(length) && Number(length) <= bits && more.length === 0;
  return fits ? undefined : 'expected a network such as 10.0.0.0/8';
}

/** A name in a certificate: an IP address, or a DNS name whose first label may be `*`. */
export function certificateNameProblem(value: string): string | undefined {
  if (isIP(value) !== 0 || dnsSubdomainProblem(value.replace(/^\*\./, '')) === undefined) return undefined;
  return 'expected an IP address, or a DNS name such as etcd.example.com or *.example.com';
}
