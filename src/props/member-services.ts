import type { Fields } from '../checks/struct';
import { annotationMap, listOf, nodePort, oneOf, ownLabels, port, text } from '../checks/values';
import { networkProblem } from '../grammar/address';
import { labelKeyProblem } from '../grammar/labels';
import { memberUrlProblem } from '../grammar/member-pattern';
import { EtcdServiceType, EtcdTrafficPolicy } from './service';

/** Which DNS names the members' peer and client URLs use. */
export enum EtcdMemberAddresses {
  /** The members' Services, `<name>-<ordinal>`. Their addresses stay the same when a pod is replaced. */
  SERVICE = 'Service',
  /** The pods' DNS names, in the domain of the headless Service. Bitnami's chart uses these. */
  POD = 'Pod',
}

/**
 * The Services of the members: one of type ClusterIP for each member, `<name>-<ordinal>`. They also publish members
 * that are not ready, and have all ports, including the peer port. For clients outside the Kubernetes cluster, use
 * `externalAccess`.
 */
export interface EtcdMemberServiceOptions {
  /**
   * Annotations of these Services. In the values, `{member}` is replaced by the member's name, such as `etcd-0`, and
   * `{ordinal}` by its ordinal.
   * @default - `argocd.argoproj.io/sync-options: PruneLast=true`, so that a member stays reachable until it is removed, in
   * addition to the options in `annotations` of the cluster
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Labels of these Services.
   * @default - none
   */
  readonly labels?: { [key: string]: string };
}

export const MEMBER_SERVICES = {
  annotations: annotationMap,
  labels: ownLabels,
} satisfies Fields<EtcdMemberServiceOptions>;

/**
 * Access to each member from outside the Kubernetes cluster: a Service `<name>-<ordinal>-external` for each member,
 * with the client port only. It routes to the member while it is ready. Without `tls` and `auth`, everyone who can
 * connect can read and write.
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types
 */
export interface EtcdExternalAccessOptions {
  /**
   * Type of the Services: NodePort or LoadBalancer. Sets `type`.
   * @default EtcdServiceType.LOAD_BALANCER
   */
  readonly type?: EtcdServiceType;

  /**
   * Second client URL of each member in etcd's member list, so that clients outside can discover the members.
   * `{member}` is replaced by the member's name, such as `etcd-0`, and `{ordinal}` by its ordinal, as in
   * `http://{member}.example.com:2379` or `http://node.example.com:3037{ordinal}`. Needs a port, and no path. A change
   * restarts the members one after another. With https, a host that the certificates from cert-manager do not have is
   * refused: add it to `extraNames` of `tls`. Adds to `--advertise-client-urls`.
   * @default - members advertise only their URL inside the Kubernetes cluster
   * @see https://etcd.io/docs/v3.6/op-guide/configuration/#clustering
   */
  readonly advertisedUrl?: string;

  /**
   * Port of the Services.
   * @default - the members' client port
   */
  readonly port?: number;

  /**
   * Node port of each member, by ordinal. May have more entries than members, for members that you add later. Sets
   * `nodePort`.
   * @default - Kubernetes chooses them
   */
  readonly nodePorts?: number[];

  /**
   * Sets `loadBalancerClass`.
   * @default - the platform's default class
   */
  readonly loadBalancerClass?: string;

  /**
   * Networks that may connect, in CIDR notation. Sets `loadBalancerSourceRanges`.
   * @default - any
   */
  readonly loadBalancerSourceRanges?: string[];

  /**
   * Sets `externalTrafficPolicy`. A NetworkPolicy sees the clients' addresses only with LOCAL.
   * @default - Cluster
   */
  readonly externalTrafficPolicy?: EtcdTrafficPolicy;

  /**
   * Annotations of these Services, such as those of external-dns. In the values, `{member}` is replaced by the member's
   * name, such as `etcd-0`, and `{ordinal}` by its ordinal.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Labels of these Services.
   * @default - none
   */
  readonly labels?: { [key: string]: string };
}

const { NODE_PORT, LOAD_BALANCER } = EtcdServiceType;

export const EXTERNAL_ACCESS = {
  type: oneOf({ NODE_PORT, LOAD_BALANCER }),
  advertisedUrl: text(memberUrlProblem),
  port,
  nodePorts: listOf(nodePort, (v) => v),
  loadBalancerClass: text(labelKeyProblem),
  loadBalancerSourceRanges: listOf(text(networkProblem), (v) => v),
  externalTrafficPolicy: oneOf(EtcdTrafficPolicy),
  annotations: annotationMap,
  labels: ownLabels,
} satisfies Fields<EtcdExternalAccessOptions>;
