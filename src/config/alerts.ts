import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import type { StringMap } from '../constants/names';
import type { ALERTS } from '../props/alerts';
import type { ClusterConfig } from './cluster';
import type { DefragConfig } from './defrag';
import type { DrillConfig, SnapshotsConfig } from './snapshots';

/** gRPC codes of server errors, as a pattern. DeadlineExceeded counts because a slow server causes it. */
export const SERVER_ERRORS = 'Unknown|DeadlineExceeded|ResourceExhausted|Internal|Unavailable|DataLoss';

/** Alerts and thresholds. Maximum ages may be undefined: they follow from the schedules. */
export interface AlertConfig {
  readonly enabled: boolean;
  readonly disabled: readonly string[];
  readonly labels: StringMap;
  readonly seriesLabels: StringMap;
  readonly runbookUrl: string;
  readonly leaderChanges: number;
  readonly entriesBehind: number;
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
  readonly volumeWarningPercent: number;
  readonly volumeCriticalPercent: number;
  readonly freeSpacePercent: number;
  readonly freeSpaceBytes: number;
  readonly snapshotMaximumAgeSeconds: number | undefined;
  readonly snapshotKeysPercent: number;
  readonly drillMaximumAgeSeconds: number | undefined;
}

/** The jobs of a cluster at synthesis. */
export interface ClusterJobs {
  snapshots?: SnapshotsConfig;
  drill?: DrillConfig;
  defrag?: DefragConfig;
}

export function resolveAlerts(options: Checked<typeof ALERTS> = {}, cluster: ClusterConfig): AlertConfig {
  const { etcd } = cluster;
  const defaults = DEFAULTS.alerts;
  return {
    enabled: options.enabled ?? defaults.enabled,
    disabled: options.disabled ?? [],
    labels: options.labels ?? {},
    seriesLabels: options.seriesLabels ?? {},
    runbookUrl: options.runbookUrl ?? defaults.runbookUrl,
    leaderChanges: options.leaderChanges ?? defaults.leaderChanges,
    entriesBehind: options.entriesBehind ?? defaults.entriesBehind,
    fsyncSeconds: (options.fsyncLatency ?? defaults.fsyncLatency) / 1000,
    fsyncStallSeconds: etcd.electionTimeout / 2 / 1000,
    commitSeconds: (options.commitLatency ?? defaults.commitLatency) / 1000,
    peerSeconds: (options.peerLatency ?? etcd.heartbeatInterval) / 1000,
    requestSeconds: (options.requestLatency ?? defaults.requestLatency) / 1000,
    requestErrorPercent: options.requestErrorPercent ?? defaults.requestErrorPercent,
    failedProposals: options.failedProposals ?? defaults.failedProposals,
    cpuThrottledPercent: options.cpuThrottledPercent ?? defaults.cpuThrottledPercent,
    quotaWarningPercent: options.quotaWarningPercent ?? defaults.quotaWarningPercent,
    quotaCriticalPercent: options.quotaCriticalPercent ?? defaults.quotaCriticalPercent,
    quotaForecastSeconds: options.quotaForecast ?? defaults.quotaForecast,
    volumeWarningPercent: options.volumeWarningPercent ?? defaults.volumeWarningPercent,
    volumeCriticalPercent: options.volumeCriticalPercent ?? defaults.volumeCriticalPercent,
    freeSpacePercent: options.freeSpacePercent ?? etcd.defragmentation.minimumGainPercent,
    freeSpaceBytes: options.freeSpaceMinimum ?? etcd.defragmentation.minimumGain,
    snapshotMaximumAgeSeconds: options.snapshotMaximumAge,
    snapshotKeysPercent: options.snapshotKeysPercent ?? defaults.snapshotKeysPercent,
    drillMaximumAgeSeconds: options.drillMaximumAge,
  };
}
