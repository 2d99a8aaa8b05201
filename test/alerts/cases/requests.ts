import { EtcdAlert } from '../../../src';
import { flat, grows, member, members, observed, type Case, type Series } from '../promtool';

const PUT = { grpc_type: 'unary', grpc_service: 'etcdserverpb.KV', grpc_method: 'Put' };
const WATCH = { grpc_type: 'bidi_stream', grpc_service: 'etcdserverpb.Watch', grpc_method: 'Watch' };

const handled = (of: typeof PUT, code: string, each: number): Series => ({
  [member(0, 'grpc_server_handled_total', { ...of, grpc_code: 'OK' })]: grows(100 - each),
  [member(0, 'grpc_server_handled_total', { ...of, grpc_code: code })]: grows(each),
});

const { grpc_type: _type, ...PUT_LABELS } = PUT;

export const REQUEST_CASES: Case[] = [
  {
    alert: EtcdAlert.PROPOSALS_FAILING,
    when: 'one a minute fails',
    series: members('etcd_server_proposals_failed_total', [flat(3), grows(1)]),
    at: '20m',
    fires: [{ pod: 'etcd-1' }],
  },
  {
    alert: EtcdAlert.PROPOSALS_FAILING,
    when: 'four failed in an election',
    series: members('etcd_server_proposals_failed_total', [flat(0), '0+0x9 4+0x60']),
    at: '20m',
  },
  {
    alert: EtcdAlert.REQUEST_ERRORS,
    when: 'a tenth of the puts find no leader',
    series: handled(PUT, 'Unavailable', 10),
    at: '20m',
    fires: [{ pod: 'etcd-0', ...PUT_LABELS }],
  },
  {
    alert: EtcdAlert.REQUEST_ERRORS,
    when: 'for less than 10 minutes',
    series: handled(PUT, 'Unavailable', 10),
    at: '9m',
  },
  { alert: EtcdAlert.REQUEST_ERRORS, when: 'one of 25 fails', series: handled(PUT, 'Unavailable', 4), at: '60m' },
  {
    alert: EtcdAlert.REQUEST_ERRORS,
    when: 'clients ask for nonsense',
    series: handled(PUT, 'InvalidArgument', 50),
    at: '60m',
  },
  {
    alert: EtcdAlert.REQUEST_ERRORS,
    when: 'clients’ watches end',
    series: handled(WATCH, 'Unavailable', 50),
    at: '60m',
  },
  {
    alert: EtcdAlert.REQUESTS_SLOW,
    when: 'puts take a second',
    series: observed(0, 'grpc_server_handling_seconds', 1, PUT),
    at: '20m',
    fires: [{ pod: 'etcd-0', ...PUT_LABELS }],
  },
  {
    alert: EtcdAlert.REQUESTS_SLOW,
    when: 'watches last long, and defragmentation does',
    series: {
      ...observed(0, 'grpc_server_handling_seconds', 1, WATCH),
      ...observed(0, 'grpc_server_handling_seconds', 1, { ...PUT, grpc_method: 'Defragment' }),
      ...observed(0, 'grpc_server_handling_seconds', 0.25, PUT),
    },
    at: '30m',
  },
  {
    alert: EtcdAlert.APPLIES_SLOW,
    when: 'transactions take 800 ms',
    series: observed(2, 'etcd_server_apply_duration_seconds', 0.8192, { op: 'Txn', success: 'true', version: 'v3' }),
    at: '20m',
    fires: [{ pod: 'etcd-2', op: 'Txn' }],
  },
  {
    alert: EtcdAlert.APPLIES_SLOW,
    when: 'transactions take 400 ms, and a compaction 800',
    series: {
      ...observed(2, 'etcd_server_apply_duration_seconds', 0.4096, { op: 'Txn', success: 'true', version: 'v3' }),
      ...observed(2, 'etcd_server_apply_duration_seconds', 0.8192, { op: 'Compaction', success: 'true' }),
    },
    at: '30m',
  },
];
