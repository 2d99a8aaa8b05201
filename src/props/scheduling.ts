import { kube } from '../checks/kubernetes';
import { type Fields } from '../checks/struct';
import { labelMap, listOf, oneOf, text } from '../checks/values';
import { labelKeyProblem } from '../grammar/labels';
import { dnsSubdomainProblem } from '../grammar/names';
import { type k8s } from '../kubernetes';

/** Whether two members may share a node. @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
export enum EtcdAntiAffinity {
  /** Only when there is no other place. */
  PREFERRED = 'preferred',
  /** Never: a pod waits for a node of its own. */
  REQUIRED = 'required',
  /** The scheduler may put them anywhere. */
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
   * What two members should not share. Sets `topologyKey` of the anti-affinity.
   * @default 'kubernetes.io/hostname'
   */
  readonly antiAffinityTopologyKey?: string;

  /**
   * More affinity of members' pods; an anti-affinity given here replaces the one above.
   * @default - none
   */
  readonly affinity?: k8s.Affinity;

  /**
   * Sets `topologySpreadConstraints`. A constraint without a selector selects this cluster's members.
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
  affinity: kube('Affinity'),
  topologySpreadConstraints: listOf(kube('TopologySpreadConstraint', 'maxSkew', 'topologyKey', 'whenUnsatisfiable')),
  nodeSelector: labelMap,
  tolerations: listOf(kube('Toleration')),
  priorityClassName: text(dnsSubdomainProblem),
  runtimeClassName: text(dnsSubdomainProblem),
  schedulerName: text(dnsSubdomainProblem),
} satisfies Fields<EtcdSchedulingOptions>;
