import type { Duration } from 'cdk8s';
import { type Fields } from '../checks/struct';
import { bytes, flag, listOf, mapOf, milliseconds, named, seconds, text, whole } from '../checks/values';
import { alertLabelProblem, runbookUrlProblem, seriesLabelProblem } from '../grammar/alert-labels';

/** Every alert there is. Each has a section of its name in docs/alerts.md. */
export enum EtcdAlert {
  /** A member is not scraped, or not there. */
  MEMBER_DOWN = 'EtcdMemberDown',
  /** Too few members are up for a quorum. */
  TOO_FEW_MEMBERS = 'EtcdTooFewMembers',
  /** A member knows no leader. */
  NO_LEADER = 'EtcdNoLeader',
  /** Two members hold themselves for the leader. */
  TWO_LEADERS = 'EtcdTwoLeaders',
  /** The leader changes again and again. */
  LEADER_CHANGES = 'EtcdLeaderChanges',
  /** A member is many log entries behind. */
  MEMBER_BEHIND = 'EtcdMemberBehind',
  /** Members run different versions for longer than an upgrade takes. */
  VERSION_SKEW = 'EtcdVersionSkew',
  /** Log and database are slow on one member: its volume is. */
  VOLUME_SLOW = 'EtcdVolumeSlow',
  /** Only the log is slow: small synchronous writes have to wait. */
  FSYNC_SLOW = 'EtcdFsyncSlow',
  /** Only the database is slow: too much is written at once. */
  COMMIT_SLOW = 'EtcdCommitSlow',
  /** The log is so slow that the leader may lose its office. */
  FSYNC_STALLS = 'EtcdFsyncStalls',
  /** The network between two members is slow. */
  PEER_SLOW = 'EtcdPeerSlow',
  /** A member waits for its CPU limit. */
  CPU_THROTTLED = 'EtcdCpuThrottled',
  /** Proposals fail. */
  PROPOSALS_FAILING = 'EtcdProposalsFailing',
  /** Requests end in errors of the server. */
  REQUEST_ERRORS = 'EtcdRequestErrors',
  /** Requests take long; needs `ETCD_METRICS=extensive`. */
  REQUESTS_SLOW = 'EtcdRequestsSlow',
  /** Entries take long to apply. */
  APPLIES_SLOW = 'EtcdAppliesSlow',
  /** The database is above the first threshold of the quota. */
  QUOTA_WARNING = 'EtcdQuotaWarning',
  /** The database is above the second threshold of the quota. */
  QUOTA_CRITICAL = 'EtcdQuotaCritical',
  /** The database will reach the quota, as it grows now. */
  QUOTA_FORECAST = 'EtcdQuotaForecast',
  /** Writes are refused, since the quota is used up. */
  NO_SPACE = 'EtcdNoSpace',
  /** A member has data that differ. */
  CORRUPT = 'EtcdCorrupt',
  /** Much of the database is free space. */
  DEFRAG_DUE = 'EtcdDefragDue',
  /** There is no new snapshot when there should be one. */
  SNAPSHOT_OVERDUE = 'EtcdSnapshotOverdue',
  /** The newest snapshot job failed. */
  SNAPSHOT_FAILING = 'EtcdSnapshotFailing',
  /** The next snapshot would hold far fewer keys. */
  SNAPSHOT_SHRINKING = 'EtcdSnapshotShrinking',
  /** No restore drill succeeded when one should have. */
  DRILL_OVERDUE = 'EtcdDrillOverdue',
  /** The newest restore drill failed. */
  DRILL_FAILED = 'EtcdDrillFailed',
  /** The newest defragmentation failed. */
  DEFRAG_FAILING = 'EtcdDefragFailing',
  /** A CronJob is suspended in the cluster, and not in the props. */
  JOB_SUSPENDED = 'EtcdJobSuspended',
  /** A CronJob is gone, or kube-state-metrics is. */
  JOB_UNWATCHED = 'EtcdJobUnwatched',
}

/**
 * Alerts for Prometheus: PrometheusRule `<name>`, with the labels of `addMonitoring`. Those about jobs need kube-state-metrics, whose
 * series must have the `namespace` of the object (`honorLabels`, as kube-prometheus has it).
 */
export interface EtcdAlertOptions {
  /**
   * Make the PrometheusRule.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Alerts to leave out.
   * @default - none
   */
  readonly disabled?: EtcdAlert[];

  /**
   * Labels of every alert, for routes. `severity`, `namespace` and `etcd_cluster` are set by the library.
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Labels that all series have besides, such as `cluster: prod-1`: where one ruler sees several Kubernetes clusters. Those of
   * kube-state-metrics and cAdvisor must have them, too. The dashboard asks for them as well. `namespace` and `pod` are set by the library.
   * @default - none
   */
  readonly seriesLabels?: { [key: string]: string };

  /**
   * The page that has a section for each alert; `runbook_url` is this, `#`, and the alert's name in lower case. An http or https URL
   * without `#`.
   * @default 'https://github.com/cdk8s-etcd/cdk8s-etcd/blob/main/docs/alerts.md'
   */
  readonly runbookUrl?: string;

  /**
   * How many times in 15 minutes the leader may change.
   * @default 3
   */
  readonly leaderChanges?: number;

  /**
   * How many log entries a member may be behind what the others had committed a minute before.
   * @default 5000
   */
  readonly maximumLag?: number;

  /**
   * How long 99 % of the log's fsyncs may take. Half the election timeout is critical, whatever is set here.
   * @default Duration.millis(100)
   */
  readonly fsyncLatency?: Duration;

  /**
   * How long 99 % of the database's commits may take.
   * @default Duration.millis(250)
   */
  readonly commitLatency?: Duration;

  /**
   * How long 99 % of the round trips between two members may take.
   * @default - the cluster's `heartbeatInterval`
   */
  readonly peerLatency?: Duration;

  /**
   * How long 99 % of the requests, and of the entries that are applied, may take.
   * @default Duration.millis(500)
   */
  readonly requestLatency?: Duration;

  /**
   * Percentage of a method's requests that may end in errors of the server.
   * @default 5
   */
  readonly requestErrorPercent?: number;

  /**
   * How many proposals may fail in 15 minutes.
   * @default 5
   */
  readonly failedProposals?: number;

  /**
   * Percentage of periods in which a member may wait for its CPU limit. Only with a `cpuLimit`.
   * @default 25
   */
  readonly cpuThrottledPercent?: number;

  /**
   * Percentage of the quota that the database may use before a warning.
   * @default 80
   */
  readonly quotaWarningPercent?: number;

  /**
   * Percentage of the quota at which it is critical; above that of the warning.
   * @default 95
   */
  readonly quotaCriticalPercent?: number;

  /**
   * How long before the quota is reached, by the growth of the last six hours, there is a warning. From 1 hour to 30 days.
   * @default Duration.days(1)
   */
  readonly quotaForecast?: Duration;

  /**
   * Percentage of a member's database that may be free space.
   * @default - `minimumGainPercent` of the cluster's `defragmentation`
   */
  readonly freeSpacePercent?: number;

  /**
   * Free space below which the percentage does not count, a Kubernetes quantity.
   * @default - `minimumGain` of the cluster's `defragmentation`
   */
  readonly freeSpaceMinimum?: string;

  /**
   * How old the last successful snapshot may be.
   * @default - the longest gap of the schedule, `startingDeadline` and `activeDeadline`
   */
  readonly snapshotMaximumAge?: Duration;

  /**
   * Percentage of the keys at the last snapshots that must be left; the next snapshot would hold fewer. From 100 keys on.
   * @default 50
   */
  readonly snapshotKeysPercent?: number;

  /**
   * How long ago the last successful restore drill may be.
   * @default - the longest gap of the schedule, `startingDeadline` and `activeDeadline`
   */
  readonly drillMaximumAge?: Duration;
}

const LATENCY = milliseconds(1, 60_000);
const PERCENT = whole(1, 100);

export const ALERTS = {
  enabled: flag,
  disabled: listOf(named(EtcdAlert, 'alert'), (name) => name),
  labels: mapOf(alertLabelProblem, text()),
  seriesLabels: mapOf(seriesLabelProblem, text()),
  runbookUrl: text(runbookUrlProblem),
  leaderChanges: whole(1, 1000),
  maximumLag: whole(1, 1_000_000),
  fsyncLatency: LATENCY,
  commitLatency: LATENCY,
  peerLatency: LATENCY,
  requestLatency: LATENCY,
  requestErrorPercent: PERCENT,
  failedProposals: whole(0, 1_000_000),
  cpuThrottledPercent: PERCENT,
  quotaWarningPercent: PERCENT,
  quotaCriticalPercent: PERCENT,
  quotaForecast: seconds(3600, 2_592_000),
  freeSpacePercent: whole(1, 99),
  freeSpaceMinimum: bytes,
  snapshotMaximumAge: seconds(60),
  snapshotKeysPercent: whole(1, 99),
  drillMaximumAge: seconds(60),
} satisfies Fields<EtcdAlertOptions>;
