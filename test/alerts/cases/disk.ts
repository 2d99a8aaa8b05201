import { EtcdAlert } from '../../../src';
import { flat, grows, member, observed, type Case, type Series } from '../promtool';

const FSYNC = 'etcd_disk_wal_fsync_duration_seconds';
const COMMIT = 'etcd_disk_backend_commit_duration_seconds';

/** Member 0 is fast; nearly all observations of member 1 are just below this. */
function disk(fsync: number, commit: number): Series {
  return {
    ...observed(0, FSYNC, 0.016),
    ...observed(0, COMMIT, 0.016),
    ...observed(1, FSYNC, fsync),
    ...observed(1, COMMIT, commit),
  };
}

const peers = (le: number): Series => ({
  ...observed(0, 'etcd_network_peer_round_trip_time_seconds', 0.0064, { To: 'a1' }),
  ...observed(0, 'etcd_network_peer_round_trip_time_seconds', le, { To: 'b2' }),
});

const cpu = (throttled: number): Series => ({
  [member(0, 'container_cpu_cfs_periods_total')]: grows(600),
  [member(0, 'container_cpu_cfs_throttled_periods_total')]: grows(throttled),
  [member(0, 'container_cpu_cfs_periods_total', { container: 'sidecar' })]: grows(600),
  [member(0, 'container_cpu_cfs_throttled_periods_total', { container: 'sidecar' })]: grows(600),
});

const SLOW = [{ pod: 'etcd-1' }];

export const DISK_CASES: Case[] = [
  {
    alert: EtcdAlert.VOLUME_SLOW,
    when: 'log and database are slow',
    series: disk(0.128, 0.512),
    at: '20m',
    fires: SLOW,
  },
  { alert: EtcdAlert.VOLUME_SLOW, when: 'they have been slow for less', series: disk(0.128, 0.512), at: '10m' },
  { alert: EtcdAlert.VOLUME_SLOW, when: 'only the log is slow', series: disk(0.128, 0.064), at: '30m' },
  { alert: EtcdAlert.VOLUME_SLOW, when: 'only the database is slow', series: disk(0.032, 0.512), at: '30m' },
  { alert: EtcdAlert.FSYNC_SLOW, when: 'only the log is slow', series: disk(0.128, 0.128), at: '20m', fires: SLOW },
  { alert: EtcdAlert.FSYNC_SLOW, when: 'the database is slow, too', series: disk(0.128, 0.512), at: '30m' },
  { alert: EtcdAlert.FSYNC_SLOW, when: 'fsyncs take 64 ms', series: disk(0.064, 0.016), at: '30m' },
  {
    alert: EtcdAlert.COMMIT_SLOW,
    when: 'only the database is slow',
    series: disk(0.064, 0.512),
    at: '20m',
    fires: SLOW,
  },
  { alert: EtcdAlert.COMMIT_SLOW, when: 'the log is slow, too', series: disk(0.128, 0.512), at: '30m' },
  { alert: EtcdAlert.COMMIT_SLOW, when: 'commits take 128 ms', series: disk(0.016, 0.128), at: '30m' },
  { alert: EtcdAlert.FSYNC_STALLS, when: 'fsyncs take a second', series: disk(1.024, 0.016), at: '20m', fires: SLOW },
  { alert: EtcdAlert.FSYNC_STALLS, when: 'fsyncs take 256 ms', series: disk(0.256, 0.512), at: '30m' },
  {
    alert: EtcdAlert.PEER_SLOW,
    when: 'one way is slow',
    series: peers(0.2048),
    at: '20m',
    fires: [{ pod: 'etcd-0', To: 'b2' }],
  },
  { alert: EtcdAlert.PEER_SLOW, when: 'round trips take 51 ms', series: peers(0.0512), at: '30m' },
  {
    alert: EtcdAlert.CPU_THROTTLED,
    when: 'in half the periods',
    series: cpu(300),
    at: '30m',
    fires: [{ pod: 'etcd-0' }],
  },
  { alert: EtcdAlert.CPU_THROTTLED, when: 'in a fifth of the periods', series: cpu(120), at: '60m' },
  {
    alert: EtcdAlert.CPU_THROTTLED,
    when: 'there is no cAdvisor',
    series: { [member(0, 'up')]: flat(1) },
    at: '60m',
  },
];
