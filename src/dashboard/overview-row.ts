import { SERVER_ERRORS, type AlertConfig } from '../config/alerts';
import type { ClusterConfig } from '../config/cluster';
import { quorum } from '../config/etcd-options';
import { overdueTimes } from '../config/job-schedule';
import type { DashboardContext } from './context';
import { tiles, type Row } from './layout';
import type { PanelBody, Step } from './model';
import { RECOMMENDED_FSYNC, stat, steps, table, words, YES_NO, type Column } from './panels';
import type { Queries } from './queries';

/** Whether the cluster serves, and what is wrong with it. Stat panels are about all members, whichever are selected. */
export function overview(q: Queries, ctx: DashboardContext): Row {
  const { alerts } = ctx;
  const members = table({
    title: 'Members',
    unit: 'none',
    by: 'pod',
    byTitle: 'Member',
    columns: memberColumns(q, alerts),
  });
  const firing = table({
    title: 'Firing alerts',
    description:
      'Of this cluster’s PrometheusRule, if this Prometheus evaluates it. “Runbooks” at the top has a section for each.',
    unit: 'none',
    by: 'alertname',
    byTitle: 'Alert',
    columns: [{ labels: { severity: 'Severity', pod: 'Member', cronjob: 'CronJob' }, expr: q.alerts() }],
    empty: 'none: this Prometheus has no firing alert of this cluster',
  });
  return {
    title: 'Overview',
    panels: [
      ...tiles(6, 4, [...serving(q, ctx), ...condition(q, ctx)]),
      { width: alerts.enabled ? 16 : 24, height: 7, body: members },
      ...(alerts.enabled ? [{ width: 8, height: 7, body: firing }] : []),
    ],
  };
}

/** The first line: whether the cluster serves, and what it still has in reserve. */
function serving(q: Queries, { cluster, alerts, jobs }: DashboardContext): PanelBody[] {
  const { replicas } = cluster;
  const majority = quorum(cluster);
  const spare = replicas - majority;
  const hasLeader = q.each(q.ofAll('etcd_server_has_leader'));
  const voting = `sum(${hasLeader} * (1 - ${q.each(q.ofAll('etcd_server_is_learner'))}))`;
  const overdue = overdueTimes(jobs, alerts).snapshots;
  return [
    stat({
      title: 'Members with a leader',
      description: `${replicas} are expected, ${majority} are a quorum. A member without a leader serves no writes and no linearizable reads.`,
      unit: 'none',
      query: { expr: `sum(${hasLeader}) or vector(0)`, legend: '' },
      steps: memberSteps(cluster),
    }),
    stat({
      title: 'Failures tolerated',
      description: 'How many more members may fail before writes stop: voting members with a leader, above the quorum.',
      unit: 'none',
      query: { expr: `(${voting} or vector(0)) - ${majority}`, legend: '' },
      steps: steps('red', ...(spare > 0 ? [['orange', 0] as const] : []), ['green', spare]),
      mappings: words(
        Object.fromEntries(Array.from({ length: majority }, (_, i) => [String(-i - 1), { text: 'no quorum' }])),
      ),
    }),
    stat({
      title: 'Leader',
      unit: 'none',
      query: { expr: `${q.each(q.ofAll('etcd_server_is_leader'))} == 1`, legend: '{{pod}}' },
      text: 'name',
      steps: steps('red', ['green', 1]),
      empty: 'none',
    }),
    stat({
      title: 'Requests that fail',
      description: 'Server errors among all unary requests. “Failed requests” below has the gRPC codes.',
      unit: 'percent',
      decimals: 2,
      query: { expr: failedPercent(q), legend: '' },
      steps: steps('green', ['red', alerts.requestErrorPercent]),
      empty: 'no requests',
    }),
    stat({
      title: 'Quota used',
      description: 'Of the member with the largest database. At 100%, etcd refuses writes.',
      unit: 'percent',
      decimals: 1,
      query: {
        expr: `max(100 * ${q.ofAll('etcd_mvcc_db_total_size_in_bytes')} / ${q.ofAll('etcd_server_quota_backend_bytes')})`,
        legend: '',
      },
      steps: steps('green', ['orange', alerts.quotaWarningPercent], ['red', alerts.quotaCriticalPercent]),
    }),
    stat({
      title: 'Last snapshot',
      description: 'Time since the snapshot job last succeeded, from kube-state-metrics. Red: overdue by its schedule.',
      unit: 's',
      query: { expr: `time() - ${q.snapshotJob('kube_cronjob_status_last_successful_time')}`, legend: '' },
      steps: overdue === undefined ? steps('green') : steps('green', ['red', overdue]),
      empty: jobs.snapshots === undefined ? 'no snapshot job' : 'none, or no kube-state-metrics',
    }),
  ];
}

/** The second line: signs of trouble. */
function condition(q: Queries, { cluster, alerts }: DashboardContext): PanelBody[] {
  return [
    stat({
      title: 'Members up',
      description: 'Members that Prometheus scrapes.',
      unit: 'none',
      query: { expr: `count(${q.each(q.ofAll('etcd_server_has_leader'))}) or vector(0)`, legend: '' },
      steps: memberSteps(cluster),
    }),
    stat({
      title: 'Leader changes',
      description:
        'In the time range, as counted by the member that saw most of them. A rolling restart causes one or two. More, without a restart, are a sign of a slow disk or network.',
      unit: 'none',
      decimals: 0,
      query: { expr: `max(increase(${q.ofAll('etcd_server_leader_changes_seen_total')}[$__range]))`, legend: '' },
      steps: steps('green', ['orange', 4], ['red', 10]),
    }),
    stat({
      title: 'WAL fsync, p99',
      description: 'Of the slowest member. Orange: slower than the etcd project recommends. Red: EtcdFsyncSlow.',
      unit: 's',
      query: { expr: `max(${q.quantileOfAll(0.99, 'etcd_disk_wal_fsync_duration_seconds')})`, legend: '' },
      steps: fsyncSteps(alerts),
    }),
    stat({
      title: 'Entries behind',
      description:
        'The member that has applied least, against the one that has committed most. Scrapes are not at the same time: under load, some hundreds are normal.',
      unit: 'short',
      query: {
        expr: `max(${q.ofAll('etcd_server_proposals_committed_total')}) - min(${q.ofAll('etcd_server_proposals_applied_total')})`,
        legend: '',
      },
      steps: steps('green', ['orange', alerts.entriesBehind]),
    }),
    stat({
      title: 'Failed proposals',
      description: 'In the time range. Clients do not know whether these writes were applied.',
      unit: 'none',
      decimals: 0,
      query: { expr: `sum(increase(${q.ofAll('etcd_server_proposals_failed_total')}[$__range]))`, legend: '' },
      steps: steps('green', ['orange', 1]),
    }),
    stat({
      title: 'Versions',
      description: 'Versions of etcd, with the number of members that run each.',
      unit: 'none',
      query: { expr: `count by (server_version) (${q.ofAll('etcd_server_version')})`, legend: '{{server_version}}' },
      text: 'value_and_name',
      steps: steps('green'),
    }),
  ];
}

/** Red without a quorum, orange while a member is missing. */
function memberSteps(cluster: ClusterConfig): Step[] {
  const { replicas } = cluster;
  const majority = quorum(cluster);
  return steps('red', ...(majority < replicas ? [['orange', majority] as const] : []), ['green', replicas]);
}

/** Orange above what the etcd project recommends, red where the alert fires. */
function fsyncSteps(alerts: AlertConfig): Step[] {
  return steps('green', ['orange', RECOMMENDED_FSYNC], ['red', alerts.fsyncSeconds]);
}

function failedPercent(q: Queries): string {
  const unary = 'grpc_type="unary"';
  const failed = q.rateOfAll('grpc_server_handled_total', unary, `grpc_code=~"${SERVER_ERRORS}"`);
  return `100 * sum(${failed}) / (sum(${q.rateOfAll('grpc_server_handled_total', unary)}) > 0)`;
}

function memberColumns(q: Queries, alerts: AlertConfig): Column[] {
  const size = q.of('etcd_mvcc_db_total_size_in_bytes');
  return [
    { labels: { server_version: 'Version' }, expr: `max by (pod, server_version) (${q.of('etcd_server_version')})` },
    {
      title: 'Role',
      mappings: words({ 0: { text: 'follower' }, 1: { text: 'leader' }, 2: { text: 'learner' } }),
      expr: `${q.each(q.of('etcd_server_is_leader'))} + 2 * ${q.each(q.of('etcd_server_is_learner'))}`,
    },
    {
      title: 'Has a leader',
      mappings: YES_NO,
      steps: steps('red', ['green', 1]),
      expr: q.each(q.of('etcd_server_has_leader')),
    },
    { title: 'Database', unit: 'bytes', expr: q.each(size) },
    {
      title: 'Quota used',
      unit: 'percent',
      steps: steps('green', ['orange', alerts.quotaWarningPercent], ['red', alerts.quotaCriticalPercent]),
      expr: q.each(q.quotaPercent()),
    },
    { title: 'Free space', unit: 'percent', expr: q.each(q.freePercent()) },
    {
      title: 'WAL fsync, p99',
      unit: 's',
      steps: fsyncSteps(alerts),
      expr: q.quantile(0.99, 'etcd_disk_wal_fsync_duration_seconds', 'pod'),
    },
    { title: 'Memory', unit: 'bytes', expr: q.each(q.of('process_resident_memory_bytes')) },
    { title: 'Uptime', unit: 's', expr: `time() - ${q.each(q.of('process_start_time_seconds'))}` },
  ];
}
