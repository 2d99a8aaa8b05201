import { SERVER_ERRORS } from '../config/alerts';
import type { ClusterConfig } from '../config/cluster';
import { envOfFlag } from '../config/etcd-options';
import { tiles, type Row } from './layout';
import { timeseries } from './panels';
import type { Queries } from './queries';

/** What clients ask for by one call and one answer. Watches and lease renewals are streams. */
const UNARY = ['grpc_type="unary"', 'grpc_service=~"etcdserverpb.(KV|Lease)"'];
/** Failures that are the server's: not those of a client that asked for something wrong, or went away. */
const SERVER_FAILED = `grpc_code=~"${SERVER_ERRORS}"`;

export function requests(q: Queries, config: ClusterConfig): Row {
  const latency = timeseries({
    title: 'Latency, 99th percentile',
    description: 'From the request to its answer, by method. etcd counts it because of --metrics=extensive.',
    unit: 's',
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
        description: 'Answered, by method: reads are Range.',
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
          'By gRPC code, without those that are the client’s doing. ResourceExhausted: the quota is used up, or there are too many requests at once.',
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
          'What a committed request takes on a member, by kind. Without --metrics=extensive, etcd measures no latency as clients see it: add the WAL fsync below, and the peers’ round trip.',
        unit: 's',
        queries: [
          {
            expr: q.quantile(0.99, 'etcd_server_apply_duration_seconds', 'op', 'version="v3"'),
            legend: '{{op}}',
          },
        ],
      }),
      ...(countsLatency(config) ? [latency] : []),
      timeseries({
        title: 'Slow requests',
        description: 'Applies of more than 100 ms, and reads that waited long for the leader’s word. Normal: none.',
        unit: 'ops',
        queries: [
          { expr: `sum(${q.rate('etcd_server_slow_apply_total')})`, legend: 'slow applies' },
          { expr: `sum(${q.rate('etcd_server_slow_read_indexes_total')})`, legend: 'slow reads' },
          { expr: `sum(${q.rate('etcd_server_read_indexes_failed_total')})`, legend: 'failed reads' },
        ],
      }),
      timeseries({
        title: 'Traffic of clients',
        unit: 'Bps',
        queries: [
          { expr: q.each(q.rate('etcd_network_client_grpc_received_bytes_total')), legend: '{{pod}} received' },
          { expr: q.each(q.rate('etcd_network_client_grpc_sent_bytes_total')), legend: '{{pod}} sent' },
        ],
      }),
      timeseries({
        title: 'Health checks that failed',
        unit: 'ops',
        queries: [{ expr: q.each(q.rate('etcd_server_health_failures')), legend: '{{pod}}' }],
      }),
    ]),
  };
}

/** etcd measures requests only when it is asked to. */
function countsLatency({ etcd }: ClusterConfig): boolean {
  const given = [
    ...etcd.extraArgs.map((argument) => ({ name: envOfFlag(argument), value: argument.split('=')[1] })),
    ...etcd.extraEnv,
  ];
  return given.some(({ name, value }) => name === 'ETCD_METRICS' && value === 'extensive');
}

export function raft(q: Queries, { replicas }: ClusterConfig): Row {
  const peers = [
    timeseries({
      title: 'Round trip between peers, 99th percentile',
      description: 'By the member that asks. The election timeout should be at least ten times as long.',
      unit: 's',
      queries: [{ expr: q.quantile(0.99, 'etcd_network_peer_round_trip_time_seconds', 'pod'), legend: '{{pod}}' }],
    }),
    timeseries({
      title: 'Traffic between peers',
      unit: 'Bps',
      queries: [
        { expr: `sum by (pod) (${q.rate('etcd_network_peer_received_bytes_total')})`, legend: '{{pod}} received' },
        { expr: `sum by (pod) (${q.rate('etcd_network_peer_sent_bytes_total')})`, legend: '{{pod}} sent' },
      ],
    }),
  ];
  return {
    title: 'Raft and peers',
    panels: tiles(3, 7, [
      timeseries({
        title: 'Proposals',
        description: 'Writes that the members agreed on, and those that failed: no leader, or none in time.',
        unit: 'ops',
        queries: [
          { expr: `max(${q.rate('etcd_server_proposals_committed_total')})`, legend: 'committed' },
          { expr: `sum(${q.rate('etcd_server_proposals_failed_total')})`, legend: 'failed' },
        ],
      }),
      timeseries({
        title: 'Proposals that wait',
        description: 'Sent to the leader and not yet committed. Many for long: the quorum or the disks are too slow.',
        unit: 'none',
        queries: [{ expr: q.each(q.of('etcd_server_proposals_pending')), legend: '{{pod}}' }],
      }),
      timeseries({
        title: 'Entries not yet applied',
        description: 'Committed, but not yet in this member’s database: its reads wait for them.',
        unit: 'none',
        queries: [
          {
            expr: q.each(
              `${q.of('etcd_server_proposals_committed_total')} - ${q.of('etcd_server_proposals_applied_total')}`,
            ),
            legend: '{{pod}}',
          },
        ],
      }),
      ...(replicas > 1 ? peers : []),
      timeseries({
        title: 'Heartbeats that were late',
        description: 'A leader that sends heartbeats late is starved of CPU, or waits for its disk.',
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
          'As each member applies them, the largest of all members. Transactions are counted, and what is in them.',
        unit: 'ops',
        queries: ['put', 'range', 'txn', 'delete'].map((kind) => ({
          expr: `max(${q.rate(`etcd_mvcc_${kind}_total`)})`,
          legend: kind,
        })),
      }),
      timeseries({
        title: 'Watchers',
        description: 'Slow ones do not take their events in time, and cost memory.',
        unit: 'none',
        queries: [
          { expr: q.each(q.of('etcd_debugging_mvcc_watcher_total')), legend: '{{pod}}' },
          { expr: q.each(q.of('etcd_debugging_mvcc_slow_watcher_total')), legend: '{{pod}} slow' },
        ],
      }),
      timeseries({
        title: 'Events',
        description: 'Changes sent to watchers, and those that wait to be sent.',
        unit: 'short',
        queries: [
          { expr: `sum(${q.rate('etcd_debugging_mvcc_events_total')})`, legend: 'sent per second' },
          { expr: `sum(${q.of('etcd_debugging_mvcc_pending_events_total')})`, legend: 'waiting' },
        ],
      }),
      timeseries({
        title: 'Leases',
        description: 'Expired: their holder was gone, as a Metasrv that lost its leadership.',
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
        description: 'By the member that serves them: how clients are spread.',
        unit: 'none',
        queries: [
          { expr: q.open('grpc_service="etcdserverpb.Watch"', 'grpc_type="bidi_stream"'), legend: '{{pod}} watches' },
          { expr: q.open('grpc_service="etcdserverpb.Lease"', 'grpc_type="bidi_stream"'), legend: '{{pod}} leases' },
        ],
      }),
    ]),
  };
}
