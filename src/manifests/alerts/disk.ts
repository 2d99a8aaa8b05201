import { MINUTE } from '../../constants/time';
import { EtcdAlert } from '../../props/alerts';
import { ofMemberContainers, rateWindow, slowest, type Alert, type AlertContext } from './alert';

/** Slow disks, and what only looks like one: each cause has an alert of its own. */
export function diskAlerts(ctx: AlertContext): Alert[] {
  const { alerts, cluster } = ctx;
  const fsync = slowest(ctx, 'etcd_disk_wal_fsync_duration_seconds');
  const fsyncSlow = `${fsync} > ${alerts.fsyncSeconds}`;
  const commitSlow = `${slowest(ctx, 'etcd_disk_backend_commit_duration_seconds')} > ${alerts.commitSeconds}`;
  return [
    {
      name: EtcdAlert.VOLUME_SLOW,
      severity: 'warning',
      expr: `${fsyncSlow}\nand on (pod) ${commitSlow}`,
      forSeconds: 10 * MINUTE,
      summary: 'the volume of member {{ $labels.pod }} is slow',
      description:
        'Both the log and the database of member {{ $labels.pod }} are slow, fsyncs take up to {{ $value | humanizeDuration }}: that is the volume. Look at ' +
        'who else uses it, at the throttling of its class, and whether other members’ volumes are slow, too.',
    },
    {
      name: EtcdAlert.FSYNC_SLOW,
      severity: 'warning',
      expr: `${fsyncSlow}\nunless on (pod) ${commitSlow}`,
      forSeconds: 10 * MINUTE,
      summary: 'the log of member {{ $labels.pod }} is slow',
      description:
        'Fsyncs of the log of member {{ $labels.pod }} take up to {{ $value | humanizeDuration }} while the database is quick: the volume has throughput, ' +
        'but each small synchronous write waits. Look at its latency and its limit of operations per second.',
    },
    {
      name: EtcdAlert.COMMIT_SLOW,
      severity: 'warning',
      expr: `${commitSlow}\nunless on (pod) ${fsyncSlow}`,
      forSeconds: 10 * MINUTE,
      summary: 'the database of member {{ $labels.pod }} is slow',
      description:
        'Commits to the database of member {{ $labels.pod }} take up to {{ $value | humanizeDuration }} while the log is quick: too much is written at ' +
        'once. Look for large values and transactions, for a compaction of many revisions, and for free space to defragment.',
    },
    {
      name: EtcdAlert.FSYNC_STALLS,
      severity: 'critical',
      expr: `${fsync} > ${alerts.fsyncStallSeconds}`,
      forSeconds: 5 * MINUTE,
      summary: 'the log of member {{ $labels.pod }} stalls',
      description:
        'Fsyncs of the log of member {{ $labels.pod }} take up to {{ $value | humanizeDuration }}, more than half the election timeout: a leader that hangs ' +
        'so long loses its office. ' +
        (cluster.replicas > 1
          ? 'If it is one member, and only when all others are healthy (etcdctl endpoint health --cluster), move it to another node or volume: its data come from the others.'
          : 'It is the only member, and no other has its data: do not delete its claim. Stop what loads the storage; before you move it, take a snapshot.'),
    },
    ...(cluster.replicas > 1 ? [peerSlow(ctx)] : []),
    ...(cluster.pod.resources.limits?.cpu === undefined ? [] : [cpuThrottled(ctx)]),
  ];
}

function peerSlow(ctx: AlertContext): Alert {
  return {
    name: EtcdAlert.PEER_SLOW,
    severity: 'warning',
    expr: `${slowest(ctx, 'etcd_network_peer_round_trip_time_seconds', ['To'])} > ${ctx.alerts.peerSeconds}`,
    forSeconds: 10 * MINUTE,
    summary: 'the network of member {{ $labels.pod }} to {{ $labels.To }} is slow',
    description:
      'Round trips from member {{ $labels.pod }} to the member with the id {{ $labels.To }} take up to {{ $value | humanizeDuration }}, more than leaders may be ' +
      'silent. If all round trips to one member are slow, it is that member: its CPU or its node.',
  };
}

/** Without a limit nobody is throttled, and the metrics do not exist. */
function cpuThrottled(ctx: AlertContext): Alert {
  const rate = (metric: string): string =>
    `sum by (pod) (rate(${ofMemberContainers(ctx, metric)}[${rateWindow(ctx)}]))`;
  return {
    name: EtcdAlert.CPU_THROTTLED,
    severity: 'warning',
    expr: `100 * ${rate('container_cpu_cfs_throttled_periods_total')}\n/ ${rate('container_cpu_cfs_periods_total')}\n> ${ctx.alerts.cpuThrottledPercent}`,
    forSeconds: 15 * MINUTE,
    summary: 'member {{ $labels.pod }} waits for CPU',
    description:
      'Member {{ $labels.pod }} is stopped by its CPU limit in {{ $value | printf "%.0f" }} % of all periods. Its disk and its network look slow then, and are not. ' +
      'Raise resources.cpuLimit, or leave it out.',
  };
}
