import { EtcdAlert } from '../../../src';
import { flat, grows, member, type Case } from '../promtool';

const count = (method: string, code: string, values: string) => ({
  [member(1, 'grpc_server_handled_total', { grpc_service: 'etcdserverpb.Auth', grpc_method: method, grpc_code: code })]:
    values,
});

export const USER_CASES: Case[] = [
  {
    alert: EtcdAlert.USERS_NOT_APPLIED,
    when: 'the leader reports a problem again and again',
    series: count('UserGet', 'FailedPrecondition', grows(6)),
    at: '30m',
    fires: [{ pod: 'etcd-1' }],
  },
  {
    alert: EtcdAlert.USERS_NOT_APPLIED,
    when: 'requests succeed, or others fail',
    series: { ...count('UserGet', 'OK', grows(6)), ...count('Authenticate', 'InvalidArgument', grows(6)) },
    at: '30m',
  },
  {
    alert: EtcdAlert.USERS_NOT_APPLIED,
    when: 'the problem is over',
    series: count('UserGet', 'FailedPrecondition', flat(6)),
    at: '30m',
  },
];
