import { accessModesProblem, CLAIM_TEMPLATE } from '../checks/kubernetes/claim';
import { kube } from '../checks/kubernetes/kube';
import { LABEL_SELECTOR } from '../checks/kubernetes/selector';
import type { Problems } from '../checks/problems';
import { type Check, checkStruct, type Fields, struct } from '../checks/struct';
import { annotationMap, filledListOf, flag, labelMap, listOf, made, oneOf, size, text } from '../checks/values';
import { LEAST } from '../constants/least';
import { dnsSubdomainProblem } from '../grammar/names';
import { type k8s } from '../kubernetes';

/** Access mode of a claim. @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes */
export enum EtcdAccessMode {
  /** Mounted read-write by the pods of one node. */
  READ_WRITE_ONCE = 'ReadWriteOnce',
  /** Mounted read-write by one pod. */
  READ_WRITE_ONCE_POD = 'ReadWriteOncePod',
  /** Mounted read-write by the pods of many nodes. */
  READ_WRITE_MANY = 'ReadWriteMany',
  /** Mounted read-only by the pods of many nodes. */
  READ_ONLY_MANY = 'ReadOnlyMany',
}

/**
 * Retention of the members' claims.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention
 */
export enum EtcdClaimRetention {
  /** Keeps the claims. */
  RETAIN = 'Retain',
  /** Deletes the claims and their data. */
  DELETE = 'Delete',
}

/** When Kubernetes deletes the members' claims. */
export interface EtcdClaimRetentionPolicy {
  /**
   * What happens to the claims of removed members when `replicas` is lowered. Sets
   * `persistentVolumeClaimRetentionPolicy.whenScaled`.
   * @default EtcdClaimRetention.RETAIN
   */
  readonly whenScaled?: EtcdClaimRetention;

  /**
   * What happens to the claims when the StatefulSet is deleted. Sets
   * `persistentVolumeClaimRetentionPolicy.whenDeleted`.
   * @default EtcdClaimRetention.RETAIN
   */
  readonly whenDeleted?: EtcdClaimRetention;
}

const CLAIM_RETENTION = {
  whenScaled: oneOf(EtcdClaimRetention),
  whenDeleted: oneOf(EtcdClaimRetention),
} satisfies Fields<EtcdClaimRetentionPolicy>;

/** Options of the members' claims. All of them are immutable once the cluster exists. */
export interface EtcdClaimOptions {
  /**
   * Size of each claim, as a Kubernetes quantity. Use at least twice the quota plus 1Gi: the write-ahead log and the
   * second copy during defragmentation need room. Sets `resources.requests.storage`.
   * @default '8Gi'
   */
  readonly size?: string;

  /**
   * Name of the storage class. An empty string requests a volume without a class. Sets `storageClassName`.
   * @default - the default class of the Kubernetes cluster
   */
  readonly storageClassName?: string;

  /**
   * Sets `accessModes`.
   * @default [EtcdAccessMode.READ_WRITE_ONCE]
   */
  readonly accessModes?: EtcdAccessMode[];

  /**
   * Selects existing volumes that the claims may bind. Sets `selector`.
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

/** Options of an emptyDir, which is lost with its pod. */
export interface EtcdEmptyDirOptions {
  /**
   * Largest size, as a Kubernetes quantity. Sets `emptyDir.sizeLimit`.
   * @default - no limit
   */
  readonly sizeLimit?: string;

  /**
   * Whether to keep the data in memory. It counts against the container's memory limit. Sets `emptyDir.medium: Memory`.
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

  /** No claims: a pod that is deleted loses its data. For tests only. The library warns about it. */
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

function readOnlyProblem(modes: readonly EtcdAccessMode[]): string | undefined {
  return modes.every((mode) => mode === EtcdAccessMode.READ_ONLY_MANY)
    ? 'expected a mode for writing, such as ReadWriteOnce; add it'
    : undefined;
}

/** Access modes that Kubernetes accepts together, with one of them for writing. */
export const ACCESS_MODES: Check<readonly EtcdAccessMode[]> = (value, path, problems) => {
  const modes = filledListOf(oneOf(EtcdAccessMode), (mode) => mode)(value, path, problems);
  const problem = modes && (readOnlyProblem(modes) ?? accessModesProblem(modes));
  if (problem !== undefined) problems.add(path, problem, value);
  return modes;
};

/** Checks of a member's claim. */
const CLAIM = {
  size: size(LEAST.memberVolume),
  storageClassName: text((v) => (v === '' ? undefined : dnsSubdomainProblem(v))),
  accessModes: ACCESS_MODES,
  selector: kube('LabelSelector', LABEL_SELECTOR),
  labels: labelMap,
  annotations: annotationMap,
} satisfies Fields<EtcdClaimOptions>;

const EMPTY_DIR = { sizeLimit: size(LEAST.memberVolume), inMemory: flag } satisfies Fields<EtcdEmptyDirOptions>;

/** Storage of the members. */
export interface EtcdStorageOptions {
  /**
   * Where members keep their data. Immutable once the cluster exists.
   * @default - a claim of 8Gi for each member, of the default storage class
   */
  readonly storage?: EtcdStorage;

  /**
   * When Kubernetes deletes the members' claims.
   * @default - never
   */
  readonly claimRetentionPolicy?: EtcdClaimRetentionPolicy;

  /**
   * Additional claims for each member. Immutable once the cluster exists. Adds to `volumeClaimTemplates`.
   * @default - none
   */
  readonly extraVolumeClaimTemplates?: k8s.KubePersistentVolumeClaimProps[];
}

export const STORAGE = {
  storage: made(EtcdStorage, 'EtcdStorage.persistentVolumeClaim(...) or EtcdStorage.emptyDir()'),
  claimRetentionPolicy: struct(CLAIM_RETENTION),
  extraVolumeClaimTemplates: listOf(
    kube('KubePersistentVolumeClaimProps', CLAIM_TEMPLATE),
    (claim) => claim.metadata?.name,
  ),
} satisfies Fields<EtcdStorageOptions>;
