import type { Duration } from 'cdk8s';
import { type Check, type Fields } from '../checks/struct';
import { bytes, flag, listOf, mapOf, milliseconds, named, seconds, text, whole } from '../checks/values';
import { MINUTE, YEAR } from '../constants/time';
import { hasCredential } from '../grammar/credentials';
import { alertLabelProblem, runbookUrlProblem, seriesLabelProblem } from '../grammar/alert-labels';
import { templateProblem } from '../grammar/prometheus-template';

/** The alerts. docs/alerts.md has a section for each. */
export enum EtcdAlert {
  /** A member is down, or Prometheus does not scrape it. */
  MEMBER_DOWN = 'EtcdMemberDown',
  /** Too few members are up for a quorum. */
  TOO_FEW_MEMBERS = 'EtcdTooFewMembers',
  /** A member has no leader. */
  NO_LEADER = 'EtcdNoLeader',
  /** Two members each report that they are the leader. */
  TWO_LEADERS = 'EtcdTwoLeaders',
  /** The leader changes often. */
  LEADER_CHANGES = 'EtcdLeaderChanges',
  /** A member is many log entries behind. */
  MEMBER_BEHIND = 'EtcdMemberBehind',
  /** Members run different versions for longer than an upgrade takes. */
  VERSION_SKEW = 'EtcdVersionSkew',
  /** Log fsyncs and database commits are slow on one member: its volume is slow. */
  VOLUME_SLOW = 'EtcdVolumeSlow',
  /** Only log fsyncs are slow: small synchronous writes have to wait. */
  FSYNC_SLOW = 'EtcdFsyncSlow',
  /** Only database commits are slow: too much is written at once. */
  COMMIT_SLOW = 'EtcdCommitSlow',
  /** Log fsyncs are so slow that the leader may lose leadership. */
  FSYNC_STALLS = 'EtcdFsyncStalls',
  /** The network between two members is slow. */
  PEER_SLOW = 'EtcdPeerSlow',
  /** A member is throttled at its CPU limit. */
  CPU_THROTTLED = 'EtcdCpuThrottled',
  /** Raft proposals fail. */
  PROPOSALS_FAILING = 'EtcdProposalsFailing',
  /** Requests fail with server errors. */
  REQUEST_ERRORS = 'EtcdRequestErrors',
  /** Requests are slow. Needs `ETCD_METRICS=extensive`. */
  REQUESTS_SLOW = 'EtcdRequestsSlow',
  /** Log entries take long to apply. */
  APPLIES_SLOW = 'EtcdAppliesSlow',
  /** The database is larger than `quotaWarningPercent` of the quota. */
  QUOTA_WARNING = 'EtcdQuotaWarning',
  /** The database is larger than `quotaCriticalPercent` of the quota. */
  QUOTA_CRITICAL = 'EtcdQuotaCritical',
  /** The database will reach the quota within `quotaForecast` if it keeps growing like this. */
  QUOTA_FORECAST = 'EtcdQuotaForecast',
  /** etcd refuses writes because the quota is used up. */
  NO_SPACE = 'EtcdNoSpace',
  /** The volume of a member is more than `volumeWarningPercent` full. */
  VOLUME_FILLING = 'EtcdVolumeFilling',
  /** The volume of a member is more than `volumeCriticalPercent` full. */
  VOLUME_FULL = 'EtcdVolumeFull',
  /** The data of a member differs from the other members' data. */
  CORRUPT = 'EtcdCorrupt',
  /** Much of the database is free space. */
  DEFRAG_DUE = 'EtcdDefragDue',
  /** The last successful snapshot is older than the schedule allows. */
  SNAPSHOT_OVERDUE = 'EtcdSnapshotOverdue',
  /** The newest snapshot job failed. */
  SNAPSHOT_FAILING = 'EtcdSnapshotFailing',
  /** The next snapshot would have far fewer keys than the last ones. */
  SNAPSHOT_SHRINKING = 'EtcdSnapshotShrinking',
  /** The last successful restore drill is older than the schedule allows. */
  DRILL_OVERDUE = 'EtcdDrillOverdue',
  /** The newest restore drill failed. */
  DRILL_FAILED = 'EtcdDrillFailed',
  /** The newest defragmentation failed. */
  DEFRAG_FAILING = 'EtcdDefragFailing',
  /** A CronJob is suspended in the cluster, but not in the props. */
  JOB_SUSPENDED = 'EtcdJobSuspended',
  /** A CronJob or kube-state-metrics is missing. */
  JOB_UNWATCHED = 'EtcdJobUnwatched',
  /** A certificate was not renewed in time. */
  CERTIFICATE_NOT_RENEWED = 'EtcdCertificateNotRenewed',
  /** A certificate expires soon, or has expired. */
  CERTIFICATE_EXPIRING = 'EtcdCertificateExpiring',
  /** TLS connections to a member fail. */
  TLS_FAILING = 'EtcdTlsFailing',
  /** Users or roles are not as declared. */
  USERS_NOT_APPLIED = 'EtcdUsersNotApplied',
}

/**
 * Alerts for Prometheus: the PrometheusRule `<name>`, with the labels of `addMonitoring`. Alerts about jobs need
 * kube-state-metrics. Its series must have the `namespace` of the object (`honorLabels: true`, as in kube-prometheus).
 * Alerts about volumes need the metrics of kubelets, and those about certificates of cert-manager its metrics.
 */
export interface EtcdAlertOptions {
  /**
   * Whether to create the PrometheusRule.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Alerts to leave out.
   * @default - none
   */
  readonly disabled?: EtcdAlert[];

  /**
   * Labels to add to every alert, for Alertmanager's routes. The library sets `severity`, `namespace` and
   * `etcd_cluster`.
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Labels that select the series of this Kubernetes cluster, such as `cluster: prod-1`, when one Prometheus or Thanos
   * ruler sees several clusters. The series of kube-state-metrics, kubelets and cAdvisor must have these labels too. The
   * dashboard also selects by them. The library sets `namespace` and `pod`.
   * @default - none
   */
  readonly seriesLabels?: { [key: string]: string };

  /**
   * URL of the page with a section for each alert: http or https, without `#`. The annotation `runbook_url` is this
   * URL, `#`, and the alert's name in lower case.
   * @default 'https://github.com/cdk8s-etcd/cdk8s-etcd/blob/main/docs/alerts.md'
   */
  readonly runbookUrl?: string;

  /**
   * Number of leader changes in 15 minutes above which EtcdLeaderChanges fires.
   * @default 3
   */
  readonly leaderChanges?: number;

  /**
   * Number of log entries that a member may be behind what the other members had committed one minute ago.
   * @default 5000
   */
  readonly entriesBehind?: number;

  /**
   * Highest 99th percentile of the duration of log fsyncs: from 1 ms to 1 minute, as the other latencies.
   * EtcdFsyncStalls always fires at half the election timeout.
   * @default Duration.millis(100)
   */
  readonly fsyncLatency?: Duration;

  /**
   * Highest 99th percentile of the duration of database commits.
   * @default Duration.millis(250)
   */
  readonly commitLatency?: Duration;

  /**
   * Highest 99th percentile of the round-trip time between two members.
   * @default - the cluster's `heartbeatInterval`
   */
  readonly peerLatency?: Duration;

  /**
   * Highest 99th percentile of the duration of requests, and of applying log entries.
   * @default Duration.millis(500)
   */
  readonly requestLatency?: Duration;

  /**
   * Highest percentage of a gRPC method's requests that may fail with server errors.
   * @default 5
   */
  readonly requestErrorPercent?: number;

  /**
   * Number of Raft proposals that may fail in 15 minutes.
   * @default 5
   */
  readonly failedProposals?: number;

  /**
   * Highest percentage of CPU periods in which a member may be throttled. Only used with a `cpuLimit`.
   * @default 25
   */
  readonly cpuThrottledPercent?: number;

  /**
   * Percentage of the quota above which EtcdQuotaWarning fires.
   * @default 80
   */
  readonly quotaWarningPercent?: number;

  /**
   * Percentage of the quota above which EtcdQuotaCritical fires. Must be higher than `quotaWarningPercent`.
   * @default 95
   */
  readonly quotaCriticalPercent?: number;

  /**
   * How far ahead EtcdQuotaForecast looks: it fires when the database, growing as in the last six hours, will reach the
   * quota within this time. From 1 hour to 30 days.
   * @default Duration.days(1)
   */
  readonly quotaForecast?: Duration;

  /**
   * Percentage of a member's volume above which EtcdVolumeFilling fires. Only used with a claim.
   * @default 80
   */
  readonly volumeWarningPercent?: number;

  /**
   * Percentage of a member's volume above which EtcdVolumeFull fires. Must be higher than `volumeWarningPercent`.
   * @default 90
   */
  readonly volumeCriticalPercent?: number;

  /**
   * Percentage of free space in a member's database above which EtcdDefragDue fires.
   * @default - `minimumGainPercent` of the cluster's `defragmentation`
   */
  readonly freeSpacePercent?: number;

  /**
   * Free space below which EtcdDefragDue never fires, as a Kubernetes quantity.
   * @default - `minimumGain` of the cluster's `defragmentation`
   */
  readonly freeSpaceMinimum?: string;

  /**
   * How old the last successful snapshot may be: from one minute to 10 years, and more than the longest gap in the
   * schedule.
   * @default - the longest gap in the schedule, plus `startingDeadline` and `activeDeadline`
   */
  readonly snapshotMaximumAge?: Duration;

  /**
   * EtcdSnapshotShrinking fires when the cluster has less than this percentage of the keys that the last snapshots had.
   * Only used for snapshots of at least 100 keys.
   * @default 50
   */
  readonly snapshotKeysPercent?: number;

  /**
   * How old the last successful restore drill may be: from one minute to 10 years, and more than the longest gap in the
   * schedule.
   * @default - the longest gap in the schedule, plus `startingDeadline` and `activeDeadline`
   */
  readonly drillMaximumAge?: Duration;
}

const LATENCY = milliseconds(1, 60_000);
const PERCENT = whole(1, 100);

/** A URL with a password is refused, and not printed. */
const RUNBOOK_URL: Check<string> = (value, path, problems) => {
  if (typeof value !== 'string' || !hasCredential(value))
    return text(runbookUrlProblem, templateProblem)(value, path, problems);
  problems.add(path, 'a credential must not be in YAML; leave the user and the password out of the URL');
  return undefined;
};

export const ALERTS = {
  enabled: flag,
  disabled: listOf(named(EtcdAlert, 'alert'), (name) => name),
  labels: mapOf(alertLabelProblem, text(templateProblem)),
  seriesLabels: mapOf(seriesLabelProblem, text()),
  runbookUrl: RUNBOOK_URL,
  leaderChanges: whole(1, 1000),
  entriesBehind: whole(1, 1_000_000),
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
  volumeWarningPercent: PERCENT,
  volumeCriticalPercent: PERCENT,
  freeSpacePercent: whole(1, 99),
  freeSpaceMinimum: bytes(),
  snapshotMaximumAge: seconds(MINUTE, 10 * YEAR),
  snapshotKeysPercent: whole(1, 99),
  drillMaximumAge: seconds(MINUTE, 10 * YEAR),
} satisfies Fields<EtcdAlertOptions>;
