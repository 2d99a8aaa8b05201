import type { ClusterConfig } from '../config/cluster';
import { hasTlsMetrics } from '../config/etcd-options';
import { COMPONENT, selectorOf } from '../constants/names';
import type { EtcdNetworkPeer } from '../props/network';
import type { Json, k8s } from '../kubernetes';
import { EtcdTotalLoss } from '../props/restore';
import { list, metadata, podsOf, write, type Manifest } from './object';

/** The members' ServiceAccount. Its token is not mounted, because members do not use the API server. */
export function serviceAccount(config: ClusterConfig): Manifest {
  return write<k8s.KubeServiceAccountProps>('v1', 'ServiceAccount', {
    metadata: metadata(config, config.serviceAccount.name, { component: COMPONENT.member, ...config.serviceAccount }),
    automountServiceAccountToken: false,
  });
}

/** Limits drains and node upgrades to one member at a time. */
export function podDisruptionBudget(config: ClusterConfig): Manifest {
  return write<k8s.KubePodDisruptionBudgetProps>('policy/v1', 'PodDisruptionBudget', {
    metadata: metadata(config, config.names.podDisruptionBudget, { component: COMPONENT.member }),
    spec: {
      maxUnavailable: config.rollout.podDisruptionBudget.maxUnavailable,
      unhealthyPodEvictionPolicy: config.rollout.podDisruptionBudget.unhealthyPodEvictionPolicy,
      selector: { matchLabels: config.selector },
    },
  });
}

/** Opens the peer port to members only, and the client and metrics ports to the peers in the props. */
export function networkPolicy(config: ClusterConfig): Manifest {
  const policy = config.networkPolicy;
  const { client, peer, metrics, metricsTls, phase } = config.etcd.ports;
  const members = membersOf(config);
  const jobs = [COMPONENT.snapshot, COMPONENT.restore, COMPONENT.defrag].map((component) => ({
    podSelector: { matchLabels: selectorOf(config.selector, component) },
  }));
  const scrapers = policy.metrics && [members, ...jobs, ...policy.metrics.map(networkPeer)];
  const announced = { podSelector: { matchLabels: selectorOf(config.selector, COMPONENT.drill) } };
  const egress = [
    { to: [members], ports: ports(client, peer, metrics, phase) },
    ...(bringsSnapshots(config) ? [{ to: [{ podSelector: bringers(config) }], ports: ports(phase) }] : []),
    DNS,
    ...policy.extraEgress,
  ];
  return write<k8s.KubeNetworkPolicyProps>('networking.k8s.io/v1', 'NetworkPolicy', {
    metadata: metadata(config, config.names.networkPolicy, { component: COMPONENT.member }),
    spec: {
      podSelector: { matchLabels: config.selector },
      policyTypes: policy.restrictEgress ? ['Ingress', 'Egress'] : ['Ingress'],
      ingress: [
        { from: [members], ports: ports(peer) },
        { from: [members, ...jobs, announced], ports: ports(phase) },
        ...(hasTlsMetrics(config) ? [{ from: scrapers, ports: ports(phase) }] : []),
        { from: policy.clients && [members, ...jobs, ...policy.clients.map(networkPeer)], ports: ports(client) },
        ...(metricsTls === undefined
          ? [{ from: scrapers, ports: ports(metrics) }]
          : [
              { from: [members, ...jobs], ports: ports(metrics) },
              { from: scrapers, ports: ports(metricsTls) },
            ]),
        ...policy.extraIngress,
      ],
      egress: policy.restrictEgress ? list(egress) : undefined,
    },
  });
}

/** To DNS: 53, and 5353 for pods of OpenShift's DNS. */
const DNS: Json<k8s.NetworkPolicyEgressRule> = {
  ports: [53, 5353].flatMap((port) => ['TCP', 'UDP'].map((protocol) => ({ port, protocol }))),
};

/**
 * What the pods of a job need where egress is denied by default. The addresses of a remote and of the API server are not
 * known.
 */
export function jobNetworkPolicy(
  config: ClusterConfig,
  name: string,
  component: string,
  needsOthers: boolean,
): Manifest | undefined {
  const { enabled, restrictEgress, extraEgress } = config.networkPolicy;
  if (!enabled || !restrictEgress) return undefined;
  const { client, metrics, phase } = config.etcd.ports;
  const members = { to: [membersOf(config)], ports: ports(client, metrics, phase) };
  return write<k8s.KubeNetworkPolicyProps>('networking.k8s.io/v1', 'NetworkPolicy', {
    metadata: metadata(config, name, { component }),
    spec: {
      podSelector: { matchLabels: selectorOf(config.selector, component) },
      policyTypes: ['Egress'],
      egress: needsOthers ? [{}] : [members, DNS, ...extraEgress],
    },
  });
}

/** Whether a job can serve a snapshot to the members. */
export function bringsSnapshots(config: ClusterConfig): boolean {
  return config.restore.store !== undefined || config.onTotalLoss === EtcdTotalLoss.RESTORE_NEWEST;
}

/** Only members may download snapshots from the pods that serve them. */
export function restoreNetworkPolicy(config: ClusterConfig): Manifest {
  return write<k8s.KubeNetworkPolicyProps>('networking.k8s.io/v1', 'NetworkPolicy', {
    metadata: metadata(config, config.names.restore, { component: COMPONENT.restore }),
    spec: {
      podSelector: bringers(config),
      policyTypes: ['Ingress'],
      ingress: [{ from: [membersOf(config)], ports: ports(config.etcd.ports.phase) }],
    },
  });
}

/** Pods of the restore Job, and of the snapshot job, which serves a snapshot after a total loss. */
function bringers(config: ClusterConfig): Json<k8s.LabelSelector> {
  return podsOf(config, COMPONENT.restore, COMPONENT.snapshot);
}

function membersOf(config: ClusterConfig): Json<k8s.NetworkPolicyPeer> {
  return { podSelector: { matchLabels: config.selector } };
}

function networkPeer(peer: EtcdNetworkPeer): Json<k8s.NetworkPolicyPeer> {
  if (peer.cidr !== undefined) return { ipBlock: { cidr: peer.cidr } };
  return {
    namespaceSelector: peer.namespaceLabels && { matchLabels: peer.namespaceLabels },
    podSelector: peer.podLabels && { matchLabels: peer.podLabels },
  };
}

function ports(...numbers: number[]): Json<k8s.NetworkPolicyPort>[] {
  return numbers.map((port) => ({ port, protocol: 'TCP' }));
}
