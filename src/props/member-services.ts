import type { Fields } from '../checks/struct';
import { annotationMap, listOf, oneOf, ownLabels, port, text, whole } from '../checks/values';
import { networkProblem } from '../grammar/address';
import { labelKeyProblem } from '../grammar/labels';
import { memberUrlProblem } from '../grammar/member-pattern';
import { EtcdServiceType, EtcdTrafficPolicy } from './service';

/** Which names the members' peer and client URLs have. */
export enum EtcdMemberAddresses {
  /** The members' Services, `<name>-<ordinal>`: their addresses stay when a pod is made anew. */
  SERVICE = 'Service',
  /** The pods' own names, below the headless Service: what members of a release of Bitnami's chart have. */
  POD = 'Pod',
}

/**
 * The Services of type ClusterIP that each member has for itself, `<name>-<ordinal>`. They publish members that are not
 * ready, too, and lead to all ports, the peer port included: for clients outside there is `externalAccess`.
 */
export interface EtcdMemberServiceOptions {
  /**
   * Annotations of these Services. In values `{member}` stands for the member's name, such as `etcd-0`, and `{ordinal}` for
   * its number.
   * @default - `argocd.argoproj.io/sync-options: PruneLast=true`, so that a member that leaves is reached to the end
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
 * Access to each member from outside the Kubernetes cluster: a Service `<name>-<ordinal>-external` with the client port
 * alone, which leads to the member while it is ready. Members speak plain HTTP: let nobody in whom you would not let write.
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types
 */
export interface EtcdExternalAccessOptions {
  /**
   * Sets `type`: NodePort or LoadBalancer.
   * @default EtcdServiceType.LOAD_BALANCER
   */
  readonly type?: EtcdServiceType;

  /**
   * Client URL that each member has in etcd's member list besides its own, so that clients outside can follow the list:
   * `{member}` stands for its name, such as `etcd-0`, and `{ordinal}` for its number, as in
   * `http://{member}.example.com:2379` or `http://node.example.com:3037{ordinal}`. With a port, and without a path. A change
   * restarts members one after another. Adds to `--advertise-client-urls`.
   * @default - members advertise the URL inside the Kubernetes cluster alone
   * @see https://etcd.io/docs/v3.6/op-guide/configuration/#clustering
   */
  readonly advertisedUrl?: string;

  /**
   * The Services' own port.
   * @default - the members' client port
   */
  readonly port?: number;

  /**
   * Port on every node for each member, by ordinal; one more for each member that may be added later does no harm. Sets
   * `nodePort`.
   * @default - Kubernetes picks them
   */
  readonly nodePorts?: number[];

  /**
   * Sets `loadBalancerClass`.
   * @default - the platform's
   */
  readonly loadBalancerClass?: string;

  /**
   * Networks that may connect. Sets `loadBalancerSourceRanges`.
   * @default - any
   */
  readonly loadBalancerSourceRanges?: string[];

  /**
   * Sets `externalTrafficPolicy`. Only with Local does a NetworkPolicy see the clients' own addresses.
   * @default - Cluster
   */
  readonly externalTrafficPolicy?: EtcdTrafficPolicy;

  /**
   * Annotations of these Services, such as those of external-dns. In values `{member}` stands for the member's name, such as
   * `etcd-0`, and `{ordinal}` for its number.
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
  nodePorts: listOf(whole(1, 65535, 'clusters usually allow 30000 to 32767'), (v) => v),
  loadBalancerClass: text(labelKeyProblem),
  loadBalancerSourceRanges: listOf(text(networkProblem), (v) => v),
  externalTrafficPolicy: oneOf(EtcdTrafficPolicy),
  annotations: annotationMap,
  labels: ownLabels,
} satisfies Fields<EtcdExternalAccessOptions>;
