import type { Problems } from '../checks/problems';
import type { ClusterConfig } from '../config/cluster';
import type { ExternalAccessConfig } from '../config/network';

export function checkServices(config: ClusterConfig, problems: Problems): void {
  if (config.clientService.enabled) checkClientService(config, problems);
  if (config.externalAccess) checkExternalAccess(config, config.externalAccess, problems);
  checkNodePorts(config, problems);
}

function checkClientService({ clientService, etcd }: ClusterConfig, problems: Problems): void {
  const external = clientService.type !== 'ClusterIP';
  const at = (key: string): string => `clientService.${key}`;
  if (!external && clientService.nodePort !== undefined)
    problems.add(
      at('nodePort'),
      'needs type NodePort or LoadBalancer; set clientService.type, or remove it',
      clientService.nodePort,
    );
  if (!external && clientService.externalIps.length === 0 && clientService.externalTrafficPolicy !== undefined)
    problems.add(
      at('externalTrafficPolicy'),
      'needs type NodePort or LoadBalancer, or externalIps; set clientService.type, or remove it',
      clientService.externalTrafficPolicy,
    );
  checkBalanced('clientService', clientService, { loadBalancerIp: clientService.loadBalancerIp }, problems);
  if (external && clientService.clusterIp === 'None')
    problems.add(
      at('clusterIp'),
      'a headless Service needs type ClusterIP; change clientService.type, or remove it',
      'None',
    );
  const { port, portName } = clientService;
  if (clientService.clusterIp === 'None' && port !== etcd.ports.client)
    problems.add(
      at('port'),
      `expected the members' client port ${etcd.ports.client}, because clients of a headless Service connect to the pods; remove it, or remove clusterIp`,
      port,
    );
  const taken = new Set([`TCP ${port}`]);
  clientService.extraPorts.forEach((extra, i) => {
    const { port: number, protocol = 'TCP' } = extra;
    const key = `${protocol} ${number}`;
    if (extra.port === port && extra.protocol !== 'UDP' && extra.protocol !== 'SCTP')
      problems.add(at(`extraPorts[${i}].port`), 'is already the client port; choose another port', extra.port);
    else if (taken.has(key))
      problems.add(at(`extraPorts[${i}].port`), 'is already another port of the Service; choose another', extra.port);
    taken.add(key);
    if (!external && extra.nodePort !== undefined)
      problems.add(
        at(`extraPorts[${i}].nodePort`),
        'needs type NodePort or LoadBalancer; set clientService.type, or remove it',
        extra.nodePort,
      );
    if (extra.name === portName)
      problems.add(
        at(`extraPorts[${i}].name`),
        'is already the name of the client port; choose another name',
        extra.name,
      );
    if (extra.name === undefined)
      problems.add(
        at(`extraPorts[${i}].name`),
        `is required, because the Service also has port ${etcd.ports.client}; set it`,
      );
  });
}

function checkExternalAccess(config: ClusterConfig, external: ExternalAccessConfig, problems: Problems): void {
  const { nodePorts } = external;
  const { replicas } = config;
  checkBalanced('externalAccess', external, {}, problems);
  if (nodePorts.length > 0 && nodePorts.length < replicas && !problems.touch('replicas')) {
    problems.add('externalAccess.nodePorts', `expected at least one for each of the ${replicas} members`, [
      ...nodePorts,
    ]);
  }
}

/** The API server gives a node port to one port of one Service. UDP and TCP of one number may share it. */
function checkNodePorts({ clientService, externalAccess }: ClusterConfig, problems: Problems): void {
  const { port, nodePort, extraPorts } = clientService;
  const ports = [
    { path: 'clientService.nodePort', nodePort, of: port },
    ...extraPorts.map((extra, i) => ({
      path: `clientService.extraPorts[${i}].nodePort`,
      nodePort: extra.nodePort,
      of: extra.port,
    })),
    ...(externalAccess?.nodePorts ?? []).map((one, i) => ({
      path: `externalAccess.nodePorts[${i}]`,
      nodePort: one,
      of: undefined,
    })),
  ];
  ports.forEach((one, i) => {
    const other = ports.slice(0, i).find((before) => before.nodePort === one.nodePort && before.of !== one.of);
    if (one.nodePort !== undefined && other !== undefined && !problems.touch(one.path))
      problems.add(one.path, `is already ${other.path}; choose another port`, one.nodePort);
  });
}

/** Options that only load balancers use. */
function checkBalanced(
  prop: string,
  service: Pick<ExternalAccessConfig, 'type' | 'loadBalancerClass' | 'loadBalancerSourceRanges'>,
  more: { readonly [key: string]: string | undefined },
  problems: Problems,
): void {
  if (service.type === 'LoadBalancer') return;
  const only = {
    ...more,
    loadBalancerClass: service.loadBalancerClass,
    loadBalancerSourceRanges: service.loadBalancerSourceRanges[0],
  };
  for (const [key, value] of Object.entries(only))
    if (value !== undefined)
      problems.add(`${prop}.${key}`, 'needs type LoadBalancer; set the type, or remove it', value);
}
