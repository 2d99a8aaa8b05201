import type { k8s } from '../kubernetes';
import { checkStruct, type Check, type Fields } from '../checks/struct';
import { annotationMap, flag, kube, labelMap, ownLabels, listOf, text, whole } from '../checks/values';
import { networkProblem } from '../grammar/address';
import { labelValueProblem } from '../grammar/labels';
import { dnsSubdomainProblem } from '../grammar/names';

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

const PEER: Check = (value, path, problems) => {
  const peer = checkStruct<EtcdNetworkPeer>(
    value,
    { namespaceLabels: labelMap, podLabels: labelMap, cidr: text(networkProblem) },
    [],
    path,
    problems,
  );
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

export const NETWORK_POLICY: Fields<EtcdNetworkPolicyOptions> = {
  enabled: flag,
  clients: listOf(PEER),
  metrics: listOf(PEER),
  extraIngress: listOf(kube('NetworkPolicyIngressRule')),
  restrictEgress: flag,
  extraEgress: listOf(kube('NetworkPolicyEgressRule')),
};

/**
 * Values of the labels that selectors use, for a cluster that another tool made. Immutable once the cluster exists.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export interface EtcdSelectorOptions {
  /**
   * Value of `app.kubernetes.io/name`.
   * @default 'etcd'
   */
  readonly name?: string;

  /**
   * Value of `app.kubernetes.io/instance`; a Helm release has its own name there.
   * @default - the cluster's name
   */
  readonly instance?: string;
}

const LABEL_VALUE = text((v) => (v === '' ? 'expected a label value that is not empty' : labelValueProblem(v)));

export const SELECTOR: Fields<EtcdSelectorOptions> = { name: LABEL_VALUE, instance: LABEL_VALUE };

/** How many members may be away on purpose. @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/ */
export interface EtcdDisruptionBudgetOptions {
  /**
   * Whether there is a PodDisruptionBudget.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Sets `maxUnavailable`. More than one can cost the quorum.
   * @default 1
   */
  readonly maxUnavailable?: number;
}

export const DISRUPTION_BUDGET: Fields<EtcdDisruptionBudgetOptions> = { enabled: flag, maxUnavailable: whole(0, 4) };

/** The members' ServiceAccount. It never has a token: members don't talk to the API server. */
export interface EtcdServiceAccountOptions {
  /**
   * Whether the account is made here; otherwise `name` must exist.
   * @default true
   */
  readonly create?: boolean;

  /**
   * Name of the account.
   * @default - the cluster's name
   */
  readonly name?: string;

  /**
   * Annotations of the account.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Labels of the account.
   * @default - none
   */
  readonly labels?: { [key: string]: string };
}

export const SERVICE_ACCOUNT: Fields<EtcdServiceAccountOptions> = {
  create: flag,
  name: text(dnsSubdomainProblem),
  annotations: annotationMap,
  labels: ownLabels,
};
