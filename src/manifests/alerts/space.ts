import { FIXED } from '../../constants/defaults';
import { overdueAfter } from '../../config/job-schedule';
import { DAY, HOUR, MINUTE } from '../../constants/time';
import { EtcdAlert } from '../../props/alerts';
import { duration, ofMembers, rateWindow, type Alert, type AlertContext } from './alert';

const TOTAL = 'etcd_mvcc_db_total_size_in_bytes';

/** Alerts about the quota, free space, and etcd's two alarms. */
export function spaceAlerts(ctx: AlertContext): Alert[] {
  const { alerts } = ctx;
  const total = `max by (pod) (${ofMembers(ctx, TOTAL)})`;
  const quota = `max by (pod) (${ofMembers(ctx, 'etcd_server_quota_backend_bytes')})`;
  const used = `100 * ${total} / ${quota}`;
  const forecast = duration(alerts.quotaForecastSeconds);
  return [
    {
      name: EtcdAlert.QUOTA_WARNING,
      severity: 'warning',
      expr: `${used} > ${alerts.quotaWarningPercent} <= ${alerts.quotaCriticalPercent}`,
      forSeconds: 10 * MINUTE,
      summary: `member {{ $labels.pod }} uses more than ${alerts.quotaWarningPercent}% of its quota`,
      description:
        'The database of member {{ $labels.pod }} is at {{ $value | printf "%.0f" }}% of its quota. At 100%, the cluster refuses writes. If EtcdDefragDue fires, ' +
        'defragment. Otherwise, find the client that writes so much, or raise quotaBackend.',
    },
    {
      name: EtcdAlert.QUOTA_CRITICAL,
      severity: 'critical',
      expr: `${used} > ${alerts.quotaCriticalPercent}`,
      forSeconds: 5 * MINUTE,
      summary: `member {{ $labels.pod }} uses more than ${alerts.quotaCriticalPercent}% of its quota`,
      description:
        'The database of member {{ $labels.pod }} is at {{ $value | printf "%.0f" }}% of its quota. At 100%, the cluster refuses writes. Defragment now if there is free ' +
        'space. If there is none, raise quotaBackend.',
    },
    {
      name: EtcdAlert.QUOTA_FORECAST,
      severity: 'warning',
      expr: `max by (pod) (predict_linear(${ofMembers(ctx, TOTAL)}[6h], ${alerts.quotaForecastSeconds})) > ${quota}`,
      forSeconds: HOUR,
      summary: `member {{ $labels.pod }} will reach its quota within ${forecast}`,
      description:
        `If it keeps growing as in the last six hours, the database of member {{ $labels.pod }} will have {{ $value | humanize1024 }}B in ${forecast}, more than its quota. ` +
        'Find the client that writes so much, and check that compaction keeps up.',
    },
    noSpace(ctx, used),
    {
      name: EtcdAlert.CORRUPT,
      severity: 'critical',
      // The readiness probe checks the alarm on each member. The gauge, which exists since 3.6, is reset by a restart.
      expr:
        `min(${ofMembers(ctx, 'etcd_server_healthcheck', { type: 'readyz', name: 'data_corruption' })}) == 0\n` +
        `or max(${ofMembers(ctx, 'etcd_debugging_server_alarms', { alarm_type: 'CORRUPT' })}) > 0`,
      summary: 'the data of a member differs',
      description:
        'The alarm CORRUPT is on: the data of a member differs from the other members’ data, and all members refuse writes. `etcdctl alarm list` shows the ' +
        'member, and `etcdctl endpoint hashkv --cluster` must show that the others agree. Take a snapshot from a member whose data is correct, then replace the data of the member that ' +
        'is not.',
    },
    defragDue(ctx, total),
  ];
}

/**
 * etcd 3.5 has no metric of the alarm, and later versions reset it at a restart, so the alert counts refused writes.
 * "Too many requests" has the same code, so they count only if the quota is nearly used up.
 */
function noSpace(ctx: AlertContext, used: string): Alert {
  const refused = ofMembers(
    ctx,
    'grpc_server_handled_total',
    { grpc_code: 'ResourceExhausted' },
    { grpc_method: 'Put|Txn|LeaseGrant' },
  );
  return {
    name: EtcdAlert.NO_SPACE,
    severity: 'critical',
    expr:
      `max(${ofMembers(ctx, 'etcd_debugging_server_alarms', { alarm_type: 'NOSPACE' })}) > 0\n` +
      `or (sum(rate(${refused}[${rateWindow(ctx)}])) > 0 and max(${used}) > ${FIXED.noSpacePercent})\n` +
      `or max(${used}) >= 100`,
    forSeconds: MINUTE,
    summary: 'writes are refused because the quota is used up',
    description:
      'The quota is used up. The cluster refuses writes until there is space and the alarm NOSPACE is disarmed. Delete keys that are not ' +
      'needed and compact, then start the defragmentation job, which makes the file smaller and disarms the alarm. Or raise quotaBackend, and disarm the alarm.',
  };
}

/** With a defragmentation job, the alert waits until the job had time to run. */
function defragDue(ctx: AlertContext, total: string): Alert {
  const { alerts, jobs } = ctx;
  const free = `(${total} - max by (pod) (${ofMembers(ctx, 'etcd_mvcc_db_total_size_in_use_in_bytes')}))`;
  const job = jobs.defrag?.suspend === false && !jobs.defrag.dryRun ? jobs.defrag : undefined;
  const wait = job ? overdueAfter(job) : HOUR;
  return {
    name: EtcdAlert.DEFRAG_DUE,
    severity: 'warning',
    expr: `100 * ${free} / ${total} > ${alerts.freeSpacePercent}\nand on (pod) ${free} > ${alerts.freeSpaceBytes}`,
    forSeconds: Math.min(wait, 40 * DAY),
    summary: 'much of the database of member {{ $labels.pod }} is free space',
    description:
      '{{ $value | printf "%.0f" }}% of the database of member {{ $labels.pod }} is free space, which counts against the quota until it is defragmented. ' +
      (job
        ? 'The job should have defragmented it by now. Check the log of its last run.'
        : 'Defragment it, preferably on a schedule with addDefrag.'),
  };
}
