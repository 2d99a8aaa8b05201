import { EtcdAlert } from '../../../src';
import { flat, grows, member, members, type Case } from '../promtool';

const UP = [flat(1), flat(1), flat(1)];
const COMMITTED = 'etcd_server_proposals_committed_total';
const APPLIED = 'etcd_server_proposals_applied_total';

export const MEMBER_CASES: Case[] = [
  { alert: EtcdAlert.MEMBER_DOWN, when: 'all are up', series: members('up', UP), at: '30m' },
  {
    alert: EtcdAlert.MEMBER_DOWN,
    when: 'one is down for 10 minutes',
    series: members('up', [flat(1), '1+0x4 0+0x60', flat(1)]),
    at: '15m',
    fires: [{ pod: 'etcd-1' }],
  },
  {
    alert: EtcdAlert.MEMBER_DOWN,
    when: 'one is down for less',
    series: members('up', [flat(1), '1+0x4 0+0x60', flat(1)]),
    at: '14m',
  },
  {
    alert: EtcdAlert.MEMBER_DOWN,
    when: 'the target of one is gone, while a sidecar of its pod and another cluster are scraped',
    series: {
      ...members('up', [flat(1), flat(1)]),
      [member(2, 'up', { container: 'sidecar' })]: flat(1),
      [member(2, 'up', { endpoint: 'phase' })]: flat(1),
      [member(2, 'up', { namespace: 'other' })]: flat(1),
      [member(2, 'up', { pod: 'etcd-recover-2' })]: flat(1),
    },
    at: '15m',
    fires: [{ pod: 'etcd-2' }],
  },
  {
    alert: EtcdAlert.MEMBER_DOWN,
    when: 'one is scraped twice, and once in vain',
    series: { ...members('up', UP), [member(1, 'up', { job: 'another' })]: flat(0) },
    at: '30m',
  },
  {
    alert: EtcdAlert.TOO_FEW_MEMBERS,
    when: 'two of three are down',
    series: members('up', [flat(1), flat(0), flat(0)]),
    at: '3m',
    fires: [{}],
  },
  {
    alert: EtcdAlert.TOO_FEW_MEMBERS,
    when: 'there are no targets at all',
    series: { [member(0, 'up', { namespace: 'other' })]: flat(1) },
    at: '3m',
    fires: [{}],
  },
  {
    alert: EtcdAlert.TOO_FEW_MEMBERS,
    when: 'two are down for less than 3 minutes',
    series: members('up', [flat(1), flat(0), flat(0)]),
    at: '2m',
  },
  {
    alert: EtcdAlert.TOO_FEW_MEMBERS,
    when: 'one of three is down',
    series: members('up', [flat(1), flat(1), flat(0)]),
    at: '30m',
  },
  {
    alert: EtcdAlert.NO_LEADER,
    when: 'one knows no leader',
    series: members('etcd_server_has_leader', [flat(1), flat(1), flat(0)]),
    at: '1m',
    fires: [{ pod: 'etcd-2' }],
  },
  {
    alert: EtcdAlert.NO_LEADER,
    when: 'an election is held',
    series: members('etcd_server_has_leader', ['1 0 1+0x60', '1 0 1+0x60', flat(1)]),
    at: '2m',
  },
  {
    alert: EtcdAlert.TWO_LEADERS,
    when: 'two members are leaders',
    series: members('etcd_server_is_leader', [flat(1), flat(0), flat(1)]),
    at: '2m',
    fires: [{}],
  },
  {
    alert: EtcdAlert.TWO_LEADERS,
    when: 'the leadership was handed over between two scrapes',
    series: members('etcd_server_is_leader', ['1 1 0+0x60', '0 1 1+0x60', flat(0)]),
    at: '1m',
  },
  {
    alert: EtcdAlert.TWO_LEADERS,
    when: 'the leader is scraped twice, and another cluster has one, too',
    series: {
      ...members('etcd_server_is_leader', [flat(1), flat(0), flat(0)]),
      [member(0, 'etcd_server_is_leader', { job: 'another' })]: flat(1),
      [member(1, 'etcd_server_is_leader', { namespace: 'other' })]: flat(1),
    },
    at: '30m',
  },
  {
    alert: EtcdAlert.LEADER_CHANGES,
    when: 'the leader changes every other minute',
    series: members('etcd_server_leader_changes_seen_total', [grows(0.5), flat(1), flat(1)]),
    at: '30m',
    fires: [{}],
  },
  {
    alert: EtcdAlert.LEADER_CHANGES,
    when: 'a rolling restart: two changes, and counters that start at zero',
    series: members('etcd_server_leader_changes_seen_total', ['1+0x9 2+0x4 3+0x40', '4+0x6 1+0x60', '4+0x9 1+0x60']),
    at: '20m',
  },
  {
    alert: EtcdAlert.MEMBER_BEHIND,
    when: 'one does not apply any more',
    series: {
      ...members(COMMITTED, [grows(1000), grows(1000), grows(1000)]),
      ...members(APPLIED, [grows(1000), grows(1000), flat(100)]),
    },
    at: '20m',
    fires: [{ pod: 'etcd-2' }],
  },
  {
    alert: EtcdAlert.MEMBER_BEHIND,
    when: 'many writes, and one that was scraped a minute earlier',
    series: {
      ...members(COMMITTED, [grows(60_000), grows(60_000), grows(60_000)]),
      ...members(APPLIED, [grows(60_000), grows(60_000), '0+0x0 0+60000x180']),
    },
    at: '30m',
  },
  {
    alert: EtcdAlert.MEMBER_BEHIND,
    when: 'one is a little behind all the time',
    series: {
      ...members(COMMITTED, [flat(10_000), flat(10_000), flat(10_000)]),
      ...members(APPLIED, [flat(10_000), flat(10_000), flat(5000)]),
    },
    at: '30m',
  },
  {
    alert: EtcdAlert.VERSION_SKEW,
    when: 'one has the old version for more than an hour',
    series: {
      [member(0, 'etcd_server_version', { server_version: '3.6.15' })]: flat(1),
      [member(1, 'etcd_server_version', { server_version: '3.6.16' })]: flat(1),
    },
    at: '60m',
    fires: [{}],
  },
  {
    alert: EtcdAlert.VERSION_SKEW,
    when: 'a rolling update goes on',
    series: {
      [member(0, 'etcd_server_version', { server_version: '3.6.15' })]: '1+0x50',
      [member(0, 'etcd_server_version', { server_version: '3.6.16' })]: '_x50 1+0x100',
      [member(1, 'etcd_server_version', { server_version: '3.6.16' })]: flat(1),
    },
    at: '60m',
  },
  {
    alert: EtcdAlert.VERSION_SKEW,
    when: 'all have one version',
    series: members('etcd_server_version', [flat(1), flat(1), flat(1)], { server_version: '3.6.16' }),
    at: '120m',
  },
];
