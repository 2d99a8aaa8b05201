import type { Duration } from 'cdk8s';
import type { k8s } from '../kubernetes';
import type { Fields } from '../checks/struct';
import { flag, kube, listOf, milliseconds, quantity, seconds, text, whole } from '../checks/values';
import type { Problems } from '../checks/problems';

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

  /** @internal */
  public get _mode(): string {
    return this.kind === 'revision' ? 'revision' : 'periodic';
  }

  /**
   * The flag's value; the largest whole unit is written, as people write it.
   * @internal
   */
  public get _retention(): string {
    if (this.kind === 'revision') return String(this.revisions);
    if (this.age === undefined) return '0';
    const total = this.age.toMilliseconds({ integral: false }) / 1000;
    if (total % 3600 === 0) return `${total / 3600}h`;
    return total % 60 === 0 ? `${total / 60}m` : `${total}s`;
  }
}

/** What a container may use. @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ */
export interface EtcdResources {
  /**
   * CPU that the scheduler sets aside. Sets `requests.cpu`, a Kubernetes quantity.
   * @default '250m' for members, '50m' for jobs
   */
  readonly cpuRequest?: string;

  /**
   * Sets `limits.cpu`. A member that is throttled misses heartbeats, so better leave it out.
   * @default - no limit
   */
  readonly cpuLimit?: string;

  /**
   * Memory, as request and as limit: what is promised is there. Sets `requests.memory` and `limits.memory`.
   * @default '2Gi' for members, '256Mi' for jobs
   */
  readonly memory?: string;

  /**
   * Local disk that the scheduler sets aside. Sets `requests.ephemeral-storage`.
   * @default - none
   */
  readonly ephemeralStorageRequest?: string;

  /**
   * Local disk that the container may use. Sets `limits.ephemeral-storage`.
   * @default - no limit
   */
  readonly ephemeralStorageLimit?: string;
}

export const RESOURCES: Fields<EtcdResources> = {
  cpuRequest: quantity,
  cpuLimit: quantity,
  memory: quantity,
  ephemeralStorageRequest: quantity,
  ephemeralStorageLimit: quantity,
};

/** Timings of a probe. The probe itself is fixed: plain HTTP, without shell or certificate. */
export interface EtcdProbeTimings {
  /**
   * Whether there is such a probe.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Sets `initialDelaySeconds`.
   * @default Duration.seconds(0)
   */
  readonly initialDelay?: Duration;

  /**
   * Sets `periodSeconds`.
   * @default - 1 s for startup, 2 s for readiness, 10 s for liveness
   */
  readonly period?: Duration;

  /**
   * Sets `timeoutSeconds`.
   * @default - 5 s for startup and readiness, 30 s for liveness
   */
  readonly timeout?: Duration;

  /**
   * Sets `failureThreshold`.
   * @default - 604800 for startup, 3 for readiness, 6 for liveness
   */
  readonly failureThreshold?: number;

  /**
   * Sets `successThreshold` of the readiness probe; the others must have 1.
   * @default 1
   */
  readonly successThreshold?: number;
}

export const PROBE: Fields<EtcdProbeTimings> = {
  enabled: flag,
  initialDelay: seconds(0),
  period: seconds(1),
  timeout: seconds(1),
  failureThreshold: whole(1, 1_000_000),
  successThreshold: whole(1, 100),
};

/** Startup and liveness probes succeed at the first success: Kubernetes takes no other number. */
export const ONCE: Fields<EtcdProbeTimings> = {
  ...PROBE,
  successThreshold: whole(1, 1, 'only the readiness probe has another'),
};

/** Who a pod runs as. The rest is Pod Security "restricted". @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
export interface EtcdSecurity {
  /**
   * Sets `runAsUser`; 0 is refused. Volumes written by Bitnami's image belong to 1001.
   * @default 1001
   */
  readonly user?: number;

  /**
   * Sets `runAsGroup`.
   * @default 1001
   */
  readonly group?: number;

  /**
   * Group that volumes are given to. Sets `fsGroup`, with `fsGroupChangePolicy: OnRootMismatch`.
   * @default 1001
   */
  readonly fsGroup?: number;

  /**
   * Name no user and no group, because the platform assigns them (OpenShift's restricted-v2).
   * @default false
   */
  readonly idsByPlatform?: boolean;

  /**
   * Sets `supplementalGroups`.
   * @default - none
   */
  readonly supplementalGroups?: number[];

  /**
   * Sets the pod's `seLinuxOptions`.
   * @default - none
   */
  readonly seLinuxOptions?: k8s.SeLinuxOptions;

  /**
   * Sets the pod's `sysctls`.
   * @default - none
   */
  readonly sysctls?: k8s.Sysctl[];
}

const ID = whole(1, 2_147_483_647, 'root is refused by Pod Security "restricted"');

export const SECURITY: Fields<EtcdSecurity> = {
  user: ID,
  group: ID,
  fsGroup: ID,
  idsByPlatform: flag,
  supplementalGroups: listOf(whole(1, 2_147_483_647), (id: number) => id),
  seLinuxOptions: kube('SeLinuxOptions'),
  sysctls: listOf(kube('Sysctl'), (s: k8s.Sysctl) => s.name),
};

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

/** How fast members notice a lost leader; an election takes 5 of them at least, and 50 s at most. */
export const HEARTBEAT = milliseconds(1, 10_000);
/** etcd itself refuses more than 50 s. */
export const ELECTION = milliseconds(10, 50_000);

/** How a changed pod template reaches the pods. @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies */
export class EtcdUpdateStrategy {
  /**
   * One pod after the other, the highest ordinal first.
   * @param partition pods with a lower ordinal stay as they are; 0 means all change
   */
  public static rollingUpdate(partition = 0): EtcdUpdateStrategy {
    return new EtcdUpdateStrategy('RollingUpdate', partition);
  }

  /** A pod changes when somebody deletes it. */
  public static onDelete(): EtcdUpdateStrategy {
    return new EtcdUpdateStrategy('OnDelete', undefined);
  }

  private constructor(
    /** @internal */
    public readonly _type: string,
    /** @internal */
    public readonly _partition: number | undefined,
  ) {}

  /** @internal */
  public _check(path: string, problems: Problems): void {
    if (this._partition !== undefined) whole(0, 9)(this._partition, path, problems);
  }
}

/** When a pod's image is pulled. @see https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy */
export enum EtcdImagePullPolicy {
  ALWAYS = 'Always',
  IF_NOT_PRESENT = 'IfNotPresent',
  NEVER = 'Never',
}

/** Whether two members may share a node. @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
export enum EtcdAntiAffinity {
  /** Only when there is no other place. */
  PREFERRED = 'preferred',
  /** Never: a pod waits for a node of its own. */
  REQUIRED = 'required',
  /** The scheduler may put them anywhere. */
  NONE = 'none',
}

/** An argument of etcd: `--name=value` or `--name`. */
export const ARGUMENT = text((v) =>
  /^--[a-z][a-z0-9-]*(=.*)?$/s.test(v) ? undefined : 'expected a flag of etcd as --name or --name=value',
);
