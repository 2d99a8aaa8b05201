import { SERVER_ERRORS } from '../../config/alerts';
import { MINUTE } from '../../constants/time';
import { EtcdAlert } from '../../props/alerts';
import { ofMembers, rateWindow, slowest, type Alert, type AlertContext } from './alert';

const BY_METHOD = 'sum by (pod, grpc_service, grpc_method)';

/** What clients notice. */
export function requestAlerts(ctx: AlertContext): Alert[] {
  const { alerts } = ctx;
  const window = rateWindow(ctx);
  const unary = { grpc_type: 'unary' }; // streams end in errors whenever a client goes
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
        'whether those writes happened. Look at leader changes and at the members’ disks.',
    },
    {
      name: EtcdAlert.REQUEST_ERRORS,
      severity: 'warning',
      expr: `100 * ${handled({ grpc_code: SERVER_ERRORS })}\n/ ${handled({})}\n> ${alerts.requestErrorPercent}`,
      forSeconds: 10 * MINUTE,
      summary: 'requests {{ $labels.grpc_method }} to member {{ $labels.pod }} fail',
      description:
        '{{ $value | printf "%.1f" }} % of the requests {{ $labels.grpc_service }}/{{ $labels.grpc_method }} to member {{ $labels.pod }} end in errors of the server. Which ' +
        'ones, says grpc_code of grpc_server_handled_total.',
    },
    {
      name: EtcdAlert.REQUESTS_SLOW,
      severity: 'warning',
      expr: `${slowest(ctx, 'grpc_server_handling_seconds', ['grpc_service', 'grpc_method'], {
        grpc_type: '.*stream.*', // a stream lasts as long as its client wants
        grpc_method: 'Defragment|Compact|Hash.*',
      })} > ${alerts.requestSeconds}`,
      forSeconds: 10 * MINUTE,
      summary: 'requests {{ $labels.grpc_method }} to member {{ $labels.pod }} are slow',
      description:
        'Requests {{ $labels.grpc_service }}/{{ $labels.grpc_method }} to member {{ $labels.pod }} take up to {{ $value | humanizeDuration }}. Look whether its disk, its CPU or its ' +
        'network has an alert, too; if none has, the requests themselves are large.',
    },
    {
      name: EtcdAlert.APPLIES_SLOW,
      severity: 'warning',
      expr: `${slowest(ctx, 'etcd_server_apply_duration_seconds', ['op'], { op: 'Compaction' })} > ${alerts.requestSeconds}`,
      forSeconds: 10 * MINUTE,
      summary: 'member {{ $labels.pod }} applies {{ $labels.op }} slowly',
      description:
        'Member {{ $labels.pod }} takes up to {{ $value | humanizeDuration }} to apply {{ $labels.op }}; everything else waits behind it. Look for large ranges and ' +
        'transactions, then at its CPU and memory.',
    },
  ];
}
