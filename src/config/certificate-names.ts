import { isIP } from 'node:net';
import { MOST_MEMBERS } from '../constants/names';
import type { ClusterConfig } from './cluster';
import { memberDomain, memberNames, peerName, podDomain } from './etcd-options';
import type { CertManagerConfig } from './tls';

/** Every name by which clients reach members, for the highest number of members. */
export function serverNames(config: ClusterConfig, { extraNames }: CertManagerConfig): string[] {
  const { names, namespace } = config;
  const services = [names.clientService, names.headlessService, ...memberNames(config, MOST_MEMBERS)];
  const forms = services.flatMap((service) => [service, `${service}.${namespace}`, `${service}.${namespace}.svc`]);
  const complete = services.map((service) => `${service}.${memberDomain(config)}`);
  const pods = [`*.${podDomain(config)}`, `*.${names.headlessService}.${namespace}.svc`];
  return [...new Set([...forms, ...complete, ...pods, 'localhost', '127.0.0.1', '::1', ...extraNames])];
}

/** Every name by which members reach each other. */
export function peerNames(config: ClusterConfig): string[] {
  const services = memberNames(config, MOST_MEMBERS).map((member) => `${member}.${memberDomain(config)}`);
  return [peerName(config), `*.${podDomain(config)}`, ...services];
}

/** Whether a certificate with these names is valid for a host. `*` is one label. */
export function isNamed(host: string, names: readonly string[]): boolean {
  if (isIP(host) !== 0) return names.includes(host);
  return names.includes(host) || names.includes(host.replace(/^[^.]+/, '*'));
}
