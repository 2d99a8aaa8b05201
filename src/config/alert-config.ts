import type { EtcdAlertOptions } from '../props/alerts';
import { quantityBytes } from '../grammar/quantity';
import type { ClusterConfig } from './cluster-config';
import { toMillis, toSeconds } from './convert';
import { DEFAULTS } from '../constants/defaults';
import type { DefragConfig, DrillConfig, SnapshotsConfig } from './job-config';
import type { StringMap } from '../constants/names';

/** gRPC codes that the server is to blame for, as a pattern. Deadlines are the client's, but it had to wait. */
export const SERVER_ERRORS = 'Unknown|DeadlineExceeded|ResourceExhausted|Internal|Unavailable|DataLoss';

/** Which alerts there are, and their thresholds, complete but for ages, which follow from the schedules. */
export interface AlertConfig {
  readonly enabled: boolean;
  readonly disabled: readonly string[];
  readonly labels: StringMap;
  readonly seriesLabels: StringMap;
  readonly runbookUrl: string;
  readonly leaderChanges: number;
  readonly maximumLag: number;
  readonly fsyncSeconds: number;
  readonly fsyncStallSeconds: number;
  readonly commitSeconds: number;
  readonly peerSeconds: number;
  readonly requestSeconds: number;
  readonly requestErrorPercent: number;
  readonly failedProposals: number;
  readonly cpuThrottledPercent: number;
  readonly quotaWarningPercent: number;
  readonly quotaCriticalPercent: number;
  readonly quotaForecastSeconds: number;
  readonly freeSpacePercent: number;
  readonly freeSpaceBytes: number;
  readonly snapshotMaximumAgeSeconds: number | undefined;
  readonly snapshotKeysPercent: number;
  readonly drillMaximumAgeSeconds: number | undefined;
}

/** The jobs that a cluster has when its app is synthesized. */
export interface ClusterJobs {
  snapshots?: SnapshotsConfig;
  drill?: DrillConfig;
  defrag?: DefragConfig;
}

export function resolveAlerts(options: EtcdAlertOptions = {}, cluster: ClusterConfig): AlertConfig {
  const { etcd } = cluster;
  const defaults = DEFAULTS.alerts;
  const { freeSpaceMinimum, snapshotMaximumAge, drillMaximumAge } = options;
  return {
    enabled: options.enabled ?? true,
    disabled: options.disabled ?? [],
    labels: options.labels ?? {},
    seriesLabels: options.seriesLabels ?? {},
    runbookUrl: options.runbookUrl ?? defaults.runbookUrl,
    leaderChanges: options.leaderChanges ?? defaults.leaderChanges,
    maximumLag: options.maximumLag ?? defaults.maximumLag,
    fsyncSeconds: toMillis(options.fsyncLatency, defaults.fsyncMillis) / 1000,
    fsyncStallSeconds: etcd.electionMillis / 2 / 1000,
    commitSeconds: toMillis(options.commitLatency, defaults.commitMillis) / 1000,
    peerSeconds: toMillis(options.peerLatency, etcd.heartbeatMillis) / 1000,
    requestSeconds: toMillis(options.requestLatency, defaults.requestMillis) / 1000,
    requestErrorPercent: options.requestErrorPercent ?? defaults.requestErrorPercent,
    failedProposals: options.failedProposals ?? defaults.failedProposals,
    cpuThrottledPercent: options.cpuThrottledPercent ?? defaults.cpuThrottledPercent,
    quotaWarningPercent: options.quotaWarningPercent ?? defaults.quotaWarningPercent,
    quotaCriticalPercent: options.quotaCriticalPercent ?? defaults.quotaCriticalPercent,
    quotaForecastSeconds: toSeconds(options.quotaForecast, defaults.quotaForecastSeconds),
    freeSpacePercent: options.freeSpacePercent ?? etcd.defragGain.percent,
    freeSpaceBytes: freeSpaceMinimum === undefined ? etcd.defragGain.bytes : quantityBytes(freeSpaceMinimum),
    snapshotMaximumAgeSeconds: snapshotMaximumAge?.toSeconds(),
    snapshotKeysPercent: options.snapshotKeysPercent ?? defaults.snapshotKeysPercent,
    drillMaximumAgeSeconds: drillMaximumAge?.toSeconds(),
  };
}
