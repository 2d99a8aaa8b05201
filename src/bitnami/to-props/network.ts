import type { Context } from '../context';
import { duration, member, type Plain, type PlainObject } from '../expression';
import { portName } from '../kubernetes';
import { isMap, type Json } from '../json';

export function network(c: Context): PlainObject {
  const annotations = c.texts('service.headless.annotations');
  return {
    clientService: clientService(c),
    headlessService: annotations && { annotations },
    // The members of a release have these URLs in their data.
    memberAddresses: member('EtcdMemberAddresses', 'Pod'),
    podDisruptionBudget: budget(c),
    serviceAccount: serviceAccount(c),
    networkPolicy: networkPolicy(c),
  };
}

function clientService(c: Context): PlainObject {
  const { values } = c;
  if (!values.flag('service.enabled')) return { enabled: false };
  const type = values.text('service.type');
  const external = type !== 'ClusterIP';
  const balanced = type === 'LoadBalancer';
  const either = (parameter: string, alias: string): number | undefined => {
    const value = values.get(parameter) || values.get(alias);
    return value === '' ? undefined : Number(value);
  };
  const port = either('service.ports.client', 'service.port');
  const ranges = values.list('service.loadBalancerSourceRanges') as string[];
  const addresses = values.list('service.externalIPs') as string[];
  return {
    type: external ? member('EtcdServiceType', type) : undefined,
    port: port === values.number('containerPorts.client') ? undefined : port,
    portName: c.text('service.clientPortNameOverride'),
    nodePort: external ? either('service.nodePorts.client', 'service.nodePorts.clientPort') : undefined,
    clusterIp: c.text('service.clusterIP'),
    // The chart reads these only with type LoadBalancer.
    loadBalancerIp: balanced ? c.text('service.loadBalancerIP') : undefined,
    loadBalancerClass: balanced ? c.text('service.loadBalancerClass') : undefined,
    loadBalancerSourceRanges: balanced && ranges.length > 0 ? ranges : undefined,
    externalIps: addresses.length > 0 ? addresses : undefined,
    externalTrafficPolicy:
      external && values.differs('service.externalTrafficPolicy')
        ? member('EtcdTrafficPolicy', values.text('service.externalTrafficPolicy'))
        : undefined,
    sessionAffinity: values.text('service.sessionAffinity') === 'ClientIP' ? duration(affinitySeconds(c)) : undefined,
    extraPorts: extraPorts(c, external),
    annotations: c.texts('service.annotations'),
  };
}

/** Kubernetes' default is three hours. */
function affinitySeconds(c: Context): number {
  const parameter = 'service.sessionAffinityConfig';
  const config = c.values.map(parameter);
  const client: Json = config.clientIP ?? {};
  const seconds: Json = (isMap(client) ? client.timeoutSeconds : null) ?? 10_800;
  if (typeof seconds === 'number' && isMap(client)) return seconds;
  c.refuse(parameter, 'expected clientIP with timeoutSeconds');
  return 10_800;
}

/** The user's ports, and the port for metrics that the chart adds with a separate endpoint. */
function extraPorts(c: Context, external: boolean): Plain[] | undefined {
  const { values } = c;
  const own = c.kubernetesList('service.extraPorts', 'ServicePort') ?? [];
  const nodePort = values.get('service.nodePorts.metrics');
  const metrics = {
    name: values.text('service.metricsPortNameOverride') || 'metrics',
    port: values.number('service.ports.metrics'),
    targetPort: portName('metrics'),
    nodePort: external && nodePort !== '' ? Number(nodePort) : undefined,
  };
  const ports = values.flag('metrics.useSeparateEndpoint') ? [metrics, ...own] : own;
  return ports.length === 0 ? undefined : ports;
}

/**
 * How many members may be down. The chart's 51% allows two of five. The import keeps the library's one, unless the file
 * allows more.
 */
function budget(c: Context): PlainObject | undefined {
  const { values } = c;
  if (!values.flag('pdb.create')) return { enabled: false };
  const members = values.number('replicaCount');
  const pods = (value: Json): number =>
    typeof value === 'string' ? Math.ceil((Number(value.slice(0, -1)) * members) / 100) : Number(value);
  const most = values.get('pdb.maxUnavailable');
  const least = values.get('pdb.minAvailable');
  // Helm leaves out 0, as it does an empty value.
  const byMost = most !== '' && most !== 0;
  const parameter = byMost ? 'pdb.maxUnavailable' : 'pdb.minAvailable';
  if (!values.differs(parameter)) return undefined;
  const asked = byMost ? pods(most) : least === '' || least === 0 ? 1 : Math.max(0, members - pods(least));
  const safe = Math.max(1, Math.floor((members - 1) / 2));
  if (asked > safe)
    c.change('safer', parameter, `without ${asked} of ${members} members, the quorum is lost; becomes ${safe}`);
  const maxUnavailable = Math.min(asked, safe);
  return maxUnavailable === 1 ? undefined : { maxUnavailable };
}

function serviceAccount(c: Context): PlainObject {
  const { values } = c;
  const name = c.text('serviceAccount.name');
  if (!values.flag('serviceAccount.create')) return { create: false, name: name ?? 'default' };
  return {
    name: name === c.fullname ? undefined : name,
    annotations: c.texts('serviceAccount.annotations'),
    labels: c.texts('serviceAccount.labels'),
  };
}

function networkPolicy(c: Context): PlainObject {
  const { values } = c;
  if (!values.flag('networkPolicy.enabled')) return { enabled: false };
  const namespaceLabels = c.texts('networkPolicy.ingressNSMatchLabels');
  const podLabels = c.texts('networkPolicy.ingressNSPodMatchLabels');
  const open = values.flag('networkPolicy.allowExternal');
  if (!open && values.flag('metrics.enabled') && !values.flag('metrics.useSeparateEndpoint'))
    c.find(
      'differs',
      'networkPolicy.allowExternal',
      `pods without the label ${c.fullname}-client=true could connect, because metrics.enabled opened the client port; ` +
        'with the import they cannot. First label all clients, or set them in networkPolicy: { clients }',
    );
  return {
    clients: open
      ? undefined
      : [
          { podLabels: { [`${c.fullname}-client`]: 'true' } },
          ...(namespaceLabels ? [{ namespaceLabels, podLabels }] : []),
        ],
    metrics: open || values.flag('metrics.enabled') ? undefined : [],
    extraIngress: c.kubernetesList('networkPolicy.extraIngress', 'NetworkPolicyIngressRule'),
    restrictEgress: true,
    // Where a namespace denies egress by default, the chart's policy admits it.
    extraEgress: values.flag('networkPolicy.allowExternalEgress')
      ? [{}]
      : c.kubernetesList('networkPolicy.extraEgress', 'NetworkPolicyEgressRule'),
  };
}
