import { SERVER_ERRORS } from '../../config/alerts';
import { MINUTE } from '../../constants/time';
import { EtcdAlert } from '../../props/alerts';
import { ofMembers, rateWindow, slowest, type Alert, type AlertContext } from './alert';

const BY_METHOD = 'sum by (pod, grpc_service, grpc_method)';

/** Alerts about failed and slow requests. */
export function requestAlerts(ctx: AlertContext): Alert[] {
  const { alerts } = ctx;
  const window = rateWindow(ctx);
  const unary = { grpc_type: 'unary' }; // streams end with an error each time a client disconnects
  const handled = (patterns: { [label: string]: string }): string =>
    `${BY_METHOD} (rate(${ofMembers(ctx, 'grpc_server_handled_total', unary, patterns)}[${window}]))`;
  return [
    {
      name: EtcdAlert.PROPOSALS_FAILING,
      severity: 'warning',
      expr: `max by (pod) (increase(${ofMembers(ctx, 'etcd_server_proposals_failed_total')}[15m])) > ${alerts.failedProposals}`,
      forSeconds: 5 * MINUTE,
      summary: 'proposals of member {{ $labels.pod }} fail',
      description:
        '{{ $value | printf "%.0f" }} proposals of member {{ $labels.pod }} failed in 15 minutes: there was no leader, or no quorum in time. Clients do not know ' +
        'whether these writes were applied. Check leader changes and the members’ disks.',
    },
    {
      name: EtcdAlert.REQUEST_ERRORS,
      severity: 'warning',
      expr: `100 * ${handled({ grpc_code: SERVER_ERRORS })}\n/ ${handled({})}\n> ${alerts.requestErrorPercent}`,
      forSeconds: 10 * MINUTE,
      summary: 'requests {{ $labels.grpc_method }} to member {{ $labels.pod }} fail',
      description:
        '{{ $value | printf "%.1f" }}% of the requests {{ $labels.grpc_service }}/{{ $labels.grpc_method }} to member {{ $labels.pod }} fail with server errors. The label ' +
        'grpc_code of grpc_server_handled_total shows which.',
    },
    {
      name: EtcdAlert.REQUESTS_SLOW,
      severity: 'warning',
      expr: `${slowest(ctx, 'grpc_server_handling_seconds', ['grpc_service', 'grpc_method'], {
        grpc_type: '.*stream.*', // clients keep streams open
        grpc_method: 'Defragment|Compact|Hash.*',
      })} > ${alerts.requestSeconds}`,
      forSeconds: 10 * MINUTE,
      summary: 'requests {{ $labels.grpc_method }} to member {{ $labels.pod }} are slow',
      description:
        'Requests {{ $labels.grpc_service }}/{{ $labels.grpc_method }} to member {{ $labels.pod }} take {{ $value | humanizeDuration }} (99th percentile). Check whether its disk, its CPU or its ' +
        'network also has an alert. If not, the requests are large.',
    },
    {
      name: EtcdAlert.APPLIES_SLOW,
      severity: 'warning',
      expr: `${slowest(ctx, 'etcd_server_apply_duration_seconds', ['op'], { op: 'Compaction' })} > ${alerts.requestSeconds}`,
      forSeconds: 10 * MINUTE,
      summary: 'member {{ $labels.pod }} applies {{ $labels.op }} slowly',
      description:
        'Member {{ $labels.pod }} needs up to {{ $value | humanizeDuration }} to apply {{ $labels.op }}, and all other entries wait. Look for large ranges and ' +
        'transactions, then check its CPU and memory.',
    },
  ];
}
