import { AFFINITY } from '../checks/kubernetes/affinity';
import { kube } from '../checks/kubernetes/kube';
import { TOLERATION } from '../checks/kubernetes/toleration';
import { TOPOLOGY_SPREAD } from '../checks/kubernetes/topology-spread';
import { type Fields } from '../checks/struct';
import { linuxNodes, listOf, oneOf, text } from '../checks/values';
import { labelKeyProblem } from '../grammar/labels';
import { dnsSubdomainProblem } from '../grammar/names';
import { type k8s } from '../kubernetes';

/** Whether two members may share a node. @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
export enum EtcdAntiAffinity {
  /** Only if no other node has room. */
  PREFERRED = 'preferred',
  /** Never. A pod stays pending until a node without a member has room. */
  REQUIRED = 'required',
  /** Yes. The scheduler may use any node. */
  NONE = 'none',
}

/** Where members' pods run. */
export interface EtcdSchedulingOptions {
  /**
   * Whether two members may share a node.
   * @default EtcdAntiAffinity.PREFERRED
   */
  readonly antiAffinity?: EtcdAntiAffinity;

  /**
   * Topology that two members should not share. Sets `topologyKey` of the anti-affinity.
   * @default 'kubernetes.io/hostname'
   */
  readonly antiAffinityTopologyKey?: string;

  /**
   * Affinity of the members' pods. A pod anti-affinity in it replaces `antiAffinity`.
   * @default - none
   */
  readonly affinity?: k8s.Affinity;

  /**
   * Sets `topologySpreadConstraints`. A constraint without a selector selects the members of this cluster.
   * @default - none
   */
  readonly topologySpreadConstraints?: k8s.TopologySpreadConstraint[];

  /**
   * Sets `nodeSelector`.
   * @default - any node
   */
  readonly nodeSelector?: { [key: string]: string };

  /**
   * Sets `tolerations`.
   * @default - none
   */
  readonly tolerations?: k8s.Toleration[];

  /**
   * Sets `priorityClassName`.
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;

  /**
   * Sets `runtimeClassName`.
   * @default - the node's default
   */
  readonly runtimeClassName?: string;

  /**
   * Sets `schedulerName`.
   * @default - the default scheduler
   */
  readonly schedulerName?: string;
}

export const SCHEDULING = {
  antiAffinity: oneOf(EtcdAntiAffinity),
  antiAffinityTopologyKey: text(labelKeyProblem),
  affinity: kube('Affinity', AFFINITY),
  topologySpreadConstraints: listOf(
    kube('TopologySpreadConstraint', TOPOLOGY_SPREAD),
    ({ topologyKey, whenUnsatisfiable }) => `${topologyKey} ${whenUnsatisfiable}`,
  ),
  nodeSelector: linuxNodes,
  tolerations: listOf(kube('Toleration', TOLERATION)),
  priorityClassName: text(dnsSubdomainProblem),
  runtimeClassName: text(dnsSubdomainProblem),
  schedulerName: text(dnsSubdomainProblem),
} satisfies Fields<EtcdSchedulingOptions>;
