import type { Duration } from 'cdk8s';
import { kube } from '../checks/kubernetes';
import type { Problems } from '../checks/problems';
import { type Fields, struct } from '../checks/struct';
import { bytes, flag, listOf, made, milliseconds, oneOf, port, seconds, text, whole } from '../checks/values';
import { dnsSubdomainProblem, tokenProblem } from '../grammar/names';
import { type k8s } from '../kubernetes';
import { ENVIRONMENT } from './cron-job';
import { DEFRAG_THRESHOLDS, type EtcdDefragThresholds } from './defrag';

/** Levels of etcd's log. Sets `--log-level`. @see https://etcd.io/docs/v3.6/op-guide/configuration/#logging */
export enum EtcdLogLevel {
  DEBUG = 'debug',
  INFO = 'info',
  WARN = 'warn',
  ERROR = 'error',
  PANIC = 'panic',
  FATAL = 'fatal',
}

/** When etcd drops old revisions by itself. @see https://etcd.io/docs/v3.6/op-guide/maintenance/#auto-compaction */
export class EtcdAutoCompaction {
  /** Revisions older than this are dropped. Sets `--auto-compaction-mode=periodic`; at least one second. */
  public static periodic(retention: Duration): EtcdAutoCompaction {
    return new EtcdAutoCompaction('periodic', retention, 0);
  }

  /** The newest so many revisions are kept. Sets `--auto-compaction-mode=revision`. */
  public static revision(retention: number): EtcdAutoCompaction {
    return new EtcdAutoCompaction('revision', undefined, retention);
  }

  /** Nothing is dropped: somebody else must compact, or the quota fills. Sets `--auto-compaction-retention=0`. */
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
    if (this.kind === 'periodic') seconds(1)(this.age, path, problems);
    if (this.kind === 'revision') whole(1, Number.MAX_SAFE_INTEGER)(this.revisions, path, problems);
  }

  /**
   * Values of the flags. The largest whole unit is written, as people write it.
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

/** Ports of a member's pod. The peer port is part of a member's identity: never change it on a live cluster. */
export interface EtcdPorts {
  /**
   * Clients. Part of `--listen-client-urls` and `--advertise-client-urls`.
   * @default 2379
   */
  readonly client?: number;

  /**
   * The other members. Part of `--listen-peer-urls` and `--initial-advertise-peer-urls`.
   * @default 2380
   */
  readonly peer?: number;

  /**
   * Metrics and probes, plain HTTP. Part of `--listen-metrics-urls`.
   * @default 2381
   */
  readonly metrics?: number;

  /**
   * What members tell each other before etcd runs. Open to members only.
   * @default 2382
   */
  readonly phase?: number;
}

const PORTS = { client: port, peer: port, metrics: port, phase: port } satisfies Fields<EtcdPorts>;

/** An argument of etcd: `--name=value` or `--name`. */
const ARGUMENT = text((v) =>
  /^--[a-z][a-z0-9-]*(=.*)?$/s.test(v) ? undefined : 'expected a flag of etcd as --name or --name=value',
);

/** etcd itself: its flags, and what it does by itself. */
export interface EtcdServerOptions {
  /**
   * How large the database may grow before etcd refuses writes, a Kubernetes quantity.
   * Sets `--quota-backend-bytes`.
   * @default '2Gi'
   * @see https://etcd.io/docs/v3.6/dev-guide/limit/#storage-size-limit
   */
  readonly quotaBackend?: string;

  /**
   * When old revisions are dropped. Sets `--auto-compaction-mode` and `--auto-compaction-retention`.
   * @default EtcdAutoCompaction.periodic(Duration.hours(1))
   */
  readonly autoCompaction?: EtcdAutoCompaction;

  /**
   * Time between the leader's heartbeats. Sets `--heartbeat-interval`.
   * @default Duration.millis(100)
   * @see https://etcd.io/docs/v3.6/tuning/#time-parameters
   */
  readonly heartbeatInterval?: Duration;

  /**
   * How long a member waits for a heartbeat before it stands for election: at least 5 heartbeats, at most 50 s.
   * Sets `--election-timeout`.
   * @default Duration.millis(1000)
   */
  readonly electionTimeout?: Duration;

  /**
   * Writes between two snapshots of the Raft log. Sets `--snapshot-count`.
   * @default 10000
   */
  readonly snapshotCount?: number;

  /**
   * Sets `--log-level`.
   * @default EtcdLogLevel.INFO
   */
  readonly logLevel?: EtcdLogLevel;

  /**
   * Largest request, a Kubernetes quantity. Sets `--max-request-bytes`.
   * @default '1536Ki'
   */
  readonly maxRequest?: string;

  /**
   * Most operations in one transaction. Sets `--max-txn-ops`.
   * @default 128
   */
  readonly maxTxnOps?: number;

  /**
   * Compare members' data when one starts, and after each compaction. Sets `--experimental-initial-corrupt-check` and
   * `--experimental-compact-hash-check-enabled` of etcd 3.5, the feature gates `InitialCorruptCheck` and
   * `CompactHashCheck` since 3.6. For other feature gates too, set this to false, and name all of them in `ETCD_FEATURE_GATES`.
   * @default true
   * @see https://etcd.io/docs/v3.6/op-guide/data_corruption/
   */
  readonly corruptionChecks?: boolean;

  /**
   * Tells clusters apart at their first start. Sets `--initial-cluster-token`.
   * @default - `<namespace>.<name>`
   */
  readonly clusterToken?: string;

  /**
   * The Kubernetes cluster's DNS domain. Part of members' URLs.
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;

  /**
   * Ports of a member's pod.
   * @default - 2379 client, 2380 peer, 2381 metrics, 2382 phase
   */
  readonly ports?: EtcdPorts;

  /**
   * When a member that starts defragments its database first, while the others serve; `addDefrag` lets go of members for the
   * same gain. It needs room for a second copy in the volume. Not in an outage, in which every second counts.
   * @default - 100Mi and 30 percent to win
   */
  readonly defragmentation?: EtcdDefragThresholds;

  /**
   * More environment of the etcd container. A name that the library sets is refused: use the prop.
   * @default - none
   */
  readonly extraEnv?: k8s.EnvVar[];

  /**
   * More environment of the etcd container, from ConfigMaps and Secrets. Sets `envFrom`.
   * @default - none
   */
  readonly extraEnvFrom?: k8s.EnvFromSource[];

  /**
   * More flags of etcd, as `--name=value`. A flag that the library sets is refused: use the prop.
   * @default - none
   */
  readonly extraArgs?: string[];
}

export const SERVER = {
  quotaBackend: bytes,
  autoCompaction: made(EtcdAutoCompaction, 'EtcdAutoCompaction.periodic(...), .revision(...) or .disabled()'),
  heartbeatInterval: milliseconds(1, 10_000),
  electionTimeout: milliseconds(10, 50_000),
  snapshotCount: whole(1, 1_000_000_000),
  logLevel: oneOf(EtcdLogLevel),
  maxRequest: bytes,
  maxTxnOps: whole(1, 1_000_000),
  corruptionChecks: flag,
  clusterToken: text(tokenProblem),
  clusterDomain: text(dnsSubdomainProblem),
  ports: struct(PORTS),
  defragmentation: struct(DEFRAG_THRESHOLDS),
  extraEnv: ENVIRONMENT,
  extraEnvFrom: listOf(kube('EnvFromSource')),
  extraArgs: listOf(ARGUMENT, (v) => v.split('=')[0]),
} satisfies Fields<EtcdServerOptions>;
