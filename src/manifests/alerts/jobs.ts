import { FIXED } from '../../constants/defaults';
import type { JobConfig } from '../../config/cron-job';
import { longestGap, overdueAfter, overdueTimes } from '../../config/job-schedule';
import { DAY, HOUR, MINUTE } from '../../constants/time';
import { EtcdAlert } from '../../props/alerts';
import { duration, ofMembers, series, type Alert, type AlertContext } from './alert';

interface Job {
  readonly cronJob: string;
  readonly config: JobConfig;
}

/**
 * Alerts about the CronJobs, from kube-state-metrics. A CronJob that the props suspend has no alerts that depend on its
 * schedule.
 */
export function jobAlerts(ctx: AlertContext): Alert[] {
  const { jobs } = ctx;
  const ages = overdueTimes(jobs, ctx.alerts);
  const { names } = ctx.cluster;
  const snapshots = jobs.snapshots && { cronJob: names.snapshotter, config: jobs.snapshots };
  const drill = jobs.drill && { cronJob: names.drill, config: jobs.drill };
  const defrag = jobs.defrag && { cronJob: names.defrag, config: jobs.defrag };
  const all = [snapshots, drill, defrag].filter((job) => job !== undefined);
  const running = all.filter((job) => !job.config.suspend);
  return [
    ...(snapshots ? snapshotAlerts(ctx, snapshots, ages.snapshots) : []),
    ...(drill ? drillAlerts(ctx, drill, ages.drill) : []),
    ...(defrag
      ? [
          failed(ctx, defrag, {
            name: EtcdAlert.DEFRAG_FAILING,
            summary: 'the last defragmentation failed',
            description:
              'The last run of the CronJob failed. The remaining members keep their free space. The job stops when continuing would be a risk. The last line of its ' +
              'log has the reason.',
          }),
        ]
      : []),
    ...(running.length > 0 ? [suspended(ctx, running)] : []),
    ...(all.length > 0 ? [unwatched(ctx, all)] : []),
  ];
}

function snapshotAlerts(ctx: AlertContext, job: Job, age: number | undefined): Alert[] {
  const failing = failed(ctx, job, {
    name: EtcdAlert.SNAPSHOT_FAILING,
    summary: 'the last snapshot failed',
    description:
      'All attempts of the last run failed, so there is no new snapshot. The log has a line with `error:`. Earlier snapshots are kept.',
  });
  if (age === undefined) return [failing];
  return [
    overdue(ctx, job, age, {
      name: EtcdAlert.SNAPSHOT_OVERDUE,
      severity: 'critical',
      summary: 'snapshots are overdue',
      description:
        `The last successful snapshot was {{ $value | humanizeDuration }} ago, more than ${duration(age)}. If the cluster is lost, all later writes are lost. ` +
        'Check the CronJob, its last Jobs and their pods.',
    }),
    failing,
    shrinking(ctx, job),
  ];
}

function drillAlerts(ctx: AlertContext, job: Job, age: number | undefined): Alert[] {
  const failing = failed(ctx, job, {
    name: EtcdAlert.DRILL_FAILED,
    summary: 'the last restore drill failed',
    description:
      'The newest snapshot could not be restored, or is too old or has too few keys. A real restore would fail in the same way. The log of the drill shows the step.',
  });
  if (age === undefined) return [failing];
  return [
    overdue(ctx, job, age, {
      name: EtcdAlert.DRILL_OVERDUE,
      severity: 'warning',
      summary: 'restore drills are overdue',
      description:
        `The last successful drill was {{ $value | humanizeDuration }} ago, more than ${duration(age)}. It is not known whether later snapshots can be restored. ` +
        'Check the CronJob, its last Jobs and their pods.',
    }),
    failing,
  ];
}

type Words = Pick<Alert, 'name' | 'summary' | 'description'>;

/** A CronJob that never succeeded counts from its creation. */
function overdue(ctx: AlertContext, job: Job, seconds: number, rest: Words & Pick<Alert, 'severity'>): Alert {
  const cronjob = { cronjob: job.cronJob };
  const success = series(ctx, 'kube_cronjob_status_last_successful_time', cronjob);
  return {
    ...rest,
    expr: `time() - max(${success} or ${series(ctx, 'kube_cronjob_created', cronjob)}) > ${seconds}`,
    forSeconds: 5 * MINUTE,
  };
}

/** Failed Jobs are kept for their logs, so only those that are newer than the last success count. */
function failed(ctx: AlertContext, job: Job, words: Words): Alert {
  const of = (metric: string, more: { [label: string]: string } = {}): string =>
    `max by (job_name) (${series(ctx, metric, more)})`;
  const success = series(ctx, 'kube_cronjob_status_last_successful_time', { cronjob: job.cronJob });
  return {
    ...words,
    severity: 'warning',
    expr:
      `max(\n  ${of('kube_job_status_start_time')}\n` +
      `  and on (job_name) ${of('kube_job_failed', { condition: 'true' })} == 1\n` +
      `  and on (job_name) ${of('kube_job_owner', { owner_kind: 'CronJob', owner_name: job.cronJob })}\n)\n` +
      `> (max(${success}) or vector(0))`,
  };
}

/** Within two schedule intervals, there was a snapshot. At most a week, because longer ranges are expensive queries. */
function shrinking(ctx: AlertContext, job: Job): Alert {
  const window = Math.min(Math.max(longestGap(job.config) + overdueAfter(job.config), HOUR), 7 * DAY);
  const keys = ofMembers(ctx, 'etcd_debugging_mvcc_keys_total');
  const before = `max(max_over_time(${keys}[${duration(window)}]))`;
  return {
    name: EtcdAlert.SNAPSHOT_SHRINKING,
    severity: 'critical',
    expr:
      `100 * max(${keys}) / ${before} < ${ctx.alerts.snapshotKeysPercent}\n` +
      `and ${before} >= ${FIXED.snapshotKeysMinimum}`,
    forSeconds: 5 * MINUTE,
    summary: 'the next snapshot will have far fewer keys',
    description:
      `Only {{ $value | printf "%.0f" }}% of the keys of the last ${duration(window)} are left. If this is not intended, stop the client that deletes them, and keep the last ` +
      'snapshots: suspend the CronJob before it deletes them.',
  };
}

function suspended(ctx: AlertContext, jobs: Job[]): Alert {
  const metric = series(ctx, 'kube_cronjob_spec_suspend', {}, { cronjob: jobs.map((job) => job.cronJob).join('|') });
  return {
    name: EtcdAlert.JOB_SUSPENDED,
    severity: 'warning',
    expr: `max by (cronjob) (${metric}) == 1`,
    forSeconds: HOUR,
    summary: 'CronJob {{ $labels.cronjob }} is suspended',
    description:
      'CronJob {{ $labels.cronjob }} is suspended in the cluster, but not in the props. Resume it, or set suspend in the props, which ends this alert.',
  };
}

function unwatched(ctx: AlertContext, jobs: Job[]): Alert {
  const absent = jobs.map((job) => `absent(${series(ctx, 'kube_cronjob_created', { cronjob: job.cronJob })})`);
  return {
    name: EtcdAlert.JOB_UNWATCHED,
    severity: 'warning',
    expr: absent.join('\nor '),
    forSeconds: 15 * MINUTE,
    summary: 'CronJob {{ $labels.cronjob }} has no metrics',
    description:
      'Prometheus has no metrics of CronJob {{ $labels.cronjob }}: it was deleted, or kube-state-metrics does not work. The other alerts about it cannot fire.',
  };
}
