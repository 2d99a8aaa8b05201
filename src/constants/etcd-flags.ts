import { parseVersion } from './version';

const EXPERIMENTAL = 'EXPERIMENTAL_';

/**
 * etcd flags that not every version has, as the names of their environment variables without ETCD_.
 * `test/scripts/flags.test.ts` compares them with etcd itself.
 * @see https://etcd.io/docs/v3.6/upgrades/upgrade_3_6/ and https://etcd.io/docs/v3.7/upgrades/upgrade_3_7/
 */
export const FLAGS: {
  readonly renamed: readonly string[];
  readonly gates: { readonly [flag: string]: string };
  readonly since36: readonly string[];
  readonly until35: readonly string[];
} = {
  /** With the prefix EXPERIMENTAL_ up to 3.6, without it from 3.6. */
  renamed: [
    'BOOTSTRAP_DEFRAG_THRESHOLD_MEGABYTES',
    'COMPACTION_BATCH_LIMIT',
    'COMPACTION_SLEEP_INTERVAL',
    'COMPACT_HASH_CHECK_TIME',
    'CORRUPT_CHECK_TIME',
    'DISTRIBUTED_TRACING_ADDRESS',
    'DISTRIBUTED_TRACING_INSTANCE_ID',
    'DISTRIBUTED_TRACING_SAMPLING_RATE',
    'DISTRIBUTED_TRACING_SERVICE_NAME',
    'DOWNGRADE_CHECK_TIME',
    'ENABLE_DISTRIBUTED_TRACING',
    'MEMORY_MLOCK',
    'PEER_SKIP_CLIENT_SAN_VERIFICATION',
    'SNAPSHOT_CATCHUP_ENTRIES',
    'WARNING_APPLY_DURATION',
    'WATCH_PROGRESS_NOTIFY_INTERVAL',
  ],
  /** With the prefix EXPERIMENTAL_ up to 3.6, a feature gate from 3.6. */
  gates: {
    COMPACT_HASH_CHECK_ENABLED: 'CompactHashCheck',
    ENABLE_LEASE_CHECKPOINT: 'LeaseCheckpoint',
    ENABLE_LEASE_CHECKPOINT_PERSIST: 'LeaseCheckpointPersist',
    INITIAL_CORRUPT_CHECK: 'InitialCorruptCheck',
    STOP_GRPC_SERVICE_ON_DEFRAG: 'StopGRPCServiceOnDefrag',
    TXN_MODE_WRITE_WITH_SHARED_BUFFER: 'TxnModeWriteWithSharedBuffer',
  },
  since36: ['FEATURE_GATES', 'LOG_FORMAT', 'MAX_LEARNERS', 'WARNING_UNARY_REQUEST_DURATION'],
  until35: [
    'ENABLE_V2',
    'EXPERIMENTAL_ENABLE_V2V3',
    'PROXY',
    'PROXY_DIAL_TIMEOUT',
    'PROXY_FAILURE_WAIT',
    'PROXY_READ_TIMEOUT',
    'PROXY_REFRESH_INTERVAL',
    'PROXY_WRITE_TIMEOUT',
  ],
};

/**
 * Why this etcd version does not support a variable, or undefined. etcd ignores such a variable, and does not start
 * with such a flag.
 */
export function flagProblem(env: string, version: string): string | undefined {
  if (!env.startsWith('ETCD_')) return undefined;
  const name = env.slice('ETCD_'.length);
  const { minor } = parseVersion(version);
  const etcd = `etcd 3.${minor}`;
  if (minor > 5 && FLAGS.until35.includes(name)) return `${etcd} does not have it`;
  if (minor > 6 && name.startsWith(EXPERIMENTAL)) return `${etcd} ${inPlaceOf(name.slice(EXPERIMENTAL.length))}`;
  if (minor < 6 && FLAGS.renamed.includes(name)) return `${etcd} has it with the prefix "experimental"`;
  if (minor < 6 && FLAGS.since36.includes(name)) return `${etcd} does not have it`;
  return undefined;
}

function inPlaceOf(name: string): string {
  if ([...FLAGS.renamed, ...FLAGS.since36].includes(name)) return 'has it without the prefix "experimental"';
  const gate = FLAGS.gates[name];
  return gate === undefined ? 'does not have it' : `has the feature gate ${gate} instead`;
}
