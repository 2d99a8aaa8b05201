import type { Duration } from 'cdk8s';
import type { Problems } from '../checks/problems';
import { type Fields, switchable } from '../checks/struct';
import { flag, made, oneOf, seconds, whole } from '../checks/values';
import { DAY } from '../constants/time';

/**
 * How the pods are replaced after a change of the pod template.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies
 */
export class EtcdUpdateStrategy {
  /**
   * Replaces one pod after another, the highest ordinal first.
   * @param partition pods with a lower ordinal are not replaced; 0 replaces all
   */
  public static rollingUpdate(partition = 0): EtcdUpdateStrategy {
    return new EtcdUpdateStrategy('RollingUpdate', partition);
  }

  /** Replaces a pod when you delete it. */
  public static onDelete(): EtcdUpdateStrategy {
    return new EtcdUpdateStrategy('OnDelete', undefined);
  }

  private constructor(
    private readonly type: string,
    private readonly partition: number | undefined,
  ) {}

  /** @internal */
  public get _config(): { readonly type: string; readonly partition: number | undefined } {
    return { type: this.type, partition: this.partition };
  }

  /** @internal */
  public _check(path: string, problems: Problems): void {
    if (this.partition !== undefined) whole(0, 9)(this.partition, path, problems);
  }
}

/** Whether pods that are not ready may be evicted, whatever the budget says. */
export enum EtcdUnhealthyPodEviction {
  /** Always: a node with a broken pod can be drained. */
  ALWAYS_ALLOW = 'AlwaysAllow',
  /** Only while enough members are ready. */
  IF_HEALTHY_BUDGET = 'IfHealthyBudget',
}

/**
 * How many members may be down during voluntary disruptions, such as drains.
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
export interface EtcdDisruptionBudgetOptions {
  /**
   * Whether to create the PodDisruptionBudget.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Largest number of members that may be down. More than one can lose the quorum. Sets `maxUnavailable`.
   * @default 1
   */
  readonly maxUnavailable?: number;

  /**
   * Whether pods that are not ready may be evicted, whatever the budget says. Sets `unhealthyPodEvictionPolicy`.
   * @default EtcdUnhealthyPodEviction.ALWAYS_ALLOW
   * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy
   */
  readonly unhealthyPodEvictionPolicy?: EtcdUnhealthyPodEviction;
}

const DISRUPTION_BUDGET = {
  enabled: flag,
  unhealthyPodEvictionPolicy: oneOf(EtcdUnhealthyPodEviction),
  maxUnavailable: whole(0, 4),
} satisfies Fields<EtcdDisruptionBudgetOptions>;

/** How pods are replaced, and how many may be down meanwhile. */
export interface EtcdRolloutOptions {
  /**
   * How the pods are replaced after a change of the pod template. Sets `updateStrategy`.
   * @default EtcdUpdateStrategy.rollingUpdate()
   */
  readonly updateStrategy?: EtcdUpdateStrategy;

  /**
   * How long a pod must be ready before the next one is replaced: at most 1 day. Sets `minReadySeconds`.
   * @default Duration.seconds(0)
   */
  readonly minReady?: Duration;

  /**
   * How long a member may take to transfer leadership and stop: 30 s to 1 day. This usually takes seconds. When several
   * members are scaled down at once, each waits until a remaining member has read the new settings, after up to
   * 90 s. Sets `terminationGracePeriodSeconds`.
   * @default Duration.seconds(150)
   */
  readonly terminationGracePeriod?: Duration;

  /**
   * Number of old pod templates to keep for a rollback. Sets `revisionHistoryLimit`.
   * @default 10
   */
  readonly revisionHistoryLimit?: number;

  /**
   * How many members may be down during voluntary disruptions.
   * @default - one
   */
  readonly podDisruptionBudget?: EtcdDisruptionBudgetOptions;
}

export const ROLLOUT = {
  updateStrategy: made(EtcdUpdateStrategy, 'EtcdUpdateStrategy.rollingUpdate() or EtcdUpdateStrategy.onDelete()'),
  minReady: seconds(0, DAY),
  terminationGracePeriod: seconds(30, DAY),
  revisionHistoryLimit: whole(0, 1000),
  podDisruptionBudget: switchable(DISRUPTION_BUDGET, 'enabled'),
} satisfies Fields<EtcdRolloutOptions>;
