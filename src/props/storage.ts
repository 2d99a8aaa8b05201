import { kube } from '../checks/kubernetes';
import type { Problems } from '../checks/problems';
import { checkStruct, type Fields, struct } from '../checks/struct';
import { annotationMap, filledListOf, flag, labelMap, listOf, made, oneOf, quantity, text } from '../checks/values';
import { dnsSubdomainProblem } from '../grammar/names';
import { type k8s } from '../kubernetes';

/** How a volume may be mounted. @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes */
export enum EtcdAccessMode {
  /** By the pods of one node. */
  READ_WRITE_ONCE = 'ReadWriteOnce',
  /** By one pod. */
  READ_WRITE_ONCE_POD = 'ReadWriteOncePod',
  /** By many nodes. */
  READ_WRITE_MANY = 'ReadWriteMany',
  /** By many nodes, for reading. */
  READ_ONLY_MANY = 'ReadOnlyMany',
}

/** What becomes of members' claims. @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention */
export enum EtcdClaimRetention {
  /** The claims stay. */
  RETAIN = 'Retain',
  /** The claims go, and the data with them. */
  DELETE = 'Delete',
}

/** When Kubernetes deletes members' claims by itself. */
export interface EtcdClaimRetentionPolicy {
  /**
   * When `replicas` goes down. Sets `persistentVolumeClaimRetentionPolicy.whenScaled`.
   * @default EtcdClaimRetention.RETAIN
   */
  readonly whenScaled?: EtcdClaimRetention;

  /**
   * When the StatefulSet is deleted. Sets `persistentVolumeClaimRetentionPolicy.whenDeleted`.
   * @default EtcdClaimRetention.RETAIN
   */
  readonly whenDeleted?: EtcdClaimRetention;
}

const CLAIM_RETENTION = {
  whenScaled: oneOf(EtcdClaimRetention),
  whenDeleted: oneOf(EtcdClaimRetention),
} satisfies Fields<EtcdClaimRetentionPolicy>;

/** One claim for each member. All of it is immutable once the cluster exists. */
export interface EtcdClaimOptions {
  /**
   * Size of a member's volume, a Kubernetes quantity. Should be at least twice the quota plus 1Gi: the
   * write-ahead log and defragmentation's second copy need room. Sets `resources.requests.storage`.
   * @default '8Gi'
   */
  readonly size?: string;

  /**
   * Storage class. The empty string asks for a volume without a class. Sets `storageClassName`.
   * @default - the cluster's default class
   */
  readonly storageClassName?: string;

  /**
   * Sets `accessModes`.
   * @default [EtcdAccessMode.READ_WRITE_ONCE]
   */
  readonly accessModes?: EtcdAccessMode[];

  /**
   * Which existing volumes the claims may bind. Sets `selector`.
   * @default - any
   */
  readonly selector?: k8s.LabelSelector;

  /**
   * Labels of the claims.
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the claims.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}

/** A volume that is lost with its pod. */
export interface EtcdEmptyDirOptions {
  /**
   * Sets `emptyDir.sizeLimit`, a Kubernetes quantity.
   * @default - the node's disk
   */
  readonly sizeLimit?: string;

  /**
   * Keep it in memory. Sets `emptyDir.medium: Memory`; the data count against the container's memory limit.
   * @default false
   */
  readonly inMemory?: boolean;
}

/** Where members keep their data. @see https://etcd.io/docs/v3.6/op-guide/hardware/#disks */
export class EtcdStorage {
  /** A claim for each member, named `data-<name>-<ordinal>`. */
  public static persistentVolumeClaim(options: EtcdClaimOptions = {}): EtcdStorage {
    return new EtcdStorage(options, undefined);
  }

  /** No claim: a pod that is deleted loses its data. For tests only; there is a warning. */
  public static emptyDir(options: EtcdEmptyDirOptions = {}): EtcdStorage {
    return new EtcdStorage(undefined, options);
  }

  private constructor(
    /** @internal */
    public readonly _claim: EtcdClaimOptions | undefined,
    /** @internal */
    public readonly _emptyDir: EtcdEmptyDirOptions | undefined,
  ) {}

  /** @internal */
  public _check(path: string, problems: Problems): void {
    if (this._emptyDir === undefined) checkStruct(this._claim, CLAIM, [], path, problems);
    else checkStruct(this._emptyDir, EMPTY_DIR, [], path, problems);
  }
}

/** Checks of a member's claim. */
const CLAIM = {
  size: quantity,
  storageClassName: text((v) => (v === '' ? undefined : dnsSubdomainProblem(v))),
  accessModes: filledListOf(oneOf(EtcdAccessMode), (mode) => mode),
  selector: kube('LabelSelector'),
  labels: labelMap,
  annotations: annotationMap,
} satisfies Fields<EtcdClaimOptions>;

const EMPTY_DIR = { sizeLimit: quantity, inMemory: flag } satisfies Fields<EtcdEmptyDirOptions>;

/** Where members keep their data, and what becomes of it. */
export interface EtcdStorageOptions {
  /**
   * Where members keep their data. Immutable once the cluster exists.
   * @default - a claim of 8Gi of the default class for each member
   */
  readonly storage?: EtcdStorage;

  /**
   * When Kubernetes deletes members' claims by itself.
   * @default - never
   */
  readonly claimRetentionPolicy?: EtcdClaimRetentionPolicy;

  /**
   * More claims for each member. Sets further `volumeClaimTemplates`; immutable once the cluster exists.
   * @default - none
   */
  readonly extraVolumeClaimTemplates?: k8s.KubePersistentVolumeClaimProps[];
}

export const STORAGE = {
  storage: made(EtcdStorage, 'EtcdStorage.persistentVolumeClaim(...) or EtcdStorage.emptyDir()'),
  claimRetentionPolicy: struct(CLAIM_RETENTION),
  extraVolumeClaimTemplates: listOf(
    kube('KubePersistentVolumeClaimProps', 'metadata', 'spec'),
    (claim) => claim.metadata?.name,
  ),
} satisfies Fields<EtcdStorageOptions>;
