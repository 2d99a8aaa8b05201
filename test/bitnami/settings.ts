import { goDurationSeconds } from '../../src/grammar/go-duration';

/** etcd's settings that both sides set as variables, with etcd's default if one side does not. */
const DEFAULTS = {
  ETCD_QUOTA_BACKEND_BYTES: '2147483648',
  ETCD_HEARTBEAT_INTERVAL: '100',
  ETCD_ELECTION_TIMEOUT: '1000',
  ETCD_SNAPSHOT_COUNT: '100000',
  ETCD_MAX_REQUEST_BYTES: '1572864',
  ETCD_MAX_TXN_OPS: '128',
  ETCD_LOG_LEVEL: 'info',
  ETCD_AUTO_COMPACTION_MODE: 'periodic',
  ETCD_AUTO_COMPACTION_RETENTION: '0',
  ETCD_INITIAL_CLUSTER_TOKEN: 'etcd-cluster',
  ETCD_EXPERIMENTAL_INITIAL_CORRUPT_CHECK: 'false',
  ETCD_EXPERIMENTAL_COMPACT_HASH_CHECK_ENABLED: 'false',
  ETCD_FEATURE_GATES: '',
} as const;
const URLS = [
  'ETCD_NAME',
  'ETCD_DATA_DIR',
  'ETCD_INITIAL_ADVERTISE_PEER_URLS',
  'ETCD_ADVERTISE_CLIENT_URLS',
  'ETCD_LISTEN_CLIENT_URLS',
  'ETCD_LISTEN_PEER_URLS',
  'ETCD_LISTEN_METRICS_URLS',
  'ETCD_INITIAL_CLUSTER',
];
const CHART_ONLY = [
  'ETCD_START_FROM_SNAPSHOT',
  'ETCD_DISASTER_RECOVERY',
  'ETCD_INIT_SNAPSHOT_FILENAME',
  'ETCD_INIT_SNAPSHOTS_DIR',
];
/** Settings that the library's scripts derive from another variable. */
const LIBRARY: { readonly [etcd: string]: string } = { ETCD_INITIAL_CLUSTER_TOKEN: 'CLUSTER_SEED' };
export const SETTINGS = new Set([...Object.keys(DEFAULTS), ...URLS, ...CHART_ONLY]);

export function settings(
  env: { name: string; value?: string }[],
  mount: string,
  name: string,
  namespace: string,
): object {
  const of = (key: string): string | undefined =>
    env.filter((e) => e.name === key || e.name === LIBRARY[key]).at(-1)?.value;
  const first = (text: string | undefined): string =>
    (text ?? '').split(',')[0]?.replace(/\$\((MY_)?POD_NAME\)/, `${name}-0`) ?? '';
  const retention = of('ETCD_AUTO_COMPACTION_RETENTION') ?? '0';
  const hours =
    /^\d+$/.test(retention) && (of('ETCD_AUTO_COMPACTION_MODE') ?? 'periodic') === 'periodic'
      ? `${retention}h`
      : retention;
  return {
    ...Object.fromEntries(Object.entries(DEFAULTS).map(([key, initial]) => [key, of(key) ?? initial])),
    ETCD_AUTO_COMPACTION_RETENTION: goDurationSeconds(hours) ?? hours,
    member: first(of('ETCD_NAME')),
    dataFolder: of('ETCD_DATA_DIR')?.replace(mount, ''),
    peerUrl: first(of('ETCD_INITIAL_ADVERTISE_PEER_URLS')),
    clientUrl: first(of('ETCD_ADVERTISE_CLIENT_URLS')),
    serviceUrl: of('ETCD_ADVERTISE_CLIENT_URLS')?.split(',')[1],
    listenClient: of('ETCD_LISTEN_CLIENT_URLS'),
    listenPeer: of('ETCD_LISTEN_PEER_URLS'),
    listenMetrics: of('ETCD_LISTEN_METRICS_URLS'),
    namespace,
  };
}
