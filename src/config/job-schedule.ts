import type { AlertConfig, ClusterJobs } from './alerts';
import type { JobConfig } from './cron-job';
import { HOUR } from '../constants/time';

const WITHOUT_SUMMER = ['Etc/UTC', 'UTC', 'Etc/GMT', 'GMT'];

/**
 * The longest time in seconds between two runs that are on time. A day can have one more hour in time zones with
 * daylight saving time.
 */
export function longestGap(job: JobConfig): number {
  const gap = job.gaps.longest;
  return gap + (WITHOUT_SUMMER.includes(job.timeZone) ? 0 : Math.min(gap, HOUR));
}

/** How old the last success may be, in seconds, when each run is as late and as long as allowed. */
export function overdueAfter(job: JobConfig): number {
  return longestGap(job) + job.startingDeadlineSeconds + job.activeDeadlineSeconds;
}

/**
 * How old the last success of each job may be, in seconds. Used by the alerts, and by the dashboard for its thresholds.
 */
export interface OverdueTimes {
  readonly snapshots?: number;
  readonly drill?: number;
  readonly defrag?: number;
}

/** A job that does not exist or that the props suspend is never overdue. */
export function overdueTimes({ snapshots, drill, defrag }: ClusterJobs, alerts: AlertConfig): OverdueTimes {
  const after = (job: JobConfig | undefined, given?: number): number | undefined =>
    job === undefined || job.suspend ? undefined : (given ?? overdueAfter(job));
  return {
    snapshots: after(snapshots, alerts.snapshotMaximumAgeSeconds),
    drill: after(drill, alerts.drillMaximumAgeSeconds),
    defrag: after(defrag),
  };
}
