import { MINUTE } from '../../constants/time';
import { EtcdAlert } from '../../props/alerts';
import { ofMembers, rateWindow, type Alert, type AlertContext } from './alert';

/** With a problem, the leader sends a request that fails each time it tries again (scripts/member/users.sh). */
export function userAlerts(ctx: AlertContext): Alert[] {
  if (!ctx.cluster.auth) return [];
  const failed = ofMembers(
    ctx,
    'grpc_server_handled_total',
    { grpc_service: 'etcdserverpb.Auth', grpc_method: 'UserGet' },
    {},
    { grpc_code: 'OK' },
  );
  return [
    {
      name: EtcdAlert.USERS_NOT_APPLIED,
      severity: 'warning',
      expr: `sum by (pod) (increase(${failed}[${rateWindow(ctx)}])) > 0`,
      forSeconds: 10 * MINUTE,
      summary: 'member {{ $labels.pod }} cannot apply users or roles',
      description:
        'Member {{ $labels.pod }} cannot apply the users or roles that the manifests declare. What was applied before stays in use. Its log says what is ' +
        'wrong, such as a password that its Secret does not have: look for “users:”.',
    },
  ];
}
