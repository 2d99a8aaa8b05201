import type { ClusterConfig } from './cluster';
import { parseVersion } from '../constants/version';
import { ofMember } from '../grammar/member-pattern';
import { EtcdMemberAddresses } from '../props/member-services';

/** One setting of etcd: its environment variable, the prop that sets it, and its value for a cluster. */
export interface EtcdOption {
  readonly env: string;
  readonly prop: string;
  /** Undefined where this etcd version, or this cluster, does without. */
  value(config: ClusterConfig): string | undefined;
}

/**
 * Every etcd setting that the library makes, by environment variable, in the order of the container's environment.
 * A name in this table can't come again in `extraEnv`, nor its flag in `extraArgs`: etcd refuses to start with both.
 * @see https://etcd.io/docs/v3.6/op-guide/configuration/
 */
export const ETCD_OPTIONS: readonly EtcdOption[] = [
  { env: 'ETCD_NAME', prop: 'name', value: () => '$(POD_NAME)' },
  { env: 'ETCD_DATA_DIR', prop: 'image', value: (c) => `${c.image.mountPath}/data` },
  { env: 'ETCD_LISTEN_CLIENT_URLS', prop: 'ports.client', value: (c) => `http://0.0.0.0:${c.etcd.ports.client}` },
  {
    env: 'ETCD_ADVERTISE_CLIENT_URLS',
    prop: 'ports.client',
    value: (c) => [memberUrl(c, '$(POD_NAME)', c.etcd.ports.client), ...externalUrls(c)].join(),
  },
  { env: 'ETCD_LISTEN_PEER_URLS', prop: 'ports.peer', value: (c) => `http://0.0.0.0:${c.etcd.ports.peer}` },
  {
    env: 'ETCD_INITIAL_ADVERTISE_PEER_URLS',
    prop: 'ports.peer',
    value: (c) => memberUrl(c, '$(POD_NAME)', c.etcd.ports.peer),
  },
  { env: 'ETCD_LISTEN_METRICS_URLS', prop: 'ports.metrics', value: (c) => `http://0.0.0.0:${c.etcd.ports.metrics}` },
  { env: 'ETCD_QUOTA_BACKEND_BYTES', prop: 'quotaBackend', value: (c) => String(c.etcd.quotaBackend) },
  { env: 'ETCD_AUTO_COMPACTION_MODE', prop: 'autoCompaction', value: (c) => c.etcd.autoCompaction.mode },
  { env: 'ETCD_AUTO_COMPACTION_RETENTION', prop: 'autoCompaction', value: (c) => c.etcd.autoCompaction.retention },
  { env: 'ETCD_HEARTBEAT_INTERVAL', prop: 'heartbeatInterval', value: (c) => String(c.etcd.heartbeatInterval) },
  { env: 'ETCD_ELECTION_TIMEOUT', prop: 'electionTimeout', value: (c) => String(c.etcd.electionTimeout) },
  { env: 'ETCD_SNAPSHOT_COUNT', prop: 'snapshotCount', value: (c) => String(c.etcd.snapshotCount) },
  { env: 'ETCD_LOG_LEVEL', prop: 'logLevel', value: (c) => c.etcd.logLevel },
  { env: 'ETCD_MAX_REQUEST_BYTES', prop: 'maxRequest', value: (c) => String(c.etcd.maxRequest) },
  { env: 'ETCD_EXPERIMENTAL_INITIAL_CORRUPT_CHECK', prop: 'corruptionChecks', value: (c) => experimental(c) },
  { env: 'ETCD_EXPERIMENTAL_COMPACT_HASH_CHECK_ENABLED', prop: 'corruptionChecks', value: (c) => experimental(c) },
  { env: 'ETCD_FEATURE_GATES', prop: 'corruptionChecks', value: featureGates },
  { env: 'ETCD_MAX_TXN_OPS', prop: 'maxTxnOps', value: (c) => String(c.etcd.maxTxnOps) },
];

const TLS = 'members speak plain HTTP in this version, and etcd would ignore it';

/** Flags that no prop sets and that would break what the library relies on. */
export const FORBIDDEN_ENV: { readonly [env: string]: string } = {
  ETCD_CONFIG_FILE: 'etcd ignores its whole environment when it has a configuration file',
  ETCD_FORCE_NEW_CLUSTER: 'would make a cluster of its own at every start',
  ETCD_DISCOVERY: 'members know each other by name',
  ETCD_DISCOVERY_ENDPOINTS: 'members know each other by name',
  ETCD_DISCOVERY_SRV: 'members know each other by name',
  ETCD_DISCOVERY_TOKEN: 'members know each other by name',
  ETCD_INITIAL_CLUSTER: 'members agree on it',
  ETCD_INITIAL_CLUSTER_TOKEN: 'members make it of the prop clusterToken',
  ETCD_INITIAL_CLUSTER_STATE: 'members agree on it',
  ETCD_CERT_FILE: TLS,
  ETCD_KEY_FILE: TLS,
  ETCD_TRUSTED_CA_FILE: TLS,
  ETCD_CLIENT_CERT_AUTH: TLS,
  ETCD_AUTO_TLS: TLS,
  ETCD_PEER_CERT_FILE: TLS,
  ETCD_PEER_KEY_FILE: TLS,
  ETCD_PEER_TRUSTED_CA_FILE: TLS,
  ETCD_PEER_CLIENT_CERT_AUTH: TLS,
  ETCD_PEER_AUTO_TLS: TLS,
  ETCD_WAL_DIR: 'the log lies in the data directory',
};

/** `--quota-backend-bytes` is ETCD_QUOTA_BACKEND_BYTES in the environment. */
export function envOfFlag(argument: string): string {
  const flag = argument.replace(/^--/, '').split('=')[0] ?? '';
  return `ETCD_${flag.toUpperCase().replace(/-/g, '_')}`;
}

export function memberNames(config: ClusterConfig): string[] {
  return Array.from({ length: config.replicas }, (_, ordinal) => `${config.names.statefulSet}-${ordinal}`);
}

/** The same as a pattern, whatever their number: pods of jobs and of other clusters have other names. */
export function memberPattern(config: ClusterConfig): string {
  return `${config.names.statefulSet}-[0-9]+`;
}

/** How many members must agree. */
export function quorum(config: ClusterConfig): number {
  return Math.floor(config.replicas / 2) + 1;
}

/** DNS domain of the members' Services. Their addresses never change. */
export function memberDomain(config: ClusterConfig): string {
  return `${config.namespace}.svc.${config.etcd.clusterDomain}`;
}

/** DNS domain of the members' pods. A pod that is made anew has another address. */
export function podDomain(config: ClusterConfig): string {
  return `${config.names.headlessService}.${memberDomain(config)}`;
}

/** DNS domain of the peer and client URLs that members have in etcd's member list. */
export function addressDomain(config: ClusterConfig): string {
  return config.memberAddresses === EtcdMemberAddresses.POD ? podDomain(config) : memberDomain(config);
}

export function memberUrl(config: ClusterConfig, member: string, port: number): string {
  return `http://${member}.${addressDomain(config)}:${port}`;
}

/** Where clients connect. */
export function clientUrl(config: ClusterConfig): string {
  const { clientService, etcd, names, namespace } = config;
  const [service, port] = clientService.enabled
    ? [names.clientService, clientService.port]
    : [names.headlessService, etcd.ports.client];
  return `http://${service}.${namespace}.svc.${etcd.clusterDomain}:${port}`;
}

/** What a member advertises for clients outside; its name and number are Kubernetes' to fill in. */
function externalUrls({ externalAccess }: ClusterConfig): string[] {
  const pattern = externalAccess?.advertisedUrl;
  return pattern === undefined ? [] : [ofMember(pattern, '$(POD_NAME)', '$(POD_INDEX)')];
}

/** Since 3.6 etcd has feature gates for what are experimental flags in 3.5; 3.7 has no experimental flags any more. */
function hasFeatureGates(config: ClusterConfig): boolean {
  return parseVersion(config.image.version).minor >= 6;
}

function experimental(config: ClusterConfig): string | undefined {
  return config.etcd.corruptionChecks && !hasFeatureGates(config) ? 'true' : undefined;
}

function featureGates(config: ClusterConfig): string | undefined {
  return config.etcd.corruptionChecks && hasFeatureGates(config)
    ? 'InitialCorruptCheck=true,CompactHashCheck=true'
    : undefined;
}
