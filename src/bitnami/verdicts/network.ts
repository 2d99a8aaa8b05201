import { COUNT, FLAG, LIST, MAP, oneOf, TEXT, TEXT_MAP, TEXTS, WHOLE, WHOLE_OR_NOTHING } from '../shapes';
import { dropped, mapped, under, type Verdicts } from './types';

const PEER = 'the peer port is open to members only, through the headless Service';
const enabled = { when: 'service.enabled' };
const balanced = { when: 'service.type=LoadBalancer' };
const outside = { when: '!service.type=ClusterIP' };
const separate = { when: 'metrics.useSeparateEndpoint' };

/** Services, network policy and disruption budget. */
export const NETWORK: Verdicts = {
  ...under('service', {
    type: mapped('cluster.clientService', oneOf('ClusterIP', 'NodePort', 'LoadBalancer'), 'ClusterIP', enabled),
    enabled: mapped('cluster.clientService', FLAG, true),
    clusterIP: mapped('cluster.clientService', TEXT, '', enabled),
    'ports.client': mapped('cluster.clientService', WHOLE_OR_NOTHING, 2379, enabled),
    port: mapped('cluster.clientService', WHOLE_OR_NOTHING, '', enabled),
    'ports.peer': dropped(PEER, WHOLE_OR_NOTHING, 2380, enabled),
    peerPort: dropped(PEER, WHOLE_OR_NOTHING, '', enabled),
    'ports.metrics': mapped('cluster.clientService', WHOLE, 9090, separate),
    'nodePorts.client': mapped('cluster.clientService', WHOLE_OR_NOTHING, '', outside),
    'nodePorts.clientPort': mapped('cluster.clientService', WHOLE_OR_NOTHING, '', outside),
    'nodePorts.peer': dropped(PEER, WHOLE_OR_NOTHING, '', { ...outside, missed: true }),
    'nodePorts.peerPort': dropped(PEER, WHOLE_OR_NOTHING, '', { ...outside, missed: true }),
    'nodePorts.metrics': mapped('cluster.clientService', WHOLE_OR_NOTHING, '', separate),
    clientPortNameOverride: mapped('cluster.clientService', TEXT, '', enabled),
    peerPortNameOverride: dropped(PEER, TEXT, ''),
    metricsPortNameOverride: mapped('cluster.clientService', TEXT, '', separate),
    loadBalancerIP: mapped('cluster.clientService', TEXT, '', balanced),
    loadBalancerClass: mapped('cluster.clientService', TEXT, '', balanced),
    loadBalancerSourceRanges: mapped('cluster.clientService', TEXTS, [], balanced),
    externalIPs: mapped('cluster.clientService', TEXTS, [], enabled),
    externalTrafficPolicy: mapped('cluster.clientService', oneOf('Cluster', 'Local'), 'Cluster', outside),
    extraPorts: mapped('cluster.clientService', LIST, [], enabled),
    annotations: mapped('cluster.clientService', TEXT_MAP, {}, enabled),
    sessionAffinity: mapped('cluster.clientService', oneOf('', 'None', 'ClientIP'), 'None', enabled),
    sessionAffinityConfig: mapped('cluster.clientService', MAP, {}, { when: 'service.sessionAffinity=ClientIP' }),
    'headless.annotations': mapped('cluster.headlessService', TEXT_MAP, {}),
  }),
  ...under('networkPolicy', {
    enabled: mapped('cluster.networkPolicy', FLAG, true),
    allowExternal: mapped('cluster.networkPolicy', FLAG, true, { when: 'networkPolicy.enabled' }),
    allowExternalEgress: mapped('cluster.networkPolicy', FLAG, true, { when: 'networkPolicy.enabled' }),
    extraIngress: mapped('cluster.networkPolicy', LIST, [], { when: 'networkPolicy.enabled' }),
    extraEgress: mapped('cluster.networkPolicy', LIST, [], { when: '!networkPolicy.allowExternalEgress' }),
    ingressNSMatchLabels: mapped('cluster.networkPolicy', TEXT_MAP, {}, { when: '!networkPolicy.allowExternal' }),
    ingressNSPodMatchLabels: mapped('cluster.networkPolicy', TEXT_MAP, {}, { when: '!networkPolicy.allowExternal' }),
  }),
  ...under('serviceAccount', {
    create: mapped('cluster.serviceAccount', FLAG, true),
    name: mapped('cluster.serviceAccount', TEXT, ''),
    automountServiceAccountToken: dropped('members do not talk to the API server', FLAG, false, { missed: true }),
    annotations: mapped('cluster.serviceAccount', TEXT_MAP, {}, { when: 'serviceAccount.create' }),
    labels: mapped('cluster.serviceAccount', TEXT_MAP, {}, { when: 'serviceAccount.create' }),
  }),
  ...under('pdb', {
    create: mapped('cluster.podDisruptionBudget', FLAG, true),
    minAvailable: mapped('cluster.podDisruptionBudget', COUNT, '51%', { when: 'pdb.create', ownDefault: true }),
    maxUnavailable: mapped('cluster.podDisruptionBudget', COUNT, '', { when: 'pdb.create' }),
  }),
};
