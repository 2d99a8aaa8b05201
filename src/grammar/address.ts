import { BlockList, isIP } from 'node:net';
import { dnsSubdomainProblem } from './names';

/** An IPv4 or IPv6 address. A zone is none of the address, and Kubernetes has none. */
export function addressProblem(value: string): string | undefined {
  return isIP(value) === 0 || value.includes('%') ? 'expected an IP address' : undefined;
}

/** Addresses that reach no other host: none, loopback, link-local and multicast. */
const NEAR = new BlockList();
NEAR.addAddress('0.0.0.0');
NEAR.addSubnet('127.0.0.0', 8);
NEAR.addSubnet('169.254.0.0', 16);
NEAR.addSubnet('224.0.0.0', 4);
NEAR.addAddress('255.255.255.255');
NEAR.addAddress('::', 'ipv6');
NEAR.addAddress('::1', 'ipv6');
NEAR.addSubnet('fe80::', 10, 'ipv6');
NEAR.addSubnet('ff00::', 8, 'ipv6');

/** An address to which a router can send traffic. */
export function externalAddressProblem(value: string): string | undefined {
  const isNear = addressProblem(value) === undefined && NEAR.check(value, isIP(value) === 4 ? 'ipv4' : 'ipv6');
  return isNear ? 'expected an address that is not loopback, link-local or multicast' : addressProblem(value);
}

/** An address of a Service. Which ones there are is said by the API server's `--service-cluster-ip-range`. */
export function clusterAddressProblem(value: string): string | undefined {
  return addressProblem(value) === undefined ? externalAddressProblem(value) : 'expected an IP address or None';
}

/** A network: an address and the length of its prefix. */
export function networkProblem(value: string): string | undefined {
  const [address = '', length = '', ...more] = value.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[address.includes('%') ? 0 : isIP(address)] ?? -1;
  const fits = /^(0|[1-9]\d{0,2})$/.test(length) && Number(length) <= bits && more.length === 0;
  return fits ? undefined : 'expected a network such as 10.0.0.0/8';
}

/** A name in a certificate: an IP address, or a DNS name whose first label may be `*`. */
export function certificateNameProblem(value: string): string | undefined {
  if (addressProblem(value) === undefined || dnsSubdomainProblem(value.replace(/^\*\./, '')) === undefined)
    return undefined;
  return 'expected an IP address, or a DNS name such as etcd.example.com or *.example.com';
}
