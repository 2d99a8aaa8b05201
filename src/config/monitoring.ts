import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import type { StringMap } from '../constants/names';
import type { MONITORING } from '../props/monitoring';
import type { ClusterConfig } from './cluster';

type Options = Checked<typeof MONITORING>;

export interface MonitoringConfig {
  readonly namespace: string;
  readonly intervalSeconds: number;
  readonly scrapeTimeoutSeconds: number;
  readonly jobLabel: string;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly relabelings: Options['relabelings'];
  readonly metricRelabelings: Options['metricRelabelings'];
  readonly tls: Options['tls'];
}

export function resolveMonitoring(options: Options, cluster: ClusterConfig): MonitoringConfig {
  const intervalSeconds = options.interval ?? DEFAULTS.monitoring.interval;
  return {
    namespace: options.namespace ?? cluster.namespace,
    intervalSeconds,
    scrapeTimeoutSeconds: options.scrapeTimeout ?? Math.min(intervalSeconds, DEFAULTS.monitoring.scrapeTimeout),
    jobLabel: options.jobLabel ?? DEFAULTS.monitoring.jobLabel,
    labels: options.labels ?? {},
    annotations: options.annotations ?? {},
    relabelings: options.relabelings,
    metricRelabelings: options.metricRelabelings,
    tls: options.tls,
  };
}
