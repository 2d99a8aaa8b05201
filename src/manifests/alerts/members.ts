import { memberNames, quorum } from '../../config/etcd-options';
import { HOUR, MINUTE } from '../../constants/time';
import { EtcdAlert } from '../../props/alerts';
import { duration, ofMembers, ofScrapes, twoScrapes, type Alert, type AlertContext } from './alert';

/** Alerts about members that are down or that disagree. A single member cannot disagree. */
export function memberAlerts(ctx: AlertContext): Alert[] {
  const { cluster, alerts } = ctx;
  const majority = quorum(cluster);
  const up = `max by (pod) (${ofScrapes(ctx)}) == 1`;
  // By the name of each member, because a missing target has no series that could be 0.
  const expected = memberNames(cluster).map((name) => `label_replace(vector(1), "pod", "${name}", "", "")`);
  return [
    {
      name: EtcdAlert.MEMBER_DOWN,
      severity: 'warning',
      expr: `(\n  ${expected.join('\n  or ')}\n)\nunless on (pod) (${up})`,
      forSeconds: 10 * MINUTE,
      summary: 'member {{ $labels.pod }} is down',
      description:
        'Prometheus has not scraped member {{ $labels.pod }} for 10 minutes, or it does not exist. The cluster tolerates fewer ' +
        'failures. First check the pod and its log, which shows what it waits for.',
    },
    {
      name: EtcdAlert.TOO_FEW_MEMBERS,
      severity: 'critical',
      expr: `(count(${up}) or vector(0)) < ${majority}`,
      forSeconds: twoScrapes(ctx, 3 * MINUTE),
      summary: `fewer than ${majority} of ${cluster.replicas} members are up`,
      description:
        `Prometheus scrapes only {{ $value }} of ${cluster.replicas} members, and ${majority} are a quorum. Without a quorum, no writes and no ` +
        'linearizable reads are possible. If all pods are ready, Prometheus cannot reach them. Otherwise, bring their nodes back.',
    },
    {
      name: EtcdAlert.NO_LEADER,
      severity: 'critical',
      expr: `max by (pod) (${ofMembers(ctx, 'etcd_server_has_leader')}) == 0`,
      forSeconds: twoScrapes(ctx, MINUTE),
      summary: 'member {{ $labels.pod }} has no leader',
      description:
        'Member {{ $labels.pod }} has no leader, so it serves no writes and no linearizable reads. If all members have none, there is no quorum. ' +
        'If only one has none, check its network to the others.',
    },
    ...(cluster.replicas > 1 ? [twoLeaders(ctx)] : []),
    {
      name: EtcdAlert.LEADER_CHANGES,
      severity: 'warning',
      expr: `max(increase(${ofMembers(ctx, 'etcd_server_leader_changes_seen_total')}[15m])) > ${alerts.leaderChanges}`,
      forSeconds: 5 * MINUTE,
      summary: 'the leader changes often',
      description:
        'The leader changed {{ $value | printf "%.0f" }} times in 15 minutes. Requests fail or wait at each change. Look for slow fsyncs, a slow network, ' +
        'throttled CPU, and pods that restart.',
    },
    ...(cluster.replicas > 1 ? [memberBehind(ctx), versionSkew(ctx)] : []),
  ];
}

/** Only members that were the leader at all scrapes of the window count, so that a change of the leader does not. */
function twoLeaders(ctx: AlertContext): Alert {
  const leader = ofMembers(ctx, 'etcd_server_is_leader');
  const window = duration(twoScrapes(ctx, 2 * MINUTE));
  return {
    name: EtcdAlert.TWO_LEADERS,
    severity: 'critical',
    expr: `sum(max by (pod) (min_over_time(${leader}[${window}]))) > 1`,
    forSeconds: twoScrapes(ctx, MINUTE),
    summary: 'more than one member is the leader',
    description:
      '{{ $value }} members each report that they are the leader. One cluster cannot have two leaders for longer than an election, so members ' +
      'have formed separate clusters. Stop clients that write, and compare the cluster ids of all members.',
  };
}

function memberBehind(ctx: AlertContext): Alert {
  // Members are scraped at different times, so compare with what was committed some time before.
  const earlier = duration(twoScrapes(ctx, MINUTE));
  const committed = `max(${ofMembers(ctx, 'etcd_server_proposals_committed_total')} offset ${earlier})`;
  const applied = `max by (pod) (${ofMembers(ctx, 'etcd_server_proposals_applied_total')})`;
  return {
    name: EtcdAlert.MEMBER_BEHIND,
    severity: 'warning',
    expr: `scalar(${committed}) - ${applied} > ${ctx.alerts.entriesBehind}`,
    forSeconds: 5 * MINUTE,
    summary: 'member {{ $labels.pod }} is far behind',
    description:
      `Member {{ $labels.pod }} has not applied the last {{ $value }} entries that were committed ${earlier} ago. It serves old data to reads that ` +
      'are not linearizable, and cannot replace another member that fails. Check its disk, its CPU and its network.',
  };
}

function versionSkew(ctx: AlertContext): Alert {
  return {
    name: EtcdAlert.VERSION_SKEW,
    severity: 'warning',
    expr: `count(count by (server_version) (${ofMembers(ctx, 'etcd_server_version')})) > 1`,
    forSeconds: HOUR,
    summary: 'members run different versions',
    description:
      'Members have run {{ $value }} different versions of etcd for an hour: a rollout is stuck. New features stay off until all ' +
      'members have the new version. Check the StatefulSet’s partition, and the pod that is next.',
  };
}
