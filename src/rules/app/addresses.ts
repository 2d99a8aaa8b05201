import { memberNames } from '../../config/etcd-options';
import { ofMember } from '../../grammar/member-pattern';
import type { AppCluster, AppContent, AppObject, ProblemsAt } from './content';

/** An address or a port that only one Service of a Kubernetes cluster can have. */
interface Address {
  readonly path: string;
  readonly prop: string;
  readonly what: string;
  readonly value: unknown;
}

/** Node ports, addresses and URLs that two clusters would share. */
export function checkAddresses({ clusters, objects }: AppContent, problemsAt: ProblemsAt): void {
  const services = objects.filter((o) => o.cluster === undefined && o.kind === 'Service' && o.group === 'core');
  const first = new Map<string, Address>();
  const told = new Set<string>();
  for (const address of [...services.flatMap(ofService), ...clusters.flatMap(ofCluster)]) {
    const other = first.get(address.what);
    if (other === undefined) first.set(address.what, address);
    else if (other.path !== address.path && !told.has(`${address.path} ${address.prop}`)) {
      told.add(`${address.path} ${address.prop}`);
      problemsAt(address.path).add(address.prop, `is already used by ${other.path}; choose another`, address.value);
    }
  }
}

function ofCluster({ path, config }: AppCluster): Address[] {
  const at = (prop: string, what: string, value: unknown): Address => ({ path, prop, what, value });
  const nodePort = (prop: string, port: number | undefined, protocol = 'TCP'): Address[] =>
    port === undefined ? [] : [at(prop, `node port ${port}/${protocol}`, port)];
  const { clientService: client, externalAccess: external } = config;
  const address = (prop: string, ip: string | undefined): Address[] =>
    ip === undefined ? [] : [at(prop, `${ip} port ${client.port}`, ip)];
  const { clusterIp } = client;
  const ofClients = [
    ...nodePort('clientService.nodePort', client.nodePort),
    ...client.extraPorts.flatMap((p, i) => nodePort(`clientService.extraPorts[${i}].nodePort`, p.nodePort, p.protocol)),
    ...(isFixed(clusterIp) ? [at('clientService.clusterIp', `cluster IP ${clusterIp}`, clusterIp)] : []),
    ...address('clientService.loadBalancerIp', client.loadBalancerIp),
    ...client.externalIps.flatMap((ip, i) => address(`clientService.externalIps[${i}]`, ip)),
  ];
  const ofMembers = (external?.nodePorts ?? []).flatMap((port, i) => nodePort(`externalAccess.nodePorts[${i}]`, port));
  const url = external?.advertisedUrl;
  const urls = url === undefined ? [] : memberNames(config).map((member, ordinal) => ofMember(url, member, ordinal));
  return [
    ...(client.enabled ? ofClients : []),
    ...ofMembers,
    ...urls.map((ofOne) => at('externalAccess.advertisedUrl', ofOne, url)),
  ];
}

function isFixed(clusterIp: string | undefined): boolean {
  return clusterIp !== undefined && clusterIp !== 'None';
}

interface ServiceSpec {
  readonly clusterIP?: string;
  readonly loadBalancerIP?: string;
  readonly externalIPs?: readonly string[];
  readonly ports?: readonly { readonly port?: number; readonly nodePort?: number; readonly protocol?: string }[];
}

/** The addresses of a Service that is not of this library. */
function ofService(service: AppObject): Address[] {
  const { spec = {} } = service.toJson() as { readonly spec?: ServiceSpec };
  const ports = spec.ports ?? [];
  const ips = [...(spec.externalIPs ?? []), ...(spec.loadBalancerIP === undefined ? [] : [spec.loadBalancerIP])];
  const whats = [
    ...ports.flatMap(({ nodePort, protocol = 'TCP' }) => (nodePort ? [`node port ${nodePort}/${protocol}`] : [])),
    ...(isFixed(spec.clusterIP) ? [`cluster IP ${spec.clusterIP}`] : []),
    ...ips.flatMap((ip) => ports.map(({ port }) => `${ip} port ${port}`)),
  ];
  return whats.map((what) => ({ path: service.path, prop: '', what, value: what }));
}
