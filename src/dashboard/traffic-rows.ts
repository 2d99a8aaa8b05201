import { SERVER_ERRORS } from '../config/alerts';
import type { ClusterConfig } from '../config/cluster';
import { envOfFlag } from '../config/etcd-options';
import type { DashboardContext } from './context';
import { tiles, type Row } from './layout';
import { timeseries, type Line } from './panels';
import type { Queries } from './queries';

/** Unary requests of clients. Watches and lease renewals are streams. */
const UNARY = ['grpc_type="unary"', 'grpc_service=~"etcdserverpb.(KV|Lease)"'];
/** Committed entries that a member may be behind with; above, it refuses requests. `maxGapBetweenApplyAndCommitIndex` of etcd. */
const MAX_UNAPPLIED = 5000;
/** Server errors, without errors that clients cause. */
const SERVER_FAILED = `grpc_code=~"${SERVER_ERRORS}"`;

export function requests(q: Queries, { cluster, alerts }: DashboardContext): Row {
  const slow = (alert: string): Line[] => [{ color: 'red', value: alerts.requestSeconds, meaning: alert }];
  const latency = timeseries({
    title: 'Latency, 99th percentile',
    description: 'Duration of requests, by method. Measured because of --metrics=extensive.',
    unit: 's',
    lines: slow('EtcdRequestsSlow'),
    queries: [
      {
        expr: q.quantile(0.99, 'grpc_server_handling_seconds', 'grpc_method', ...UNARY),
        legend: '{{grpc_method}}',
      },
    ],
  });
  return {
    title: 'Requests',
    panels: tiles(3, 7, [
      timeseries({
        title: 'Requests',
        description: 'Completed requests, by method. Reads are Range.',
        unit: 'reqps',
        queries: [
          {
            expr: `sum by (grpc_method) (${q.rate('grpc_server_handled_total', ...UNARY)})`,
            legend: '{{grpc_method}}',
          },
        ],
      }),
      timeseries({
        title: 'Failed requests',
        description:
          'Server errors, by gRPC code. ResourceExhausted means that the quota is used up, or that there are too many requests.',
        unit: 'reqps',
        queries: [
          {
            expr: `sum by (grpc_code) (${q.rate('grpc_server_handled_total', SERVER_FAILED)})`,
            legend: '{{grpc_code}}',
          },
        ],
      }),
      timeseries({
        title: 'Time to apply, 99th percentile',
        description:
          'Time that a member needs to apply a committed request, by operation. Without --metrics=extensive, etcd does not measure the latency of requests: add the WAL fsync duration and the peers’ round-trip time below.',
        unit: 's',
        lines: slow('EtcdAppliesSlow'),
        queries: [
          {
            expr: q.quantile(0.99, 'etcd_server_apply_duration_seconds', 'op', 'version="v3"'),
            legend: '{{op}}',
          },
        ],
      }),
      ...(countsLatency(cluster) ? [latency] : []),
      timeseries({
        title: 'Slow requests',
        description:
          'Requests that took more than 100 ms to apply, and linearizable reads that waited long for the leader. None is normal.',
        unit: 'ops',
        queries: [
          { expr: `sum(${q.rate('etcd_server_slow_apply_total')})`, legend: 'slow applies' },
          { expr: `sum(${q.rate('etcd_server_slow_read_indexes_total')})`, legend: 'slow reads' },
          { expr: `sum(${q.rate('etcd_server_read_indexes_failed_total')})`, legend: 'failed reads' },
        ],
      }),
      timeseries({
        title: 'Client traffic',
        unit: 'Bps',
        queries: [
          { expr: q.each(q.rate('etcd_network_client_grpc_received_bytes_total')), legend: '{{pod}} received' },
          { expr: q.each(q.rate('etcd_network_client_grpc_sent_bytes_total')), legend: '{{pod}} sent' },
        ],
      }),
      timeseries({
        title: 'Failed health checks',
        unit: 'ops',
        queries: [{ expr: q.each(q.rate('etcd_server_health_failures')), legend: '{{pod}}' }],
      }),
    ]),
  };
}

/** Whether etcd measures the duration of requests. */
function countsLatency({ etcd }: ClusterConfig): boolean {
  const given = [
    ...etcd.extraArgs.map((argument) => ({ name: envOfFlag(argument), value: argument.split('=')[1] })),
    ...etcd.extraEnv,
  ];
  return given.some(({ name, value }) => name === 'ETCD_METRICS' && value === 'extensive');
}

export function raft(q: Queries, { cluster, alerts }: DashboardContext): Row {
  const peers = [
    timeseries({
      title: 'Peer round-trip time, 99th percentile',
      description: 'By the member that sends. The election timeout should be at least ten times as long.',
      unit: 's',
      lines: [{ color: 'red', value: alerts.peerSeconds, meaning: 'EtcdPeerSlow' }],
      queries: [{ expr: q.quantile(0.99, 'etcd_network_peer_round_trip_time_seconds', 'pod'), legend: '{{pod}}' }],
    }),
    timeseries({
      title: 'Peer traffic',
      unit: 'Bps',
      queries: [
        { expr: `sum by (pod) (${q.rate('etcd_network_peer_received_bytes_total')})`, legend: '{{pod}} received' },
        { expr: `sum by (pod) (${q.rate('etcd_network_peer_sent_bytes_total')})`, legend: '{{pod}} sent' },
      ],
    }),
    timeseries({
      title: 'Connected peers',
      description: `Members that each member is connected to: ${cluster.replicas - 1} are expected.`,
      unit: 'none',
      queries: [{ expr: `sum by (pod) (${q.of('etcd_network_active_peers')})`, legend: '{{pod}}' }],
    }),
  ];
  return {
    title: 'Raft and peers',
    panels: tiles(4, 7, [
      timeseries({
        title: 'Proposals',
        description: 'Committed proposals, and proposals that failed because there was no leader, or not in time.',
        unit: 'ops',
        queries: [
          { expr: `max(${q.rate('etcd_server_proposals_committed_total')})`, legend: 'committed' },
          { expr: `sum(${q.rate('etcd_server_proposals_failed_total')})`, legend: 'failed' },
        ],
      }),
      timeseries({
        title: 'Pending proposals',
        description:
          'Proposals that are not yet committed. Many for a long time mean that the network or the disks are too slow.',
        unit: 'none',
        queries: [{ expr: q.each(q.of('etcd_server_proposals_pending')), legend: '{{pod}}' }],
      }),
      timeseries({
        title: 'Unapplied entries',
        description: 'Committed entries that are not yet in the member’s database. Its reads wait for them.',
        unit: 'none',
        lines: [{ color: 'red', value: MAX_UNAPPLIED, meaning: 'etcd refuses requests: “too many requests”' }],
        queries: [
          {
            expr: q.each(
              `${q.of('etcd_server_proposals_committed_total')} - ${q.of('etcd_server_proposals_applied_total')}`,
            ),
            legend: '{{pod}}',
          },
        ],
      }),
      timeseries({
        title: 'Leader changes per hour',
        description: 'As each member counted them. A step is a change.',
        unit: 'none',
        queries: [
          { expr: q.each(`increase(${q.of('etcd_server_leader_changes_seen_total')}[1h])`), legend: '{{pod}}' },
        ],
      }),
      ...(cluster.replicas > 1 ? peers : []),
      timeseries({
        title: 'Late heartbeats',
        description: 'A leader that sends heartbeats late is short of CPU, or waits for its disk.',
        unit: 'ops',
        queries: [{ expr: q.each(q.rate('etcd_server_heartbeat_send_failures_total')), legend: '{{pod}}' }],
      }),
    ]),
  };
}

export function keysAndWatches(q: Queries): Row {
  return {
    title: 'Keys and watches',
    panels: tiles(3, 7, [
      timeseries({
        title: 'Keys',
        unit: 'short',
        queries: [{ expr: q.each(q.of('etcd_debugging_mvcc_keys_total')), legend: '{{pod}}' }],
      }),
      timeseries({
        title: 'Operations on keys',
        description:
          'Of the member that applies most. Counts transactions and the operations in them. “compacted” are revisions that compaction removed.',
        unit: 'ops',
        queries: [
          ...['put', 'range', 'txn', 'delete'].map((kind) => ({
            expr: `max(${q.rate(`etcd_mvcc_${kind}_total`)})`,
            legend: kind,
          })),
          { expr: `max(${q.rate('etcd_debugging_mvcc_db_compaction_keys_total')})`, legend: 'compacted' },
        ],
      }),
      timeseries({
        title: 'Watchers',
        description: 'Slow watchers do not receive their events in time, and use memory.',
        unit: 'none',
        queries: [
          { expr: q.each(q.of('etcd_debugging_mvcc_watcher_total')), legend: '{{pod}}' },
          { expr: q.each(q.of('etcd_debugging_mvcc_slow_watcher_total')), legend: '{{pod}} slow' },
        ],
      }),
      timeseries({
        title: 'Events',
        description: 'Events sent to watchers, and events that wait to be sent.',
        unit: 'short',
        queries: [
          { expr: `sum(${q.rate('etcd_debugging_mvcc_events_total')})`, legend: 'sent per second' },
          { expr: `sum(${q.of('etcd_debugging_mvcc_pending_events_total')})`, legend: 'waiting' },
        ],
      }),
      timeseries({
        title: 'Leases',
        description: 'Expired leases were not renewed, such as those of a Metasrv that lost its leadership.',
        unit: 'ops',
        queries: [
          { expr: `max(${q.rate('etcd_debugging_lease_granted_total')})`, legend: 'granted' },
          { expr: `max(${q.rate('etcd_debugging_lease_renewed_total')})`, legend: 'renewed' },
          { expr: `max(${q.rate('etcd_debugging_lease_revoked_total')})`, legend: 'revoked' },
          { expr: `max(${q.rate('etcd_debugging_server_lease_expired_total')})`, legend: 'expired' },
        ],
      }),
      timeseries({
        title: 'Open streams',
        description: 'By the member that serves them. Shows how clients are distributed.',
        unit: 'none',
        queries: [
          { expr: q.open('grpc_service="etcdserverpb.Watch"', 'grpc_type="bidi_stream"'), legend: '{{pod}} watches' },
          { expr: q.open('grpc_service="etcdserverpb.Lease"', 'grpc_type="bidi_stream"'), legend: '{{pod}} leases' },
        ],
      }),
    ]),
  };
}
