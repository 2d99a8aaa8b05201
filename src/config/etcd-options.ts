import type { TokenConfig } from './auth';
import type { ClusterConfig } from './cluster';
import { parseVersion } from '../constants/version';
import { ofMember } from '../grammar/member-pattern';
import { EtcdMemberAddresses } from '../props/member-services';
import { PATH, TOKEN_FILE } from '../constants/names';

/** An etcd setting: its environment variable, its prop, and its value for a cluster. */
export interface EtcdOption {
  readonly env: string;
  readonly prop: string;
  /** Undefined if this etcd version or this cluster does not use it. */
  value(config: ClusterConfig): string | undefined;
}

const TLS_OPTIONS: readonly EtcdOption[] = [
  { env: 'ETCD_CERT_FILE', prop: 'tls', value: ({ tls }) => tls && `${PATH.tls}/server/tls.crt` },
  { env: 'ETCD_KEY_FILE', prop: 'tls', value: ({ tls }) => tls && `${PATH.tls}/server/tls.key` },
  // With a CA, etcd requires certificates, also without ETCD_CLIENT_CERT_AUTH.
  {
    env: 'ETCD_TRUSTED_CA_FILE',
    prop: 'tls',
    value: ({ tls }) => (tls?.requireClientCertificates ? `${PATH.run}/ca/server.crt` : undefined),
  },
  { env: 'ETCD_CLIENT_CERT_AUTH', prop: 'tls', value: ({ tls }) => tls && String(tls.requireClientCertificates) },
  { env: 'ETCD_PEER_CERT_FILE', prop: 'tls', value: ({ tls }) => tls && `${PATH.tls}/peer/tls.crt` },
  { env: 'ETCD_PEER_KEY_FILE', prop: 'tls', value: ({ tls }) => tls && `${PATH.tls}/peer/tls.key` },
  { env: 'ETCD_PEER_TRUSTED_CA_FILE', prop: 'tls', value: ({ tls }) => tls && `${PATH.run}/ca/peer.crt` },
  { env: 'ETCD_PEER_CLIENT_CERT_AUTH', prop: 'tls', value: ({ tls }) => tls && 'true' },
  // A peer's address says nothing: pods get new ones. Its name does, where cert-manager has given it.
  {
    env: 'ETCD_PEER_CERT_ALLOWED_HOSTNAME',
    prop: 'tls',
    value: (c) => (c.tls?.certManager ? peerName(c) : undefined),
  },
  {
    env: 'ETCD_EXPERIMENTAL_PEER_SKIP_CLIENT_SAN_VERIFICATION',
    prop: 'tls',
    value: (c) => (c.tls && !hasFeatureGates(c) ? 'true' : undefined),
  },
  {
    env: 'ETCD_PEER_SKIP_CLIENT_SAN_VERIFICATION',
    prop: 'tls',
    value: (c) => (c.tls && hasFeatureGates(c) ? 'true' : undefined),
  },
  { env: 'ETCD_TLS_MIN_VERSION', prop: 'tls', value: ({ tls }) => tls?.minimumVersion },
  { env: 'ETCD_CIPHER_SUITES', prop: 'tls', value: ({ tls }) => tls?.cipherSuites.join() || undefined },
];

/**
 * All etcd settings of the library, in the order of the container's environment. Their variables are refused in
 * `extraEnv`, and their flags in `extraArgs`: etcd does not start with both.
 * @see https://etcd.io/docs/v3.6/op-guide/configuration/
 */
export const ETCD_OPTIONS: readonly EtcdOption[] = [
  { env: 'ETCD_NAME', prop: 'name', value: () => '$(POD_NAME)' },
  { env: 'ETCD_DATA_DIR', prop: 'image', value: (c) => `${c.image.mountPath}/data` },
  {
    env: 'ETCD_LISTEN_CLIENT_URLS',
    prop: 'ports.client',
    value: (c) =>
      clientSchemes(c)
        .map((s) => `${s}://0.0.0.0:${c.etcd.ports.client}`)
        .join(),
  },
  {
    env: 'ETCD_ADVERTISE_CLIENT_URLS',
    prop: 'ports.client',
    value: (c) =>
      [...clientSchemes(c).map((s) => memberUrl(c, '$(POD_NAME)', c.etcd.ports.client, s)), ...externalUrls(c)].join(),
  },
  { env: 'ETCD_LISTEN_PEER_URLS', prop: 'ports.peer', value: (c) => `${scheme(c)}://0.0.0.0:${c.etcd.ports.peer}` },
  {
    env: 'ETCD_INITIAL_ADVERTISE_PEER_URLS',
    prop: 'ports.peer',
    value: (c) => memberUrl(c, '$(POD_NAME)', c.etcd.ports.peer),
  },
  {
    env: 'ETCD_LISTEN_METRICS_URLS',
    prop: 'ports.metrics',
    value: ({ etcd: { ports } }) =>
      [
        `http://0.0.0.0:${ports.metrics}`,
        ...(ports.metricsTls === undefined ? [] : [`https://0.0.0.0:${ports.metricsTls}`]),
      ].join(),
  },
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
  ...TLS_OPTIONS,
  { env: 'ETCD_AUTH_TOKEN', prop: 'auth.token', value: ({ auth }) => auth && jwt(auth.token) },
  {
    env: 'ETCD_AUTH_TOKEN_TTL',
    prop: 'auth.token',
    value: ({ auth }) => (auth && !auth.token.key ? String(auth.token.lifetimeSeconds) : undefined),
  },
];

function jwt({ key, signMethod, lifetimeSeconds }: TokenConfig): string | undefined {
  return key && `jwt,priv-key=${PATH.token}/${TOKEN_FILE},sign-method=${signMethod},ttl=${lifetimeSeconds}s`;
}

const TLS = 'use the tls prop';
const DNS = 'members find each other by DNS name';

/** Variables that no prop sets and that would break the members, with the reason. */
export const FORBIDDEN_ENV: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ETCD_HELP: 'etcd prints its help and ends',
    ETCD_VERSION: 'etcd prints its version and ends',
    ETCD_PROXY: 'a proxy is not a member',
    ETCD_CONFIG_FILE: 'with a configuration file, etcd ignores all environment variables',
    ETCD_FORCE_NEW_CLUSTER: 'each member would become a cluster of its own at every start',
    ETCD_DISCOVERY: DNS,
    ETCD_DISCOVERY_ENDPOINTS: DNS,
    ETCD_DISCOVERY_FALLBACK: DNS,
    ETCD_DISCOVERY_PROXY: DNS,
    ETCD_DISCOVERY_SRV: DNS,
    ETCD_DISCOVERY_SRV_NAME: DNS,
    ETCD_DISCOVERY_TOKEN: DNS,
    ETCD_INITIAL_CLUSTER: 'members determine it when they start',
    ETCD_INITIAL_CLUSTER_TOKEN: 'members derive it from the prop clusterToken',
    ETCD_INITIAL_CLUSTER_STATE: 'members determine it when they start',
    ETCD_CERT_FILE: TLS,
    ETCD_CIPHER_SUITES: TLS,
    ETCD_KEY_FILE: TLS,
    ETCD_TRUSTED_CA_FILE: TLS,
    ETCD_CLIENT_CERT_AUTH: TLS,
    ETCD_AUTO_TLS: TLS,
    ETCD_PEER_CERT_FILE: TLS,
    ETCD_PEER_KEY_FILE: TLS,
    ETCD_PEER_TRUSTED_CA_FILE: TLS,
    ETCD_PEER_CLIENT_CERT_AUTH: TLS,
    ETCD_PEER_AUTO_TLS: TLS,
    ETCD_WAL_DIR: 'the write-ahead log must be in the data directory',
  }),
);

/** Why a variable would break the members, or undefined. */
export function forbiddenEnv(env: string): string | undefined {
  return FORBIDDEN_ENV.get(env) ?? (env.startsWith('ETCD_DISCOVERY') ? DNS : undefined);
}

/** `--quota-backend-bytes` is ETCD_QUOTA_BACKEND_BYTES in the environment. */
export function envOfFlag(argument: string): string {
  const flag = argument.replace(/^--/, '').split('=')[0] ?? '';
  return `ETCD_${flag.toUpperCase().replace(/-/g, '_')}`;
}

export function memberNames({ names, replicas }: ClusterConfig, count = replicas): string[] {
  return Array.from({ length: count }, (_, ordinal) => `${names.statefulSet}-${ordinal}`);
}

/**
 * A pattern for the names of all members, for any number of replicas. It does not match pods of jobs and of other
 * clusters.
 */
export function memberPattern(config: ClusterConfig): string {
  return `${config.names.statefulSet}-[0-9]+`;
}

/** Pattern of the names of the certificates that cert-manager issues for members and jobs. */
export function certificatePattern({ names }: ClusterConfig): string {
  return [names.serverTls, names.peerTls, names.clientTls].join('|');
}

/** Size of the quorum. */
export function quorum(config: ClusterConfig): number {
  return Math.floor(config.replicas / 2) + 1;
}

/** DNS domain of the members' Services. Their addresses never change. */
export function memberDomain(config: ClusterConfig): string {
  return `${config.namespace}.svc.${config.etcd.clusterDomain}`;
}

/** DNS domain of the members' pods. The address of a pod changes when it is replaced. */
export function podDomain(config: ClusterConfig): string {
  return `${config.names.headlessService}.${memberDomain(config)}`;
}

/** DNS domain of the members' URLs in etcd's member list. */
export function addressDomain(config: ClusterConfig): string {
  return config.memberAddresses === EtcdMemberAddresses.POD ? podDomain(config) : memberDomain(config);
}

export function memberUrl(config: ClusterConfig, member: string, port: number, urlScheme = scheme(config)): string {
  return `${urlScheme}://${member}.${addressDomain(config)}:${port}`;
}

/** Names by which clients reach members: over TLS, those that the certificates have. The members' Services have stable addresses. */
export function clientDomain(config: ClusterConfig): string {
  return tlsLevel(config) === 'required' ? addressDomain(config) : memberDomain(config);
}

/** Of the URLs between members, and of those that every client can use. */
export function scheme(config: ClusterConfig): string {
  return tlsLevel(config) === 'required' ? 'https' : 'http';
}

/** Of the URLs at which members serve clients. */
function clientSchemes(config: ClusterConfig): string[] {
  return tlsLevel(config) === 'optional' ? ['http', 'https'] : [scheme(config)];
}

/** How far TLS is enabled, for the scripts: src/scripts/member/transport.sh. */
export function tlsLevel({ tls }: ClusterConfig): string {
  if (!tls) return 'off';
  return tls.allowPlainHttp ? 'optional' : 'required';
}

/** Whether Prometheus may read on the phase port what members know about certificates: messages there are then authenticated. */
export function hasTlsMetrics(config: ClusterConfig): boolean {
  return tlsLevel(config) === 'required';
}

/** How pods log in as root: src/scripts/shared/etcdctl.sh. */
export function authLevel({ auth }: ClusterConfig): string {
  if (!auth) return 'off';
  return auth.rootPassword ? 'password' : 'certificate';
}

/** A name that the certificates of all members have, and no certificate of a client. */
export function peerName(config: ClusterConfig): string {
  return podDomain(config);
}

/** URL for clients. */
export function clientUrl(config: ClusterConfig, urlScheme = scheme(config)): string {
  const { clientService, etcd } = config;
  const port = clientService.enabled ? clientService.port : etcd.ports.client;
  return `${urlScheme}://${clientHost(config)}:${port}`;
}

/** Name of the Service for clients, which the certificates of all members have. */
export function clientHost(config: ClusterConfig): string {
  const { clientService, names } = config;
  return `${clientService.enabled ? names.clientService : names.headlessService}.${memberDomain(config)}`;
}

/** URL that a member advertises to clients outside. Kubernetes fills in its name and ordinal. */
function externalUrls({ externalAccess }: ClusterConfig): string[] {
  const pattern = externalAccess?.advertisedUrl;
  return pattern === undefined ? [] : [ofMember(pattern, '$(POD_NAME)', '$(POD_INDEX)')];
}

/** etcd 3.6 replaced experimental flags by feature gates. etcd 3.7 no longer has experimental flags. */
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
