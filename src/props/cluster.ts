import { type Fields, struct } from '../checks/struct';
import { annotationMap, listOf, oneOf, ownLabels, text, whole } from '../checks/values';
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

const SELECTOR = { name: LABEL_VALUE, instance: LABEL_VALUE } satisfies Fields<EtcdSelectorOptions>;

/** An etcd cluster. Only `name` is required; see each option's default for what you get without it. */
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
   * Name of the cluster, and prefix of every object's name: at most 40 characters, a DNS label that starts with a
   * letter. It is part of members' names and URLs and can never change on a live cluster.
   * Each member has a Service `<name>-<ordinal>`, so that beside `etcd` there can be no cluster `etcd-1` in a namespace.
   */
  readonly name: string;

  /**
   * Namespace of every object. Part of members' URLs: it can never change on a live cluster.
   * @default - the chart's namespace; one of the two must be given
   */
  readonly namespace?: string;

  /**
   * Values of the labels that selectors use, for a cluster that another tool made under other labels. Immutable once the
   * cluster exists.
   * @default - `etcd`, and the cluster's name
   */
  readonly selector?: EtcdSelectorOptions;

  /**
   * Number of members, 1 to 9; odd, since an even number stands no more failures. Change it and members join one by one,
   * or are removed from the cluster before they go; those that stay are not restarted. Sets `replicas`.
   * @default 3
   * @see https://etcd.io/docs/v3.6/faq/#why-an-odd-number-of-cluster-members
   */
  readonly replicas?: number;

  /**
   * Labels of every object and pod. Names that selectors use are refused.
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of every object.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Warnings that are meant so, and are printed no more.
   * @default - every warning is printed
   */
  readonly acknowledgeWarnings?: EtcdWarning[];
}

export const CLUSTER = {
  name: text(clusterNameProblem),
  namespace: text(dnsLabelProblem),
  selector: struct(SELECTOR),
  replicas: whole(1, 9, 'use 3, or 5 to stand two failures'),
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
