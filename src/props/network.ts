import { kube } from '../checks/kubernetes/kube';
import { EGRESS_RULE, INGRESS_RULE } from '../checks/kubernetes/network';
import { type Check, checkStruct, type Fields, struct, switchable } from '../checks/struct';
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

/** Pods or addresses that may connect. If both kinds of labels are given, both must match. */
export interface EtcdNetworkPeer {
  /**
   * Labels of the namespace of the pods, such as `{ 'kubernetes.io/metadata.name': 'greptimedb' }`.
   * @default - the cluster's own namespace
   */
  readonly namespaceLabels?: { [key: string]: string };

  /**
   * Labels of the pods.
   * @default - all pods
   */
  readonly podLabels?: { [key: string]: string };

  /**
   * A network such as `10.0.0.0/8`. Cannot be combined with labels.
   * @default - none
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
    problems.add(path, 'expected either cidr, or namespaceLabels and podLabels, or one of these two', value);
  }
  return peer;
};

/**
 * Which pods and networks may connect to members. Members and the jobs of this library always may.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export interface EtcdNetworkPolicyOptions {
  /**
   * Whether to create the NetworkPolicy.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Which pods and networks may connect to the client port. The peer port is always open to members only.
   * @default - all
   */
  readonly clients?: EtcdNetworkPeer[];

  /**
   * Which pods and networks may connect to the metrics port. With TLS and without `allowPlainHttp`, also to the phase port,
   * where members publish metrics about certificates.
   * @default - all
   */
  readonly metrics?: EtcdNetworkPeer[];

  /**
   * Additional ingress rules of the NetworkPolicy.
   * @default - none
   */
  readonly extraIngress?: k8s.NetworkPolicyIngressRule[];

  /**
   * Whether members and jobs may connect only to members, DNS (53 and 5353), and what `extraEgress` allows. Jobs that use
   * a remote or the API server may connect to everything, because those addresses are not known. Set it in a namespace
   * that denies egress by default.
   * @default false
   */
  readonly restrictEgress?: boolean;

  /**
   * Additional egress rules of the NetworkPolicy. Only used with `restrictEgress`.
   * @default - none
   */
  readonly extraEgress?: k8s.NetworkPolicyEgressRule[];
}

const NETWORK_POLICY = {
  enabled: flag,
  clients: listOf(PEER),
  metrics: listOf(PEER),
  extraIngress: listOf(kube('NetworkPolicyIngressRule', INGRESS_RULE)),
  restrictEgress: flag,
  extraEgress: listOf(kube('NetworkPolicyEgressRule', EGRESS_RULE)),
} satisfies Fields<EtcdNetworkPolicyOptions>;

/** Services and network policy of the cluster. */
export interface EtcdNetworkOptions {
  /**
   * The Service for clients.
   * @default - a Service of type ClusterIP
   */
  readonly clientService?: EtcdClientServiceOptions;

  /**
   * The headless Service.
   * @default - no labels or annotations
   */
  readonly headlessService?: EtcdHeadlessServiceOptions;

  /**
   * The Services of the members.
   * @default - no labels, and only the annotation for Argo CD
   */
  readonly memberServices?: EtcdMemberServiceOptions;

  /**
   * Services through which clients outside the Kubernetes cluster reach each member.
   * @default - none
   */
  readonly externalAccess?: EtcdExternalAccessOptions;

  /**
   * Which DNS names the members' peer and client URLs use. The address of a Service stays the same when its pod is
   * replaced; the old address of a pod can stay in DNS caches for 30 s and longer. After a change, members restart one
   * after another and change their URLs in the member list. Sets `--initial-advertise-peer-urls` and
   * `--advertise-client-urls`.
   * @default EtcdMemberAddresses.SERVICE
   * @see https://etcd.io/docs/v3.6/op-guide/runtime-configuration/#update-advertise-peer-urls
   */
  readonly memberAddresses?: EtcdMemberAddresses;

  /**
   * Which pods and networks may connect to members.
   * @default - all may connect to the client port and the metrics port, only members to the peer port
   */
  readonly networkPolicy?: EtcdNetworkPolicyOptions;
}

export const NETWORK = {
  clientService: switchable(CLIENT_SERVICE, 'enabled'),
  headlessService: struct(HEADLESS_SERVICE),
  memberServices: struct(MEMBER_SERVICES),
  externalAccess: struct(EXTERNAL_ACCESS),
  memberAddresses: oneOf(EtcdMemberAddresses),
  networkPolicy: switchable(NETWORK_POLICY, 'enabled'),
} satisfies Fields<EtcdNetworkOptions>;
