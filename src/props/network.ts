import { kube } from '../checks/kubernetes';
import { type Check, checkStruct, type Fields, struct } from '../checks/struct';
import { flag, labelMap, listOf, oneOf, text } from '../checks/values';
import { networkProblem } from '../grammar/address';
import { type k8s } from '../kubernetes';
import {
  EtcdMemberAddresses,
  EXTERNAL_ACCESS,
  MEMBER_SERVICES,
  type EtcdExternalAccessOptions,
  type EtcdMemberServiceOptions,
} from './member-services';
import {
  CLIENT_SERVICE,
  type EtcdClientServiceOptions,
  type EtcdHeadlessServiceOptions,
  HEADLESS_SERVICE,
} from './service';

/** Pods or addresses in a NetworkPolicy. Labels of namespace and pod must both match. */
export interface EtcdNetworkPeer {
  /**
   * Labels of the namespace, such as `{ 'kubernetes.io/metadata.name': 'greptimedb' }`.
   * @default - the cluster's own namespace
   */
  readonly namespaceLabels?: { [key: string]: string };

  /**
   * Labels of the pod.
   * @default - every pod
   */
  readonly podLabels?: { [key: string]: string };

  /**
   * A network such as `10.0.0.0/8`, instead of labels.
   * @default - by labels
   */
  readonly cidr?: string;
}

const PEER_FIELDS = {
  namespaceLabels: labelMap,
  podLabels: labelMap,
  cidr: text(networkProblem),
} satisfies Fields<EtcdNetworkPeer>;

const PEER: Check<EtcdNetworkPeer> = (value, path, problems) => {
  const peer = checkStruct(value, PEER_FIELDS, [], path, problems);
  if (peer === undefined || problems.touch(path)) return undefined;
  const byLabels = peer.namespaceLabels !== undefined || peer.podLabels !== undefined;
  if (byLabels === (peer.cidr !== undefined)) {
    problems.add(path, 'expected either a cidr, or namespaceLabels, podLabels or both', value);
  }
  return peer;
};

/** Who may connect to members. Members and the jobs of this library always may. @see https://kubernetes.io/docs/concepts/services-networking/network-policies/ */
export interface EtcdNetworkPolicyOptions {
  /**
   * Whether there is a NetworkPolicy.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Who may use the client port. The peer port is open to members only, whatever is given here.
   * @default - everybody
   */
  readonly clients?: EtcdNetworkPeer[];

  /**
   * Who may scrape the metrics port.
   * @default - everybody
   */
  readonly metrics?: EtcdNetworkPeer[];

  /**
   * More ingress rules, as Kubernetes has them.
   * @default - none
   */
  readonly extraIngress?: k8s.NetworkPolicyIngressRule[];

  /**
   * Restrict what members may reach to members, DNS and `extraEgress`.
   * @default false
   */
  readonly restrictEgress?: boolean;

  /**
   * More egress rules, when `restrictEgress` is on.
   * @default - none
   */
  readonly extraEgress?: k8s.NetworkPolicyEgressRule[];
}

const NETWORK_POLICY = {
  enabled: flag,
  clients: listOf(PEER),
  metrics: listOf(PEER),
  extraIngress: listOf(kube('NetworkPolicyIngressRule')),
  restrictEgress: flag,
  extraEgress: listOf(kube('NetworkPolicyEgressRule')),
} satisfies Fields<EtcdNetworkPolicyOptions>;

/** How members are reached, and by whom. */
export interface EtcdNetworkOptions {
  /**
   * The Service that clients use.
   * @default - type ClusterIP
   */
  readonly clientService?: EtcdClientServiceOptions;

  /**
   * The Service that gives members their names.
   * @default - no annotations
   */
  readonly headlessService?: EtcdHeadlessServiceOptions;

  /**
   * The Service that each member has for itself.
   * @default - no annotations but the one for Argo CD
   */
  readonly memberServices?: EtcdMemberServiceOptions;

  /**
   * Services through which clients outside the Kubernetes cluster reach each member.
   * @default - none
   */
  readonly externalAccess?: EtcdExternalAccessOptions;

  /**
   * Which names the members' peer and client URLs have. An address of a Service stays when its pod is made anew, while DNS
   * may remember that of a pod for 30 s and more. Change it, and members restart one after another and take their new URLs.
   * Sets `--initial-advertise-peer-urls` and `--advertise-client-urls`.
   * @default EtcdMemberAddresses.SERVICE
   * @see https://etcd.io/docs/v3.6/op-guide/runtime-configuration/#update-advertise-peer-urls
   */
  readonly memberAddresses?: EtcdMemberAddresses;

  /**
   * Who may connect to members.
   * @default - everybody to clients' and metrics ports, members only to the peer port
   */
  readonly networkPolicy?: EtcdNetworkPolicyOptions;
}

export const NETWORK = {
  clientService: struct(CLIENT_SERVICE),
  headlessService: struct(HEADLESS_SERVICE),
  memberServices: struct(MEMBER_SERVICES),
  externalAccess: struct(EXTERNAL_ACCESS),
  memberAddresses: oneOf(EtcdMemberAddresses),
  networkPolicy: struct(NETWORK_POLICY),
} satisfies Fields<EtcdNetworkOptions>;
