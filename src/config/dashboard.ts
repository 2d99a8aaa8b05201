import type { DASHBOARD } from '../props/dashboard';
import type { Checked } from '../checks/struct';
import type { ClusterConfig } from './cluster';
import { DEFAULTS } from '../constants/defaults';
import type { StringMap } from '../constants/names';

/** The dashboard's options. All defaults are applied. */
export interface DashboardConfig {
  readonly enabled: boolean;
  readonly namespace: string;
  readonly title: string;
  readonly labels: StringMap;
  readonly annotations: StringMap;
}

/** @param namespace namespace of the PodMonitor */
export function resolveDashboard(
  options: Checked<typeof DASHBOARD>,
  namespace: string,
  cluster: ClusterConfig,
): DashboardConfig {
  return {
    enabled: options.enabled ?? DEFAULTS.dashboard.enabled,
    namespace: options.namespace ?? namespace,
    title: options.title ?? `etcd ${cluster.namespace}/${cluster.name}`,
    labels: options.labels ?? DEFAULTS.dashboard.labels,
    annotations: options.annotations ?? {},
  };
}
