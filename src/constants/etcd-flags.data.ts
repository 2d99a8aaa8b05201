// Made by npm run update:flags from etcd 3.5.21, 3.5.35, 3.6.16, 3.7.3.

/** Flags of etcd with the same kind of value and in the same versions, one a line. */
export const ETCD_FLAGS: readonly {
  readonly kind: 'boolean' | 'duration' | 'number' | 'text' | 'unsigned';
  readonly versions: readonly string[];
  readonly flags: string;
}[] = [
  {
    kind: 'text',
    versions: ['3.5.21', '3.5.35', '3.6.16', '3.7.3'],
    flags: `
    advertise-client-urls
    auth-token
    auto-compaction-mode
    auto-compaction-retention
    backend-bbolt-freelist-type
    cert-file
    cipher-suites
    client-cert-allowed-hostname
    client-cert-file
    client-crl-file
    client-key-file
    cors
    data-dir
    discovery-fallback
    discovery-srv
    discovery-srv-name
    host-whitelist
    initial-advertise-peer-urls
    initial-cluster
    initial-cluster-state
    initial-cluster-token
    key-file
    listen-client-http-urls
    listen-client-urls
    listen-metrics-urls
    listen-peer-urls
    log-level
    log-outputs
    log-rotation-config-json
    logger
    metrics
    name
    peer-cert-allowed-cn
    peer-cert-allowed-hostname
    peer-cert-file
    peer-client-cert-file
    peer-client-key-file
    peer-crl-file
    peer-key-file
    peer-trusted-ca-file
    tls-max-version
    tls-min-version
    trusted-ca-file
    v2-deprecation
    wal-dir
  `,
  },
  {
    kind: 'unsigned',
    versions: ['3.5.21', '3.5.35', '3.6.16', '3.7.3'],
    flags: `
    auth-token-ttl
    bcrypt-cost
    election-timeout
    heartbeat-interval
    max-concurrent-streams
    max-request-bytes
    max-snapshots
    max-txn-ops
    max-wals
    self-signed-cert-validity
    snapshot-count
  `,
  },
  {
    kind: 'boolean',
    versions: ['3.5.21', '3.5.35', '3.6.16', '3.7.3'],
    flags: `
    auto-tls
    client-cert-auth
    enable-grpc-gateway
    enable-log-rotation
    enable-pprof
    force-new-cluster
    initial-election-tick-advance
    peer-auto-tls
    peer-client-cert-auth
    pre-vote
    socket-reuse-address
    socket-reuse-port
    strict-reconfig-check
    unsafe-no-fsync
  `,
  },
  {
    kind: 'duration',
    versions: ['3.5.21', '3.5.35', '3.6.16', '3.7.3'],
    flags: `
    backend-batch-interval
    grpc-keepalive-interval
    grpc-keepalive-min-time
    grpc-keepalive-timeout
    raft-read-timeout
    raft-write-timeout
  `,
  },
  {
    kind: 'number',
    versions: ['3.5.21', '3.5.35', '3.6.16', '3.7.3'],
    flags: `
    backend-batch-limit
    quota-backend-bytes
  `,
  },
  {
    kind: 'unsigned',
    versions: ['3.6.16', '3.7.3'],
    flags: `
    bootstrap-defrag-threshold-megabytes
    snapshot-catchup-entries
  `,
  },
  {
    kind: 'duration',
    versions: ['3.6.16', '3.7.3'],
    flags: `
    compact-hash-check-time
    compaction-sleep-interval
    corrupt-check-time
    discovery-dial-timeout
    discovery-keepalive-time
    discovery-keepalive-timeout
    discovery-request-timeout
    downgrade-check-time
    warning-apply-duration
    warning-unary-request-duration
    watch-progress-notify-interval
  `,
  },
  {
    kind: 'number',
    versions: ['3.6.16', '3.7.3'],
    flags: `
    compaction-batch-limit
    distributed-tracing-sampling-rate
    max-learners
  `,
  },
  {
    kind: 'text',
    versions: ['3.5.21', '3.5.35', '3.6.16'],
    flags: `
    discovery
    discovery-proxy
    experimental-distributed-tracing-address
    experimental-distributed-tracing-instance-id
    experimental-distributed-tracing-service-name
  `,
  },
  {
    kind: 'text',
    versions: ['3.6.16', '3.7.3'],
    flags: `
    discovery-cacert
    discovery-cert
    discovery-endpoints
    discovery-key
    discovery-password
    discovery-token
    discovery-user
    distributed-tracing-address
    distributed-tracing-instance-id
    distributed-tracing-service-name
    feature-gates
    log-format
  `,
  },
  {
    kind: 'boolean',
    versions: ['3.6.16', '3.7.3'],
    flags: `
    discovery-insecure-skip-tls-verify
    discovery-insecure-transport
    enable-distributed-tracing
    memory-mlock
    peer-skip-client-san-verification
  `,
  },
  {
    kind: 'boolean',
    versions: ['3.5.21', '3.5.35'],
    flags: `
    enable-v2
  `,
  },
  {
    kind: 'unsigned',
    versions: ['3.5.21', '3.5.35', '3.6.16'],
    flags: `
    experimental-bootstrap-defrag-threshold-megabytes
    experimental-snapshot-catchup-entries
  `,
  },
  {
    kind: 'boolean',
    versions: ['3.5.21', '3.5.35', '3.6.16'],
    flags: `
    experimental-compact-hash-check-enabled
    experimental-enable-distributed-tracing
    experimental-enable-lease-checkpoint
    experimental-enable-lease-checkpoint-persist
    experimental-initial-corrupt-check
    experimental-memory-mlock
    experimental-peer-skip-client-san-verification
    experimental-stop-grpc-service-on-defrag
    experimental-txn-mode-write-with-shared-buffer
  `,
  },
  {
    kind: 'duration',
    versions: ['3.5.21', '3.5.35', '3.6.16'],
    flags: `
    experimental-compact-hash-check-time
    experimental-compaction-sleep-interval
    experimental-corrupt-check-time
    experimental-downgrade-check-time
    experimental-warning-apply-duration
    experimental-watch-progress-notify-interval
  `,
  },
  {
    kind: 'number',
    versions: ['3.5.21', '3.5.35', '3.6.16'],
    flags: `
    experimental-compaction-batch-limit
    experimental-distributed-tracing-sampling-rate
  `,
  },
  {
    kind: 'text',
    versions: ['3.5.21', '3.5.35'],
    flags: `
    experimental-enable-v2v3
    proxy
  `,
  },
  {
    kind: 'duration',
    versions: ['3.6.16'],
    flags: `
    experimental-warning-unary-request-duration
  `,
  },
  {
    kind: 'unsigned',
    versions: ['3.5.21', '3.5.35'],
    flags: `
    proxy-dial-timeout
    proxy-failure-wait
    proxy-read-timeout
    proxy-refresh-interval
    proxy-write-timeout
  `,
  },
];
