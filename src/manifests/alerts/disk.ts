import { MINUTE } from '../../constants/time';
import { EtcdAlert } from '../../props/alerts';
import { ofMemberContainers, rateWindow, slowest, type Alert, type AlertContext } from './alert';

/** Slow disks, and problems that look like one. Each cause has its own alert. */
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
        'Fsyncs and commits of member {{ $labels.pod }} are slow; fsyncs take {{ $value | humanizeDuration }} (99th percentile). The volume is slow. Check ' +
        'what else uses it, the limits of its storage class, and whether the volumes of other members are also slow.',
    },
    {
      name: EtcdAlert.FSYNC_SLOW,
      severity: 'warning',
      expr: `${fsyncSlow}\nunless on (pod) ${commitSlow}`,
      forSeconds: 10 * MINUTE,
      summary: 'fsyncs of member {{ $labels.pod }} are slow',
      description:
        'Log fsyncs of member {{ $labels.pod }} take {{ $value | humanizeDuration }} (99th percentile), but database commits are fast. The volume has enough throughput, ' +
        'but small synchronous writes wait. Check its latency and its limit of operations per second.',
    },
    {
      name: EtcdAlert.COMMIT_SLOW,
      severity: 'warning',
      expr: `${commitSlow}\nunless on (pod) ${fsyncSlow}`,
      forSeconds: 10 * MINUTE,
      summary: 'commits of member {{ $labels.pod }} are slow',
      description:
        'Database commits of member {{ $labels.pod }} take {{ $value | humanizeDuration }} (99th percentile), but log fsyncs are fast. Too much is written at ' +
        'once. Look for large values and transactions, a compaction of many revisions, and free space to defragment.',
    },
    {
      name: EtcdAlert.FSYNC_STALLS,
      severity: 'critical',
      expr: `${fsync} > ${alerts.fsyncStallSeconds}`,
      forSeconds: 5 * MINUTE,
      summary: 'fsyncs of member {{ $labels.pod }} stall',
      description:
        'Log fsyncs of member {{ $labels.pod }} take {{ $value | humanizeDuration }} (99th percentile), more than half the election timeout. A leader that hangs ' +
        'this long loses leadership. ' +
        (cluster.replicas > 1
          ? 'If it is one member, and only if all others are healthy (etcdctl endpoint health --cluster), move it to another node or volume. It gets its data from the others.'
          : 'It is the only member, so no other member has its data. Do not delete its claim. Stop what loads the storage. Take a snapshot before you move the member.'),
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
      'Round trips from member {{ $labels.pod }} to the member with the id {{ $labels.To }} take {{ $value | humanizeDuration }} (99th percentile), more than ' +
      `${ctx.alerts.peerSeconds * 1000} ms. If all round trips to one member are slow, check the CPU and the node of that member.`,
  };
}

/** Without a limit, there is no throttling, and the metrics do not exist. */
function cpuThrottled(ctx: AlertContext): Alert {
  const rate = (metric: string): string =>
    `sum by (pod) (rate(${ofMemberContainers(ctx, metric)}[${rateWindow(ctx)}]))`;
  return {
    name: EtcdAlert.CPU_THROTTLED,
    severity: 'warning',
    expr: `100 * ${rate('container_cpu_cfs_throttled_periods_total')}\n/ ${rate('container_cpu_cfs_periods_total')}\n> ${ctx.alerts.cpuThrottledPercent}`,
    forSeconds: 15 * MINUTE,
    summary: 'member {{ $labels.pod }} is throttled',
    description:
      'Member {{ $labels.pod }} is throttled by its CPU limit in {{ $value | printf "%.0f" }}% of all periods. Its disk and its network then look slow, although they are not. ' +
      'Raise resources.cpuLimit, or remove it.',
  };
}
