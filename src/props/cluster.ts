import { type Fields, struct } from '../checks/struct';
import { annotationMap, listOf, oneOf, ownLabels, text, whole } from '../checks/values';
import { MOST_MEMBERS } from '../constants/names';
import { labelValueProblem } from '../grammar/labels';
import { clusterNameProblem, dnsLabelProblem } from '../grammar/names';
import { type EtcdServerOptions, SERVER } from './etcd';
import { type EtcdImagesOptions, IMAGE } from './image';
import { type EtcdNetworkOptions, NETWORK } from './network';
import { type EtcdPodOptions, POD } from './pod';
import { type EtcdProbesOptions, PROBES } from './probes';
import { type EtcdRecoveryOptions, RECOVERY } from './restore';
import { type EtcdRolloutOptions, ROLLOUT } from './rollout';
import { type EtcdSchedulingOptions, SCHEDULING } from './scheduling';
import { type EtcdSecurityOptions, SECURITY } from './security';
import { type EtcdStorageOptions, STORAGE } from './storage';
import { EtcdWarning } from './warning';

/**
 * Values of the labels in the selectors, for a cluster that another tool created. Immutable once the cluster exists.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export interface EtcdSelectorOptions {
  /**
   * Value of `app.kubernetes.io/name`.
   * @default 'etcd'
   */
  readonly name?: string;

  /**
   * Value of `app.kubernetes.io/instance`. In Helm charts, this is the name of the release.
   * @default - the cluster's name
   */
  readonly instance?: string;
}

const LABEL_VALUE = text((v) => (v === '' ? 'expected a label value, not an empty string' : labelValueProblem(v)));

const SELECTOR = { name: LABEL_VALUE, instance: LABEL_VALUE } satisfies Fields<EtcdSelectorOptions>;

/** Properties of `EtcdCluster`. Only `name` is required. */
export interface EtcdClusterProps
  extends
    EtcdImagesOptions,
    EtcdServerOptions,
    EtcdStorageOptions,
    EtcdRecoveryOptions,
    EtcdPodOptions,
    EtcdSchedulingOptions,
    EtcdRolloutOptions,
    EtcdProbesOptions,
    EtcdSecurityOptions,
    EtcdNetworkOptions {
  /**
   * Name of the cluster, and prefix of the names of all objects: a DNS label of at most 40 characters that starts with
   * a letter. It is part of the members' names and URLs, so it can never change on a live cluster. Each member has a
   * Service `<name>-<ordinal>`: the clusters `etcd` and `etcd-1` cannot share a namespace.
   */
  readonly name: string;

  /**
   * Namespace of all objects. It is part of the members' URLs, so it can never change on a live cluster.
   * @default - the namespace of the chart. Set one of the two
   */
  readonly namespace?: string;

  /**
   * Values of the labels in the selectors, for a cluster that another tool created with other labels. Immutable once
   * the cluster exists.
   * @default - `name: etcd` and `instance: <cluster name>`
   */
  readonly selector?: EtcdSelectorOptions;

  /**
   * Number of members, from 1 to 9. Use an odd number: an even number tolerates no additional failures. When you raise
   * it, the new members join one by one. When you lower it, each surplus member stops, and the leader then removes it
   * from the member list; a member that the quorum needs until then is removed while it runs, as from 3 to 1. The other
   * members are not restarted. Sets `replicas`.
   * @default 3
   * @see https://etcd.io/docs/v3.6/faq/#why-an-odd-number-of-cluster-members
   */
  readonly replicas?: number;

  /**
   * Labels of all objects and pods. Labels that the selectors use are refused.
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of all objects.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Warnings that you acknowledge. They are no longer printed.
   * @default - none
   */
  readonly acknowledgeWarnings?: EtcdWarning[];
}

export const CLUSTER = {
  name: text(clusterNameProblem),
  namespace: text(dnsLabelProblem),
  selector: struct(SELECTOR),
  replicas: whole(1, MOST_MEMBERS, 'use 3, or 5 to tolerate two failures'),
  ...IMAGE,
  ...SERVER,
  ...STORAGE,
  ...RECOVERY,
  ...POD,
  ...SCHEDULING,
  ...ROLLOUT,
  ...PROBES,
  ...SECURITY,
  ...NETWORK,
  labels: ownLabels,
  annotations: annotationMap,
  acknowledgeWarnings: listOf(oneOf(EtcdWarning)),
} satisfies Fields<EtcdClusterProps>;
