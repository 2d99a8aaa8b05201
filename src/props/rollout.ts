import type { Duration } from 'cdk8s';
import type { Problems } from '../checks/problems';
import { type Fields, struct } from '../checks/struct';
import { flag, made, seconds, whole } from '../checks/values';

/** How a changed pod template reaches the pods. @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies */
export class EtcdUpdateStrategy {
  /**
   * One pod after the other, the highest ordinal first.
   * @param partition pods with a lower ordinal stay as they are; 0 means all change
   */
  public static rollingUpdate(partition = 0): EtcdUpdateStrategy {
    return new EtcdUpdateStrategy('RollingUpdate', partition);
  }

  /** A pod changes when somebody deletes it. */
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

const DISRUPTION_BUDGET = { enabled: flag, maxUnavailable: whole(0, 4) } satisfies Fields<EtcdDisruptionBudgetOptions>;

/** How members are replaced, and how many may be away. */
export interface EtcdRolloutOptions {
  /**
   * How a changed pod template reaches the pods. Sets `updateStrategy`.
   * @default EtcdUpdateStrategy.rollingUpdate()
   */
  readonly updateStrategy?: EtcdUpdateStrategy;

  /**
   * How long a pod must be ready before the next one is changed. Sets `minReadySeconds`.
   * @default Duration.seconds(0)
   */
  readonly minReady?: Duration;

  /**
   * How long a member may take to hand over and stop: seconds, but while several are scaled down at once, members hold on
   * until they are removed from the cluster, which takes kubelet's next look at the settings, at most 90 s.
   * At least 30 s. Sets `terminationGracePeriodSeconds`.
   * @default Duration.seconds(150)
   */
  readonly terminationGracePeriod?: Duration;

  /**
   * Old templates that are kept for going back. Sets `revisionHistoryLimit`.
   * @default 10
   */
  readonly revisionHistoryLimit?: number;

  /**
   * How many members may be away on purpose.
   * @default - one
   */
  readonly podDisruptionBudget?: EtcdDisruptionBudgetOptions;
}

export const ROLLOUT = {
  updateStrategy: made(EtcdUpdateStrategy, 'EtcdUpdateStrategy.rollingUpdate() or EtcdUpdateStrategy.onDelete()'),
  minReady: seconds(0),
  terminationGracePeriod: seconds(30),
  revisionHistoryLimit: whole(0, 1000),
  podDisruptionBudget: struct(DISRUPTION_BUDGET),
} satisfies Fields<EtcdRolloutOptions>;
