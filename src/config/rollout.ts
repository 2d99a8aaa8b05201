import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import type { ROLLOUT } from '../props/rollout';

/** How pods are replaced. Times are in seconds. */
export interface RolloutConfig {
  readonly updateStrategy: { readonly type: string; readonly partition: number | undefined };
  readonly minReady: number;
  readonly terminationGracePeriod: number;
  readonly revisionHistoryLimit: number;
  readonly podDisruptionBudget: {
    readonly enabled: boolean;
    readonly maxUnavailable: number;
    readonly unhealthyPodEvictionPolicy: string;
  };
}

export function resolveRollout(props: Checked<typeof ROLLOUT>): RolloutConfig {
  const { rollout, podDisruptionBudget } = DEFAULTS;
  return {
    updateStrategy: props.updateStrategy?._config ?? rollout.updateStrategy,
    minReady: props.minReady ?? rollout.minReady,
    terminationGracePeriod: props.terminationGracePeriod ?? rollout.terminationGracePeriod,
    revisionHistoryLimit: props.revisionHistoryLimit ?? rollout.revisionHistoryLimit,
    podDisruptionBudget: {
      enabled: props.podDisruptionBudget?.enabled ?? podDisruptionBudget.enabled,
      maxUnavailable: props.podDisruptionBudget?.maxUnavailable ?? podDisruptionBudget.maxUnavailable,
      unhealthyPodEvictionPolicy:
        props.podDisruptionBudget?.unhealthyPodEvictionPolicy ?? podDisruptionBudget.unhealthyPodEvictionPolicy,
    },
  };
}
