import { overdueTimes } from '../config/job-schedule';
import type { DashboardContext } from './context';
import { tiles, type Row } from './layout';
import type { Step } from './model';
import { stat, steps, YES_NO } from './panels';
import type { Queries } from './queries';

/** The CronJobs, from kube-state-metrics. A cluster without jobs has no series here. */
export function jobs(q: Queries, { cluster, alerts, jobs: all }: DashboardContext): Row {
  const { names } = cluster;
  const overdue = overdueTimes(all, alerts);
  const source = 'From kube-state-metrics. Jobs that the cluster does not have are not shown.';
  const empty = 'no data: the cluster has no jobs, or Prometheus does not scrape kube-state-metrics';
  return {
    title: 'Jobs',
    panels: tiles(4, 5, [
      stat({
        title: 'Time since the last success',
        description: `Age of the newest successful Job. If it is overdue by the thresholds of the alerts, snapshots are red and other jobs orange. ${source}`,
        unit: 's',
        query: {
          expr: `time() - ${q.cronJob('kube_cronjob_status_last_successful_time')}`,
          legend: '{{cronjob}}',
        },
        text: 'value_and_name',
        empty: 'no data: no job has succeeded yet, or Prometheus does not scrape kube-state-metrics',
        steps: steps('green'),
        stepsOf: {
          ...overdueSteps(names.snapshotter, 'red', overdue.snapshots),
          ...overdueSteps(names.drill, 'orange', overdue.drill),
          ...overdueSteps(names.defrag, 'orange', overdue.defrag),
        },
      }),
      stat({
        title: 'Failed Jobs',
        description: `Failed Jobs that are kept, with their logs, up to failedJobsHistoryLimit. ${source}`,
        unit: 'none',
        query: { expr: q.failedJobs(), legend: '{{owner_name}}' },
        text: 'value_and_name',
        empty: 'no data: there is no Job yet, or Prometheus does not scrape kube-state-metrics',
        steps: steps('green', ['orange', 1]),
      }),
      stat({
        title: 'Running Jobs',
        description: source,
        unit: 'none',
        query: { expr: q.cronJob('kube_cronjob_status_active'), legend: '{{cronjob}}' },
        text: 'value_and_name',
        empty,
        steps: steps('green'),
      }),
      stat({
        title: 'Suspended',
        description: `A suspended CronJob starts no Jobs. ${source}`,
        unit: 'none',
        query: { expr: q.cronJob('kube_cronjob_spec_suspend'), legend: '{{cronjob}}' },
        text: 'value_and_name',
        empty,
        mappings: YES_NO,
        steps: steps('green', ['orange', 1]),
      }),
    ]),
  };
}

function overdueSteps(series: string, color: string, after: number | undefined): { [series: string]: Step[] } {
  return after === undefined ? {} : { [series]: steps('green', [color, after]) };
}
