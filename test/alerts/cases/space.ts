import { EtcdAlert } from '../../../src';
import { flat, grows, member, members, type Case, type Series } from '../promtool';

const MIB = 1024 * 1024;
const QUOTA = 2048 * MIB;
const TOTAL = 'etcd_mvcc_db_total_size_in_bytes';

/** The share of its quota that member 1 uses. */
function used(percent: number, minutes = 180): Series {
  return {
    ...members(TOTAL, [flat(QUOTA / 4, minutes), flat((QUOTA / 100) * percent, minutes)]),
    ...members('etcd_server_quota_backend_bytes', [flat(QUOTA, minutes), flat(QUOTA, minutes)]),
  };
}

/** The growth of member 0 each minute, from half the quota on. */
const growing = (each: number): Series => ({
  [member(0, TOTAL)]: `${QUOTA / 2}${each < 0 ? '' : '+'}${each}x600`,
  [member(0, 'etcd_server_quota_backend_bytes')]: flat(QUOTA, 600),
});

const free = (total: number, inUse: number): Series => ({
  [member(0, TOTAL)]: flat(total * MIB, 2000),
  [member(0, 'etcd_mvcc_db_total_size_in_use_in_bytes')]: flat(inUse * MIB, 2000),
});

const alarm = (type: string, value: string): Series => ({
  [member(0, 'etcd_debugging_server_alarms', { alarm_type: type, server_id: 'a1' })]: value,
});

const refused = (code: string, method: string): Series => ({
  [member(0, 'grpc_server_handled_total', { grpc_method: method, grpc_code: code })]: grows(1),
});

const healthcheck = (value: number): Series => ({
  ...members('etcd_server_healthcheck', [flat(1), flat(value)], { type: 'readyz', name: 'data_corruption' }),
  ...members('etcd_server_healthcheck', [flat(0), flat(0)], { type: 'readyz', name: 'linearizable_read' }),
});

export const SPACE_CASES: Case[] = [
  { alert: EtcdAlert.QUOTA_WARNING, when: '81 % are used', series: used(81), at: '10m', fires: [{ pod: 'etcd-1' }] },
  { alert: EtcdAlert.QUOTA_WARNING, when: '81 % are used for less', series: used(81), at: '9m' },
  { alert: EtcdAlert.QUOTA_WARNING, when: '79 % are used', series: used(79), at: '60m' },
  { alert: EtcdAlert.QUOTA_WARNING, when: 'it is critical', series: used(96), at: '60m' },
  { alert: EtcdAlert.QUOTA_CRITICAL, when: '96 % are used', series: used(96), at: '5m', fires: [{ pod: 'etcd-1' }] },
  { alert: EtcdAlert.QUOTA_CRITICAL, when: '94 % are used', series: used(94), at: '60m' },
  {
    alert: EtcdAlert.QUOTA_FORECAST,
    when: 'it grows 2 MiB a minute',
    series: growing(2 * MIB),
    at: '120m',
    fires: [{ pod: 'etcd-0' }],
  },
  { alert: EtcdAlert.QUOTA_FORECAST, when: 'it grows half a MiB a minute', series: growing(MIB / 2), at: '400m' },
  { alert: EtcdAlert.QUOTA_FORECAST, when: 'it shrinks', series: growing(-MIB), at: '400m' },
  {
    alert: EtcdAlert.NO_SPACE,
    when: '3.6 says so',
    series: alarm('NOSPACE', flat(1)),
    at: '2m',
    fires: [{}],
  },
  {
    alert: EtcdAlert.NO_SPACE,
    when: 'puts are refused, and 3.6 was restarted and has forgotten',
    series: { ...used(91), ...refused('ResourceExhausted', 'Put') },
    at: '5m',
    fires: [{}],
  },
  {
    alert: EtcdAlert.NO_SPACE,
    when: 'leases are refused, and the quota is nearly full',
    series: { ...used(91), ...refused('ResourceExhausted', 'LeaseGrant') },
    at: '5m',
    fires: [{}],
  },
  {
    alert: EtcdAlert.NO_SPACE,
    when: 'there are too many requests, and half the quota is free',
    series: { ...used(50), ...refused('ResourceExhausted', 'Put') },
    at: '30m',
  },
  {
    alert: EtcdAlert.NO_SPACE,
    when: 'there are too many reads, and the quota is nearly full',
    series: { ...used(91), ...refused('ResourceExhausted', 'Range') },
    at: '30m',
  },
  { alert: EtcdAlert.NO_SPACE, when: 'the quota is full', series: used(100), at: '5m', fires: [{}] },
  {
    alert: EtcdAlert.NO_SPACE,
    when: 'the alarm was disarmed: 3.6 counts to 0, or to -1 after a restart',
    series: { ...used(99), ...alarm('NOSPACE', '1 0 -1+0x60'), ...alarm('CORRUPT', flat(1)) },
    at: '30m',
  },
  {
    alert: EtcdAlert.NO_SPACE,
    when: 'there are other errors, and other methods',
    series: { ...used(91), ...refused('Unavailable', 'Put'), ...refused('ResourceExhausted', 'Check') },
    at: '30m',
  },
  { alert: EtcdAlert.CORRUPT, when: 'the readiness probe says so', series: healthcheck(0), at: '1m', fires: [{}] },
  { alert: EtcdAlert.CORRUPT, when: '3.6 says so', series: alarm('CORRUPT', flat(1)), at: '1m', fires: [{}] },
  {
    alert: EtcdAlert.CORRUPT,
    when: 'there is another alarm, and another check fails',
    series: { ...healthcheck(1), ...alarm('NOSPACE', flat(1)) },
    at: '30m',
  },
  {
    alert: EtcdAlert.DEFRAG_DUE,
    when: 'the daily job did not do it for a day',
    series: free(1000, 600),
    at: '1600m',
    fires: [{ pod: 'etcd-0' }],
  },
  { alert: EtcdAlert.DEFRAG_DUE, when: 'the daily job had no turn yet', series: free(1000, 600), at: '1440m' },
  { alert: EtcdAlert.DEFRAG_DUE, when: 'a quarter is free', series: free(1000, 750), at: '1900m' },
  { alert: EtcdAlert.DEFRAG_DUE, when: 'half of little is free', series: free(150, 75), at: '1900m' },
];
