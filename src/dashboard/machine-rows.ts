import type { AlertConfig } from '../config/alerts';
import type { ClusterConfig } from '../config/cluster';
import { DAY } from '../constants/time';
import { parseQuantity } from '../grammar/quantity';
import { tiles, type Row } from './layout';
import type { PanelBody } from './model';
import { RECOMMENDED_COMMIT, RECOMMENDED_FSYNC, timeseries, type Line } from './panels';
import type { Queries } from './queries';

export function disk(q: Queries, alerts: AlertConfig): Row {
  return {
    title: 'Disk',
    panels: tiles(4, 7, [
      twoQuantiles(q, {
        title: 'WAL fsync duration',
        description: 'Each write waits until a quorum has written it to its write-ahead log.',
        histogram: 'etcd_disk_wal_fsync_duration_seconds',
        lines: [
          { color: 'orange', value: RECOMMENDED_FSYNC, meaning: 'the most that the etcd project recommends for p99' },
          { color: 'red', value: alerts.fsyncSeconds, meaning: 'EtcdFsyncSlow' },
        ],
      }),
      twoQuantiles(q, {
        title: 'Database commit duration',
        description:
          'A member commits applied entries to its database file every 100 ms or 10,000 operations, by default.',
        histogram: 'etcd_disk_backend_commit_duration_seconds',
        lines: [
          { color: 'orange', value: RECOMMENDED_COMMIT, meaning: 'the most that the etcd project recommends for p99' },
          { color: 'red', value: alerts.commitSeconds, meaning: 'EtcdCommitSlow' },
        ],
      }),
      timeseries({
        title: 'WAL writes',
        unit: 'Bps',
        queries: [{ expr: q.each(q.rate('etcd_disk_wal_write_bytes_total')), legend: '{{pod}}' }],
      }),
      timeseries({
        title: 'Time spent on snapshots and defragmentation',
        description:
          'Part of the time that a running member spends on them. Defragmentation before a member starts is not included.',
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
  readonly lines: readonly Line[];
}

function twoQuantiles(q: Queries, { histogram, ...spec }: HistogramSpec): PanelBody {
  return timeseries({
    ...spec,
    unit: 's',
    queries: [
      { expr: q.quantile(0.99, histogram, 'pod'), legend: '{{pod}} p99' },
      { expr: q.quantile(0.5, histogram, 'pod'), legend: '{{pod}} median' },
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
        title: 'Database size',
        description:
          'Size of the database file, and the part in use. etcd reuses the difference; defragmentation gives it back to the file system.',
        unit: 'bytes',
        queries: [
          { expr: q.each(size), legend: '{{pod}}' },
          { expr: q.each(inUse), legend: '{{pod}} in use' },
        ],
      }),
      timeseries({
        title: 'Quota used, by member',
        description: 'At 100%, etcd raises the alarm NOSPACE and refuses writes.',
        unit: 'percent',
        max: 100,
        lines: [
          { color: 'orange', value: alerts.quotaWarningPercent, meaning: 'EtcdQuotaWarning' },
          { color: 'red', value: alerts.quotaCriticalPercent, meaning: 'EtcdQuotaCritical' },
        ],
        queries: [{ expr: q.each(q.quotaPercent()), legend: '{{pod}}' }],
      }),
      timeseries({
        title: 'Free space in the database',
        description: 'Part of the database file that defragmentation would give back to the file system.',
        unit: 'percent',
        max: 100,
        lines: [
          {
            color: 'orange',
            value: alerts.freeSpacePercent,
            meaning: 'EtcdDefragDue, if the free space is also as large as defragmentation.minimumGain',
          },
        ],
        queries: [{ expr: q.each(q.freePercent()), legend: '{{pod}}' }],
      }),
      timeseries({
        title: 'Database size in one day, predicted',
        description: 'From the growth of the last 6 hours.',
        unit: 'bytes',
        queries: [{ expr: `clamp_min(${q.each(`predict_linear(${size}[6h], ${DAY})`)}, 0)`, legend: '{{pod}}' }, quota],
      }),
    ]),
  };
}

export function resources(q: Queries, { pod }: ClusterConfig): Row {
  const { cpu, memory } = pod.resources.limits ?? {};
  return {
    title: 'Resources',
    panels: tiles(4, 7, [
      timeseries({
        title: 'CPU',
        description: 'Cores that are busy.',
        unit: 'none',
        lines: limitOf(cpu),
        queries: [{ expr: q.each(q.rate('process_cpu_seconds_total')), legend: '{{pod}}' }],
      }),
      timeseries({
        title: 'Memory',
        description: 'Resident memory of etcd.',
        unit: 'bytes',
        lines: limitOf(memory),
        queries: [{ expr: q.each(q.of('process_resident_memory_bytes')), legend: '{{pod}}' }],
      }),
      timeseries({
        title: 'Open files',
        description: 'Part of the limit of the process. Connections count.',
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
        description: 'Each connection and each watch needs some. Endless growth is a leak.',
        unit: 'none',
        queries: [{ expr: q.each(q.of('go_goroutines')), legend: '{{pod}}' }],
      }),
    ]),
  };
}

/** The line of the container's limit, if it has one. */
function limitOf(quantity: unknown): Line[] {
  return quantity === undefined
    ? []
    : [{ color: 'red', value: Number(parseQuantity(String(quantity))) / 1000, meaning: 'the limit of the container' }];
}
