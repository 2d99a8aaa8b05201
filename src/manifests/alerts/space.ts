import { FIXED } from '../../constants/defaults';
import { overdueAfter } from '../../config/job-schedule';
import { DAY, HOUR, MINUTE } from '../../constants/time';
import { EtcdAlert } from '../../props/alerts';
import { duration, ofMembers, rateWindow, type Alert, type AlertContext } from './alert';

const TOTAL = 'etcd_mvcc_db_total_size_in_bytes';

/** The quota, what lies below it, and the two alarms of etcd itself. */
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
      summary: `member {{ $labels.pod }} uses more than ${alerts.quotaWarningPercent} % of its quota`,
      description:
        'The database of member {{ $labels.pod }} is at {{ $value | printf "%.0f" }} % of its quota; at 100 % the cluster refuses writes. If EtcdDefragDue is on, ' +
        'defragment; otherwise find who writes, or raise quotaBackend.',
    },
    {
      name: EtcdAlert.QUOTA_CRITICAL,
      severity: 'critical',
      expr: `${used} > ${alerts.quotaCriticalPercent}`,
      forSeconds: 5 * MINUTE,
      summary: `member {{ $labels.pod }} uses more than ${alerts.quotaCriticalPercent} % of its quota`,
      description:
        'The database of member {{ $labels.pod }} is at {{ $value | printf "%.0f" }} % of its quota; at 100 % the cluster refuses writes. Defragment now if there is free ' +
        'space, and raise quotaBackend if there is not.',
    },
    {
      name: EtcdAlert.QUOTA_FORECAST,
      severity: 'warning',
      expr: `max by (pod) (predict_linear(${ofMembers(ctx, TOTAL)}[6h], ${alerts.quotaForecastSeconds})) > ${quota}`,
      forSeconds: HOUR,
      summary: `member {{ $labels.pod }} will reach its quota within ${forecast}`,
      description:
        `As it has grown for six hours, the database of member {{ $labels.pod }} will have {{ $value | humanize1024 }}B in ${forecast}, more than its quota. ` +
        'Find who writes, and whether compaction keeps up.',
    },
    noSpace(ctx, used),
    {
      name: EtcdAlert.CORRUPT,
      severity: 'critical',
      // The readiness probe asks each member for it; the gauge, there since 3.6, forgets at a restart.
      expr:
        `min(${ofMembers(ctx, 'etcd_server_healthcheck', { type: 'readyz', name: 'data_corruption' })}) == 0\n` +
        `or max(${ofMembers(ctx, 'etcd_debugging_server_alarms', { alarm_type: 'CORRUPT' })}) > 0`,
      summary: 'a member has data that differ',
      description:
        'The alarm CORRUPT is on: the data of a member differ from those of the others, and all refuse writes. `etcdctl alarm list` names the ' +
        'member, and `etcdctl endpoint hashkv --cluster` must show that the others agree. Take a snapshot of one that is right, then replace the data of the one that ' +
        'is not.',
    },
    defragDue(ctx, total),
  ];
}

/**
 * There is no metric of the alarm in 3.5, and later ones forget it at a restart; what can be seen is that writes are refused. "Too many
 * requests" has the same code, so it counts only where the quota is nearly used up.
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
    summary: 'writes are refused for lack of space',
    description:
      'The quota is used up, and the cluster refuses writes until there is space and the alarm NOSPACE is disarmed. Delete what is not ' +
      'needed and compact, then start the defragmentation job: it alone makes the file smaller, and it disarms. Or raise quotaBackend, and disarm.',
  };
}

/** With a job that does it, it is due only when the job had its turn. */
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
      '{{ $value | printf "%.0f" }} % of the database of member {{ $labels.pod }} is free space, which counts against the quota until it is defragmented. ' +
      (job
        ? 'The job should have done it by now: read the log of its last run.'
        : 'Defragment, best with addDefrag on a schedule.'),
  };
}
