import type { Duration } from 'cdk8s';
import { kube } from '../checks/kubernetes';
import { type Fields } from '../checks/struct';
import { annotationMap, flag, listOf, oneOf, ownLabels, port, seconds, text, whole } from '../checks/values';
import { addressProblem, networkProblem } from '../grammar/address';
import { labelKeyProblem } from '../grammar/labels';
import { portNameProblem } from '../grammar/names';
import { type k8s } from '../kubernetes';

/** How clients reach the Service. @see https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types */
export enum EtcdServiceType {
  CLUSTER_IP = 'ClusterIP',
  NODE_PORT = 'NodePort',
  LOAD_BALANCER = 'LoadBalancer',
}

/** Which nodes' pods outside traffic goes to. Sets `externalTrafficPolicy`. */
export enum EtcdTrafficPolicy {
  CLUSTER = 'Cluster',
  LOCAL = 'Local',
}

/** The Service that clients use, `<name>`. It leads to ready members only. @see https://kubernetes.io/docs/concepts/services-networking/service/ */
export interface EtcdClientServiceOptions {
  /**
   * Whether there is a client Service.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Sets `type`.
   * @default EtcdServiceType.CLUSTER_IP
   */
  readonly type?: EtcdServiceType;

  /**
   * The Service's own port.
   * @default - the members' client port
   */
  readonly port?: number;

  /**
   * Name of that port, at most 15 characters.
   * @default 'client'
   */
  readonly portName?: string;

  /**
   * Port on every node, for types NodePort and LoadBalancer. Sets `nodePort`.
   * @default - Kubernetes picks one
   */
  readonly nodePort?: number;

  /**
   * A fixed address, or `None`. Sets `clusterIP`, which is immutable.
   * @default - Kubernetes picks one
   */
  readonly clusterIp?: string;

  /**
   * Sets `loadBalancerIP`.
   * @default - the load balancer picks one
   */
  readonly loadBalancerIp?: string;

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
   * Sets `externalIPs`.
   * @default - none
   */
  readonly externalIps?: string[];

  /**
   * Sets `externalTrafficPolicy`, for types NodePort and LoadBalancer.
   * @default - Cluster
   */
  readonly externalTrafficPolicy?: EtcdTrafficPolicy;

  /**
   * Keep a client on one member for this long. Sets `sessionAffinity: ClientIP` and its timeout, 1 s to 1 day.
   * @default - no affinity
   */
  readonly sessionAffinity?: Duration;

  /**
   * More ports of the Service.
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
  nodePort: whole(1, 65535, 'clusters usually allow 30000 to 32767'),
  clusterIp: text((v) => (v === 'None' || !addressProblem(v) ? undefined : 'expected an IP address or None')),
  loadBalancerIp: ADDRESS,
  loadBalancerClass: text(labelKeyProblem),
  loadBalancerSourceRanges: listOf(text(networkProblem), (v) => v),
  externalIps: listOf(ADDRESS, (v) => v),
  externalTrafficPolicy: oneOf(EtcdTrafficPolicy),
  sessionAffinity: seconds(1, 86_400),
  extraPorts: listOf(kube('ServicePort', 'port'), (p) => p.name),
  annotations: annotationMap,
  labels: ownLabels,
} satisfies Fields<EtcdClientServiceOptions>;

/** The Service that gives members their names, `<name>-headless`. It publishes members that are not ready, too. */
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
