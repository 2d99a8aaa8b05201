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

/** What became of the CronJobs, by kube-state-metrics. One that the props suspend runs on no schedule: it has no alerts that follow from it. */
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
              'The last run of the CronJob failed; members that were not reached keep their free space. The job stops rather than take a risk: the last line of its ' +
              'log says why.',
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
      'The last run of the CronJob failed in all its attempts, and there is no new snapshot. Its log has a line with `error:`. The snapshots before are kept.',
  });
  if (age === undefined) return [failing];
  return [
    overdue(ctx, job, age, {
      name: EtcdAlert.SNAPSHOT_OVERDUE,
      severity: 'critical',
      summary: 'there is no new snapshot',
      description:
        `The last successful snapshot was {{ $value | humanizeDuration }} ago, more than ${duration(age)}: whatever was written since is lost with the cluster. ` +
        'Look at the CronJob, its last Jobs and their pods.',
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
      'The newest snapshot could not be restored, or is too old or too small: a restore would fail just so. The log of the drill says at which step.',
  });
  if (age === undefined) return [failing];
  return [
    overdue(ctx, job, age, {
      name: EtcdAlert.DRILL_OVERDUE,
      severity: 'warning',
      summary: 'no restore drill succeeded in time',
      description:
        `The last successful drill was {{ $value | humanizeDuration }} ago, more than ${duration(age)}: nobody knows whether the snapshots since can be restored. ` +
        'Look at the CronJob, its last Jobs and their pods.',
    }),
    failing,
  ];
}

type Words = Pick<Alert, 'name' | 'summary' | 'description'>;

/** One that never succeeded counts from when it was made. */
function overdue(ctx: AlertContext, job: Job, seconds: number, rest: Words & Pick<Alert, 'severity'>): Alert {
  const cronjob = { cronjob: job.cronJob };
  const success = series(ctx, 'kube_cronjob_status_last_successful_time', cronjob);
  return {
    ...rest,
    expr: `time() - max(${success} or ${series(ctx, 'kube_cronjob_created', cronjob)}) > ${seconds}`,
    forSeconds: 5 * MINUTE,
  };
}

/** Failed Jobs stay for their logs, so only one that is newer than the last success counts. */
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

/** Two rounds back there surely was a snapshot. More than a week would be dear to ask for. */
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
    summary: 'the next snapshot will hold far fewer keys',
    description:
      `Only {{ $value | printf "%.0f" }} % of the keys of the last ${duration(window)} are left. If nobody meant to delete them, stop who does, and keep the last ` +
      'snapshots: suspend the CronJob before it rotates them away.',
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
      'Somebody has suspended CronJob {{ $labels.cronjob }} in the cluster; the props do not say so. Resume it, or set suspend in the props, which ends this alert.',
  };
}

function unwatched(ctx: AlertContext, jobs: Job[]): Alert {
  const absent = jobs.map((job) => `absent(${series(ctx, 'kube_cronjob_created', { cronjob: job.cronJob })})`);
  return {
    name: EtcdAlert.JOB_UNWATCHED,
    severity: 'warning',
    expr: absent.join('\nor '),
    forSeconds: 15 * MINUTE,
    summary: 'CronJob {{ $labels.cronjob }} is not to be seen',
    description:
      'Prometheus has no metrics of CronJob {{ $labels.cronjob }}: it was deleted, or kube-state-metrics does not work. The other alerts about it are blind.',
  };
}
