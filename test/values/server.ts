import { BlockList, isIP } from 'node:net';

/** What a running server refuses or cannot use, and what its validation cannot know. */
export function serverProblems(objects: readonly object[]): string[] {
  return [...objects.flatMap((object) => [...addressProblems(object as Service)]), ...longNames(objects)];
}

interface Service {
  readonly kind: string;
  readonly spec?: { readonly clusterIP?: string; readonly ports?: readonly { readonly nodePort?: number }[] };
}

const NO_CLUSTER_IP = new BlockList();
NO_CLUSTER_IP.addSubnet('127.0.0.0', 8, 'ipv4');
NO_CLUSTER_IP.addSubnet('169.254.0.0', 16, 'ipv4');
NO_CLUSTER_IP.addSubnet('224.0.0.0', 3, 'ipv4');
NO_CLUSTER_IP.addAddress('0.0.0.0', 'ipv4');
NO_CLUSTER_IP.addAddress('::', 'ipv6');
NO_CLUSTER_IP.addAddress('::1', 'ipv6');
NO_CLUSTER_IP.addSubnet('fe80::', 10, 'ipv6');
NO_CLUSTER_IP.addSubnet('ff00::', 8, 'ipv6');

/** Outside of the ranges that servers have when nothing else is set. */
function addressProblems({ kind, spec }: Service): string[] {
  if (kind !== 'Service') return [];
  const { clusterIP = '', ports = [] } = spec ?? {};
  const version = isIP(clusterIP);
  const outside = version !== 0 && NO_CLUSTER_IP.check(clusterIP, version === 4 ? 'ipv4' : 'ipv6');
  const wrong = ports.filter(({ nodePort }) => nodePort !== undefined && (nodePort < 30_000 || nodePort > 32_767));
  return [
    ...(outside ? [`Service: clusterIP ${clusterIP} is in no server's range`] : []),
    ...wrong.map(({ nodePort }) => `Service: nodePort ${String(nodePort)} is not in a server's default range`),
  ];
}

/** Names of members in URLs that DNS cannot have. */
function longNames(objects: readonly object[]): string[] {
  const words = JSON.stringify(objects).split(/[^a-z0-9.-]+/);
  const hosts = words.filter((word) => word.includes('.svc.'));
  const wrong = hosts.filter((host) => host.length > 253 || host.split('.').some((label) => label.length > 63));
  return [...new Set(wrong)].map((host) => `DNS has no name as long as ${host}`);
}
