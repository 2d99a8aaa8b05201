import type { Duration } from 'cdk8s';
import { ENV_FROM } from '../checks/kubernetes/environment';
import { kube } from '../checks/kubernetes/kube';
import type { Problems } from '../checks/problems';
import { type Fields, struct } from '../checks/struct';
import { bytes, flag, listOf, made, milliseconds, oneOf, port, seconds, text, whole } from '../checks/values';
import { LEAST } from '../constants/least';
import { YEAR } from '../constants/time';
import { domainProblem, tokenProblem } from '../grammar/names';
import { expansionProblem } from '../grammar/expansion';
import { type k8s } from '../kubernetes';
import { ENVIRONMENT } from './cron-job';
import { DEFRAG_THRESHOLDS, type EtcdDefragThresholds } from './defrag';

/** Log level of etcd. Sets `--log-level`. @see https://etcd.io/docs/v3.6/op-guide/configuration/#logging */
export enum EtcdLogLevel {
  /** Everything, for debugging. */
  DEBUG = 'debug',
  /** Normal operation. */
  INFO = 'info',
  /** Warnings, such as slow requests, and errors. */
  WARN = 'warn',
  /** Errors. */
  ERROR = 'error',
  /** Only errors that crash etcd, and fatal errors. */
  PANIC = 'panic',
  /** Only errors that make etcd exit. */
  FATAL = 'fatal',
}

/** When etcd compacts old revisions. @see https://etcd.io/docs/v3.6/op-guide/maintenance/#auto-compaction */
export class EtcdAutoCompaction {
  /** Compacts revisions older than this: from one second to a year. Sets `--auto-compaction-mode=periodic`. */
  public static periodic(retention: Duration): EtcdAutoCompaction {
    return new EtcdAutoCompaction('periodic', retention, 0);
  }

  /** Keeps this number of revisions. Sets `--auto-compaction-mode=revision`. */
  public static revision(retention: number): EtcdAutoCompaction {
    return new EtcdAutoCompaction('revision', undefined, retention);
  }

  /**
   * No automatic compaction. Something else must compact, or the quota is used up. Sets
   * `--auto-compaction-retention=0`.
   */
  public static disabled(): EtcdAutoCompaction {
    return new EtcdAutoCompaction('disabled', undefined, 0);
  }

  private constructor(
    private readonly kind: string,
    private readonly age: Duration | undefined,
    private readonly revisions: number,
  ) {}

  /** @internal */
  public _check(path: string, problems: Problems): void {
    if (this.kind === 'periodic') seconds(1, YEAR)(this.age, path, problems);
    if (this.kind === 'revision') whole(1, Number.MAX_SAFE_INTEGER)(this.revisions, path, problems);
  }

  /**
   * Values of the flags, in the largest unit that gives a whole number.
   * @internal
   */
  public get _config(): { readonly mode: string; readonly retention: string } {
    return { mode: this.kind === 'revision' ? 'revision' : 'periodic', retention: this.retention };
  }

  private get retention(): string {
    if (this.kind === 'revision') return String(this.revisions);
    if (this.age === undefined) return '0';
    const total = this.age.toMilliseconds({ integral: false }) / 1000;
    if (total % 3600 === 0) return `${total / 3600}h`;
    return total % 60 === 0 ? `${total / 60}m` : `${total}s`;
  }
}

/**
 * Ports of a member's pod. Ports below 1024 are refused, because members do not run as root: for clients, set
 * `clientService.port`. They are allowed from `net.ipv4.ip_unprivileged_port_start` of `security.sysctls`, if it is set.
 * The peer port is part of the members' peer URLs: never change it on a live cluster.
 */
export interface EtcdPorts {
  /**
   * Port for clients. Part of `--listen-client-urls` and `--advertise-client-urls`.
   * @default 2379
   */
  readonly client?: number;

  /**
   * Port for the other members. Part of `--listen-peer-urls` and `--initial-advertise-peer-urls`.
   * @default 2380
   */
  readonly peer?: number;

  /**
   * Port for metrics and probes, in plain HTTP. Part of `--listen-metrics-urls`.
   * @default 2381
   */
  readonly metrics?: number;

  /**
   * Port for metrics over TLS, with the members' server certificate. Clients need a certificate as on the client port. The
   * plain port is then for members, jobs and probes only, and `networkPolicy.metrics` is about this port. Refused without
   * `tls`. Part of `--listen-metrics-urls`.
   * @default - none: Prometheus uses the plain port
   */
  readonly metricsTls?: number;

  /**
   * Port on which members tell each other their state before etcd runs. Open to members and jobs of this cluster,
   * and with TLS only to those that may scrape metrics.
   * @default 2382
   */
  readonly phase?: number;
}

const PORTS = {
  client: port,
  peer: port,
  metrics: port,
  metricsTls: port,
  phase: port,
} satisfies Fields<EtcdPorts>;

/** An argument of etcd: `--name=value` or `--name`. */
const ARGUMENT = text((v) =>
  /^--[a-z][a-z0-9-]*(=.*)?$/s.test(v) ? undefined : 'expected an etcd flag, as --name or --name=value',
);

/** Options of the etcd server. */
export interface EtcdServerOptions {
  /**
   * Largest size of the database, as a Kubernetes quantity: from 16Mi to 100Ti. Above it, etcd refuses writes. Sets
   * `--quota-backend-bytes`.
   * @default '2Gi'
   * @see https://etcd.io/docs/v3.6/dev-guide/limit/#storage-size-limit
   */
  readonly quotaBackend?: string;

  /**
   * When etcd compacts old revisions. Sets `--auto-compaction-mode` and `--auto-compaction-retention`.
   * @default EtcdAutoCompaction.periodic(Duration.hours(1))
   */
  readonly autoCompaction?: EtcdAutoCompaction;

  /**
   * Time between the leader's heartbeats: from 1 ms to 10 s. Sets `--heartbeat-interval`.
   * @default Duration.millis(100)
   * @see https://etcd.io/docs/v3.6/tuning/#time-parameters
   */
  readonly heartbeatInterval?: Duration;

  /**
   * How long a member waits for a heartbeat before it starts an election: at least 5 heartbeat intervals, at most 50 s.
   * Sets `--election-timeout`.
   * @default Duration.millis(1000)
   */
  readonly electionTimeout?: Duration;

  /**
   * Number of committed transactions between two snapshots of the Raft log. Sets `--snapshot-count`.
   * @default 10000
   */
  readonly snapshotCount?: number;

  /**
   * Log level. Sets `--log-level`.
   * @default EtcdLogLevel.INFO
   */
  readonly logLevel?: EtcdLogLevel;

  /**
   * Largest size of a request, as a Kubernetes quantity: at least 16Ki, and less than the quota. Above 10Mi, etcd warns.
   * Sets `--max-request-bytes`.
   * @default '1536Ki'
   */
  readonly maxRequest?: string;

  /**
   * Largest number of operations in a transaction. Sets `--max-txn-ops`.
   * @default 128
   */
  readonly maxTxnOps?: number;

  /**
   * Whether to compare the data of the members when one starts, and after each compaction. Sets
   * `--experimental-initial-corrupt-check` and `--experimental-compact-hash-check-enabled` of etcd 3.5, and the feature
   * gates `InitialCorruptCheck` and `CompactHashCheck` of etcd 3.6 and later. To set other feature gates, set this to
   * false and name all gates in `ETCD_FEATURE_GATES`.
   * @default true
   * @see https://etcd.io/docs/v3.6/op-guide/data_corruption/
   */
  readonly corruptionChecks?: boolean;

  /**
   * Token that is unique to this cluster, for its bootstrap. Sets `--initial-cluster-token`.
   * @default - `<namespace>.<name>`
   */
  readonly clusterToken?: string;

  /**
   * DNS domain of the Kubernetes cluster. Part of the members' URLs.
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;

  /**
   * Ports of a member's pod.
   * @default - 2379 client, 2380 peer, 2381 metrics, 2382 phase
   */
  readonly ports?: EtcdPorts;

  /**
   * Thresholds of defragmentation. A member that restarts while the others have a quorum defragments its database
   * before it starts etcd. It does not during an outage, to start faster. The job of `addDefrag` restarts members by
   * the same thresholds. The volume needs room for a second copy of the database.
   * @default - 100Mi and 30% of free space
   */
  readonly defragmentation?: EtcdDefragThresholds;

  /**
   * Additional environment variables of the etcd container. Variables that the library sets are refused: use the prop.
   * `$(NAME)` in values is refused, because the kubelet would replace it: use `valueFrom`.
   * @default - none
   */
  readonly extraEnv?: k8s.EnvVar[];

  /**
   * Additional environment variables of the etcd container, from ConfigMaps and Secrets. Sets `envFrom`.
   * @default - none
   */
  readonly extraEnvFrom?: k8s.EnvFromSource[];

  /**
   * Additional etcd flags, as `--name=value`. Flags that the library sets are refused: use the prop.
   * @default - none
   */
  readonly extraArgs?: string[];
}

export const SERVER = {
  quotaBackend: bytes(LEAST.quotaBackend),
  autoCompaction: made(EtcdAutoCompaction, 'EtcdAutoCompaction.periodic(...), .revision(...) or .disabled()'),
  heartbeatInterval: milliseconds(1, 10_000),
  electionTimeout: milliseconds(10, 50_000),
  snapshotCount: whole(1, 1_000_000_000),
  logLevel: oneOf(EtcdLogLevel),
  maxRequest: bytes(LEAST.maxRequest),
  maxTxnOps: whole(1, 1_000_000),
  corruptionChecks: flag,
  clusterToken: text(tokenProblem, expansionProblem),
  clusterDomain: text(domainProblem),
  ports: struct(PORTS),
  defragmentation: struct(DEFRAG_THRESHOLDS),
  extraEnv: ENVIRONMENT,
  extraEnvFrom: listOf(kube('EnvFromSource', ENV_FROM)),
  extraArgs: listOf(ARGUMENT, (v) => v.split('=')[0]),
} satisfies Fields<EtcdServerOptions>;
