import type { AlertConfig } from '../config/alerts';
import type { ClusterConfig } from '../config/cluster';
import { DAY } from '../constants/time';
import { quantityBytes } from '../grammar/quantity';
import { tiles, type Row } from './layout';
import type { PanelBody } from './model';
import { timeseries } from './panels';
import type { Queries } from './queries';
import { quotaPercent } from './state-rows';

export function disk(q: Queries): Row {
  return {
    title: 'Disk',
    panels: tiles(4, 7, [
      twoQuantiles(q, {
        title: 'Write-ahead log, fsync',
        description: 'Every write waits for it on a quorum. The etcd project asks for a 99th percentile below 10 ms.',
        histogram: 'etcd_disk_wal_fsync_duration_seconds',
        limit: 0.01,
      }),
      twoQuantiles(q, {
        title: 'Database, commit',
        description: 'The etcd project asks for a 99th percentile below 25 ms.',
        histogram: 'etcd_disk_backend_commit_duration_seconds',
        limit: 0.025,
      }),
      timeseries({
        title: 'Written to the log',
        unit: 'Bps',
        queries: [{ expr: q.each(q.rate('etcd_disk_wal_write_bytes_total')), legend: '{{pod}}' }],
      }),
      timeseries({
        title: 'Time in snapshots and defragmentation',
        description:
          'Part of the time that a member spends in them while it serves. What the defragmentation job does before members start is not in it.',
        unit: 'percentunit',
        queries: [
          { expr: q.each(q.rate('etcd_disk_backend_snapshot_duration_seconds_sum')), legend: '{{pod}} snapshot' },
          { expr: q.each(q.rate('etcd_disk_backend_defrag_duration_seconds_sum')), legend: '{{pod}} defragmentation' },
        ],
      }),
    ]),
  };
}

interface HistogramSpec {
  readonly title: string;
  readonly description: string;
  readonly histogram: string;
  readonly limit: number;
}

function twoQuantiles(q: Queries, { histogram, ...spec }: HistogramSpec): PanelBody {
  return timeseries({
    ...spec,
    unit: 's',
    queries: [
      { expr: q.quantile(0.99, histogram, 'pod'), legend: '{{pod}} 99 %' },
      { expr: q.quantile(0.5, histogram, 'pod'), legend: '{{pod}} half' },
    ],
  });
}

export function storage(q: Queries, alerts: AlertConfig): Row {
  const size = q.of('etcd_mvcc_db_total_size_in_bytes');
  const inUse = q.of('etcd_mvcc_db_total_size_in_use_in_bytes');
  const quota = { expr: `max(${q.of('etcd_server_quota_backend_bytes')})`, legend: 'quota' };
  return {
    title: 'Storage',
    panels: tiles(4, 7, [
      timeseries({
        title: 'Database',
        description: 'The file, and what is in use in it. The difference is reused, and given back by defragmentation.',
        unit: 'bytes',
        queries: [
          { expr: q.each(size), legend: '{{pod}}' },
          { expr: q.each(inUse), legend: '{{pod}} in use' },
        ],
      }),
      timeseries({
        title: 'Part of the quota',
        description: 'At 100 % etcd raises the alarm NOSPACE and refuses every write. The line is EtcdQuotaCritical.',
        unit: 'percent',
        max: 100,
        limit: alerts.quotaCriticalPercent,
        queries: [{ expr: q.each(quotaPercent(q)), legend: '{{pod}}' }],
      }),
      timeseries({
        title: 'Defragmentation would win',
        description:
          'Part of the file that is not in use. The option `defragmentation` says from where on a member does it.',
        unit: 'percent',
        max: 100,
        queries: [{ expr: q.each(`100 * (1 - ${inUse} / ${size})`), legend: '{{pod}}' }],
      }),
      timeseries({
        title: 'Database in a day',
        description: 'If it goes on to grow as in the last 6 hours.',
        unit: 'bytes',
        queries: [{ expr: `clamp_min(${q.each(`predict_linear(${size}[6h], ${DAY})`)}, 0)`, legend: '{{pod}}' }, quota],
      }),
    ]),
  };
}

export function resources(q: Queries, { pod }: ClusterConfig): Row {
  const memory = pod.resources.limits?.memory;
  return {
    title: 'Resources',
    panels: tiles(4, 7, [
      timeseries({
        title: 'CPU',
        description: 'Cores.',
        unit: 'none',
        queries: [{ expr: q.each(q.rate('process_cpu_seconds_total')), legend: '{{pod}}' }],
      }),
      timeseries({
        title: 'Memory',
        description: 'Resident memory of etcd; the line is the container’s limit.',
        unit: 'bytes',
        limit: memory === undefined ? undefined : quantityBytes(String(memory)),
        queries: [{ expr: q.each(q.of('process_resident_memory_bytes')), legend: '{{pod}}' }],
      }),
      timeseries({
        title: 'Open files',
        description: 'Part of what the process may open; connections count.',
        unit: 'percent',
        queries: [
          {
            expr: q.each(`100 * ${q.of('process_open_fds')} / ${q.of('process_max_fds')}`),
            legend: '{{pod}}',
          },
        ],
      }),
      timeseries({
        title: 'Goroutines',
        description: 'Some for each connection and watch. Without end, they are a leak.',
        unit: 'none',
        queries: [{ expr: q.each(q.of('go_goroutines')), legend: '{{pod}}' }],
      }),
    ]),
  };
}
