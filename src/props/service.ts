import type { Duration } from 'cdk8s';
import { kube } from '../checks/kubernetes/kube';
import { SERVICE_PORT } from '../checks/kubernetes/network';
import { type Fields } from '../checks/struct';
import { annotationMap, flag, listOf, nodePort, oneOf, ownLabels, port, seconds, text } from '../checks/values';
import { addressProblem, clusterAddressProblem, externalAddressProblem, networkProblem } from '../grammar/address';
import { labelKeyProblem } from '../grammar/labels';
import { portNameProblem } from '../grammar/names';
import { type k8s } from '../kubernetes';

/**
 * Type of a Service.
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types
 */
export enum EtcdServiceType {
  /** Reachable only inside the Kubernetes cluster. */
  CLUSTER_IP = 'ClusterIP',
  /** Also reachable on a port of every node. */
  NODE_PORT = 'NodePort',
  /** Also reachable through a load balancer of the platform. */
  LOAD_BALANCER = 'LoadBalancer',
}

/** How traffic from outside is routed to pods. Sets `externalTrafficPolicy`. */
export enum EtcdTrafficPolicy {
  /** To ready pods on any node. Pods do not see the addresses of the clients. */
  CLUSTER = 'Cluster',
  /** Only to ready pods on the node that received the traffic. Pods see the addresses of the clients. */
  LOCAL = 'Local',
}

/**
 * The Service for clients, `<name>`. It routes to ready members only.
 * @see https://kubernetes.io/docs/concepts/services-networking/service/
 */
export interface EtcdClientServiceOptions {
  /**
   * Whether to create the client Service.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Sets `type`.
   * @default EtcdServiceType.CLUSTER_IP
   */
  readonly type?: EtcdServiceType;

  /**
   * Port of the Service.
   * @default - the members' client port
   */
  readonly port?: number;

  /**
   * Name of that port, at most 15 characters.
   * @default 'client'
   */
  readonly portName?: string;

  /**
   * Node port, for the types NodePort and LoadBalancer. Refused if another Service of the cluster has it. Sets `nodePort`.
   * @default - Kubernetes chooses it
   */
  readonly nodePort?: number;

  /**
   * A fixed cluster IP, or `None`. Immutable. Sets `clusterIP`.
   * @default - Kubernetes chooses it
   */
  readonly clusterIp?: string;

  /**
   * Sets `loadBalancerIP`.
   * @default - the load balancer chooses it
   */
  readonly loadBalancerIp?: string;

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
   * Sets `externalIPs`.
   * @default - none
   */
  readonly externalIps?: string[];

  /**
   * Sets `externalTrafficPolicy`, for types NodePort and LoadBalancer, and with `externalIps`.
   * @default - Cluster
   */
  readonly externalTrafficPolicy?: EtcdTrafficPolicy;

  /**
   * How long a client stays with one member: 1 s to 1 day. Sets `sessionAffinity: ClientIP` and its timeout.
   * @default - no affinity
   */
  readonly sessionAffinity?: Duration;

  /**
   * Additional ports of the Service.
   * @default - none
   */
  readonly extraPorts?: k8s.ServicePort[];

  /**
   * Annotations of this Service.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Labels of this Service.
   * @default - none
   */
  readonly labels?: { [key: string]: string };
}

const ADDRESS = text(addressProblem);

export const CLIENT_SERVICE = {
  enabled: flag,
  type: oneOf(EtcdServiceType),
  port,
  portName: text(portNameProblem),
  nodePort,
  clusterIp: text((v) => (v === 'None' ? undefined : clusterAddressProblem(v))),
  loadBalancerIp: ADDRESS,
  loadBalancerClass: text(labelKeyProblem),
  loadBalancerSourceRanges: listOf(text(networkProblem), (v) => v),
  externalIps: listOf(text(externalAddressProblem), (v) => v),
  externalTrafficPolicy: oneOf(EtcdTrafficPolicy),
  sessionAffinity: seconds(1, 86_400),
  extraPorts: listOf(kube('ServicePort', SERVICE_PORT), (p) => p.name),
  annotations: annotationMap,
  labels: ownLabels,
} satisfies Fields<EtcdClientServiceOptions>;

/**
 * The headless Service, `<name>-headless`. It gives the members' pods their DNS names, even while they are not ready.
 */
export interface EtcdHeadlessServiceOptions {
  /**
   * Annotations of this Service.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Labels of this Service.
   * @default - none
   */
  readonly labels?: { [key: string]: string };
}

export const HEADLESS_SERVICE = {
  annotations: annotationMap,
  labels: ownLabels,
} satisfies Fields<EtcdHeadlessServiceOptions>;
