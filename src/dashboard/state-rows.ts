import type { AlertConfig } from '../config/alerts';
import type { ClusterConfig } from '../config/cluster';
import { quorum } from '../config/etcd-options';
import type { OverdueTimes } from '../config/job-schedule';
import { tiles, type Row } from './layout';
import type { Step } from './model';
import { stat, steps, table, words, type Column } from './panels';
import type { Queries } from './queries';

const YES_NO = words({ 0: { text: 'no' }, 1: { text: 'yes' } });

/** The current state of the cluster. */
export function overview(q: Queries, cluster: ClusterConfig, alerts: AlertConfig): Row {
  const { replicas } = cluster;
  const majority = quorum(cluster);
  const members = steps('red', ...(majority < replicas ? [['orange', majority] as const] : []), ['green', replicas]);
  return {
    title: 'Overview',
    panels: [
      ...tiles(6, 4, [
        stat({
          title: 'Members up',
          description: `Members that Prometheus scrapes: ${replicas} are expected, ${majority} are a quorum.`,
          unit: 'none',
          query: { expr: `count(${q.each(q.of('etcd_server_has_leader'))}) or vector(0)`, legend: '' },
          steps: members,
        }),
        stat({
          title: 'Members with a leader',
          description: 'A member without a leader serves no writes and no linearizable reads.',
          unit: 'none',
          query: { expr: `sum(${q.each(q.of('etcd_server_has_leader'))}) or vector(0)`, legend: '' },
          steps: members,
        }),
        stat({
          title: 'Leader',
          unit: 'none',
          query: { expr: `${q.each(q.of('etcd_server_is_leader'))} == 1`, legend: '{{pod}}' },
          text: 'name',
          steps: steps('green'),
        }),
        stat({
          title: 'Leader changes',
          description:
            'In the time range, as counted by the member that saw most of them. A rolling restart causes one or two. More, without a restart, are a sign of a slow disk or network.',
          unit: 'none',
          decimals: 0,
          query: {
            expr: `max(increase(${q.of('etcd_server_leader_changes_seen_total')}[$__range]))`,
            legend: '',
          },
          steps: steps('green', ['orange', 4], ['red', 10]),
        }),
        stat({
          title: 'Quota used',
          description: 'Of the member with the largest database. At 100%, etcd refuses writes.',
          unit: 'percent',
          decimals: 1,
          query: { expr: `max(${quotaPercent(q)})`, legend: '' },
          steps: steps('green', ['orange', alerts.quotaWarningPercent], ['red', alerts.quotaCriticalPercent]),
        }),
        stat({
          title: 'Versions',
          description: 'Versions of etcd, with the number of members that run each.',
          unit: 'none',
          query: {
            expr: `count by (server_version) (${q.of('etcd_server_version')})`,
            legend: '{{server_version}}',
          },
          text: 'value_and_name',
          steps: steps('green'),
        }),
      ]),
      ...tiles(1, 6, [table({ title: 'Members', unit: 'none', by: 'pod', byTitle: 'Member', columns: columns(q) })]),
    ],
  };
}

function columns(q: Queries): Column[] {
  return [
    {
      title: 'Version',
      label: 'server_version',
      expr: `max by (pod, server_version) (${q.of('etcd_server_version')})`,
    },
    { title: 'Leader', mappings: YES_NO, expr: q.each(q.of('etcd_server_is_leader')) },
    { title: 'Learner', mappings: YES_NO, expr: q.each(q.of('etcd_server_is_learner')) },
    { title: 'Has a leader', mappings: YES_NO, expr: q.each(q.of('etcd_server_has_leader')) },
    { title: 'Database', unit: 'bytes', expr: q.each(q.of('etcd_mvcc_db_total_size_in_bytes')) },
    { title: 'Quota used', unit: 'percent', expr: q.each(quotaPercent(q)) },
    { title: 'Memory', unit: 'bytes', expr: q.each(q.of('process_resident_memory_bytes')) },
    { title: 'Uptime', unit: 's', expr: `time() - ${q.each(q.of('process_start_time_seconds'))}` },
  ];
}

/** The size of the database file, in percent of the quota, as etcd compares it. */
export function quotaPercent(q: Queries): string {
  return `100 * ${q.of('etcd_mvcc_db_total_size_in_bytes')} / ${q.of('etcd_server_quota_backend_bytes')}`;
}

/** The CronJobs, from kube-state-metrics. A cluster without jobs has no series here. */
export function jobs(q: Queries, { names }: ClusterConfig, overdue: OverdueTimes): Row {
  const source = 'From kube-state-metrics. Jobs that the cluster does not have are not shown.';
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
        steps: steps('green', ['orange', 1]),
      }),
      stat({
        title: 'Running Jobs',
        description: source,
        unit: 'none',
        query: { expr: q.cronJob('kube_cronjob_status_active'), legend: '{{cronjob}}' },
        text: 'value_and_name',
        steps: steps('green'),
      }),
      stat({
        title: 'Suspended',
        description: `A suspended CronJob starts no Jobs. ${source}`,
        unit: 'none',
        query: { expr: q.cronJob('kube_cronjob_spec_suspend'), legend: '{{cronjob}}' },
        text: 'value_and_name',
        mappings: YES_NO,
        steps: steps('green', ['orange', 1]),
      }),
    ]),
  };
}

function overdueSteps(series: string, color: string, after: number | undefined): { [series: string]: Step[] } {
  return after === undefined ? {} : { [series]: steps('green', [color, after]) };
}
