import { flat, grows, member, members, observed, state, type Series } from '../promtool';

const PUT = { grpc_type: 'unary', grpc_service: 'etcdserverpb.KV', grpc_method: 'Put' };
/** Member 1 is down for three minutes, then its counters start at zero. */
const COUNTER = [grows(500), '0+500x60 _x3 0+500x116', grows(500)];
const INDEX = [grows(500), '0+500x60 _x3 32000+500x116', grows(500)];
const all = (metric: string, value: number, more = {}): Series =>
  members(metric, [flat(value), flat(value), flat(value)], more);

const MEMBERS: Series = {
  ...members('up', [flat(1), '1+0x60 0+0x2 1+0x116', flat(1)]),
  ...members('etcd_server_has_leader', [flat(1), '1+0x60 _x3 0 1+0x115', flat(1)]),
  ...members('etcd_server_is_leader', ['0+0x58 1+0x120', '1+0x60 _x3 0+0x116', flat(0)]),
  ...members('etcd_server_leader_changes_seen_total', ['1+0x58 2+0x120', '1+0x60 _x3 1+0x116', '1+0x58 2+0x120']),
  ...all('etcd_server_version', 1, { server_version: '3.6.16' }),
  ...members('etcd_server_proposals_committed_total', INDEX),
  ...members('etcd_server_proposals_applied_total', INDEX),
  ...members('etcd_server_proposals_failed_total', [flat(2), flat(2), flat(2)]),
  ...members('grpc_server_handled_total', COUNTER, { ...PUT, grpc_code: 'OK' }),
  ...members('grpc_server_handled_total', [flat(3), flat(3), flat(3)], { ...PUT, grpc_code: 'Unavailable' }),
  ...all('grpc_server_handled_total', 0, { ...PUT, grpc_code: 'ResourceExhausted' }),
  ...all('etcd_server_quota_backend_bytes', 2 ** 31),
  ...all('etcd_mvcc_db_total_size_in_bytes', 2 ** 30),
  ...all('etcd_mvcc_db_total_size_in_use_in_bytes', 0.9 * 2 ** 30),
  ...all('etcd_server_healthcheck', 1, { type: 'readyz', name: 'data_corruption' }),
  ...all('etcd_debugging_mvcc_keys_total', 1000),
};

const LATENCY = [0, 1, 2].flatMap((i) => [
  observed(i, 'etcd_disk_wal_fsync_duration_seconds', 0.016),
  observed(i, 'etcd_disk_backend_commit_duration_seconds', 0.032),
  observed(i, 'etcd_network_peer_round_trip_time_seconds', 0.0064, { To: 'a1' }),
  observed(i, 'etcd_server_apply_duration_seconds', 0.0128, { op: 'Put' }),
  observed(i, 'grpc_server_handling_seconds', 0.064, PUT),
  { [member(i, 'container_cpu_cfs_periods_total')]: grows(600) },
  { [member(i, 'container_cpu_cfs_throttled_periods_total')]: grows(6) },
]);

/** Snapshots every half hour, and a drill and a defragmentation that have just run. */
const JOBS = ['etcd-snapshotter', 'etcd-drill', 'etcd-defrag'].map((cronjob) => ({
  [state('kube_cronjob_created', { cronjob })]: flat(0),
  [state('kube_cronjob_spec_suspend', { cronjob })]: flat(0),
  [state('kube_cronjob_status_last_successful_time', { cronjob })]:
    cronjob === 'etcd-snapshotter' ? [0, 1, 2, 3, 4, 5].map((turn) => `${1800 * turn + 30}+0x29`).join(' ') : flat(60),
  [state('kube_job_owner', { job_name: `${cronjob}-1`, owner_kind: 'CronJob', owner_name: cronjob })]: flat(1),
  [state('kube_job_status_start_time', { job_name: `${cronjob}-1` })]: flat(0),
  [state('kube_job_failed', { job_name: `${cronjob}-1`, condition: 'true' })]: flat(0),
}));

export const HEALTHY: Series = Object.assign({}, MEMBERS, ...LATENCY, ...JOBS) as Series;
