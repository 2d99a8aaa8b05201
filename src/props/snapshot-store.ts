import type { Problems } from '../checks/problems';
import { type Check, checkStruct, type Fields } from '../checks/struct';
import { annotationMap, ownLabels, size, text } from '../checks/values';
import { LEAST } from '../constants/least';
import { PRUNE_GUARDS, type StringMap } from '../constants/names';
import { dnsSubdomainProblem } from '../grammar/names';
import { ACCESS_MODES, type EtcdAccessMode } from './storage';

/** Options of an existing claim. */
export interface EtcdExistingClaimOptions {
  /**
   * Folder of the claim that has the snapshots. Sets `subPath`.
   * @default - the claim's root
   */
  readonly subPath?: string;
}

/** Options of a claim that is created for the snapshots. */
export interface EtcdSnapshotClaimOptions extends EtcdExistingClaimOptions {
  /**
   * Name of the claim.
   * @default - `<cluster>-snapshotter`, as in Bitnami's chart
   */
  readonly name?: string;

  /**
   * Size of the claim, as a Kubernetes quantity. Use at least the quota times (`snapshotHistoryLimit` + 1): a new
   * snapshot is written before an old one is deleted.
   * @default '10Gi'
   */
  readonly size?: string;

  /**
   * Name of the storage class. An empty string requests a volume without a class.
   * @default - the default class of the Kubernetes cluster
   */
  readonly storageClassName?: string;

  /**
   * Access modes of the claim. Only jobs mount it, so access from one node at a time is enough.
   * @default [EtcdAccessMode.READ_WRITE_ONCE]
   */
  readonly accessModes?: EtcdAccessMode[];

  /**
   * Labels of the claim.
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the claim. Those that keep Argo CD and Flux from pruning it are set by the library, and refused here.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}

/** A path in a volume, for subPath. */
export const SUB_PATH = text((v) =>
  v !== '' && !v.startsWith('/') && !v.split('/').includes('..') ? undefined : 'expected a relative path without ".."',
);

/** Annotations that keep Argo CD and Flux from deleting the snapshots. */
const CLAIM_ANNOTATIONS: Check<StringMap> = (value, path, problems) => {
  const annotations = annotationMap(value, path, problems);
  for (const key of Object.keys(PRUNE_GUARDS))
    if (annotations?.[key] !== undefined)
      problems.add(
        `${path}.${key}`,
        'is set by the library, because snapshots must outlive the cluster; remove it, or use an existing claim',
        annotations[key],
      );
  return annotations;
};

/** Checks of the claim that is created for snapshots. */
const SNAPSHOT_CLAIM = {
  name: text(dnsSubdomainProblem),
  subPath: SUB_PATH,
  size: size(LEAST.snapshotVolume),
  storageClassName: text((v) => (v === '' ? undefined : dnsSubdomainProblem(v))),
  accessModes: ACCESS_MODES,
  labels: ownLabels,
  annotations: CLAIM_ANNOTATIONS,
} satisfies Fields<EtcdSnapshotClaimOptions>;

const EXISTING_CLAIM = { subPath: SUB_PATH } satisfies Fields<EtcdExistingClaimOptions>;

/** Options of the temporary space for a snapshot that goes to a remote. */
export interface EtcdScratchOptions {
  /**
   * Largest size, as a Kubernetes quantity: at least the quota. Sets `sizeLimit` of an emptyDir.
   * @default - no limit
   */
  readonly sizeLimit?: string;
}

const SCRATCH = { sizeLimit: size(LEAST.snapshotVolume) } satisfies Fields<EtcdScratchOptions>;

/** Where snapshots are kept. */
export class EtcdSnapshotStore {
  /** An existing claim, such as `nfs-etcd-backup`. */
  public static existingClaim(name: string, options: EtcdExistingClaimOptions = {}): EtcdSnapshotStore {
    return new EtcdSnapshotStore(name, undefined, options, undefined);
  }

  /** A claim that is created together with the job. Its annotations keep Argo CD and Flux from pruning it. */
  public static persistentVolumeClaim(options: EtcdSnapshotClaimOptions = {}): EtcdSnapshotStore {
    return new EtcdSnapshotStore(undefined, options, options, undefined);
  }

  /** No claim: snapshots are kept at the `remote` only. Uses an `emptyDir` of the job's pod. */
  public static remoteOnly(options: EtcdScratchOptions = {}): EtcdSnapshotStore {
    return new EtcdSnapshotStore(undefined, undefined, {}, options);
  }

  private constructor(
    /** @internal */
    public readonly _existing: string | undefined,
    /** @internal */
    public readonly _claim: EtcdSnapshotClaimOptions | undefined,
    /** @internal */
    public readonly _options: EtcdExistingClaimOptions,
    /** @internal */
    public readonly _scratch: EtcdScratchOptions | undefined,
  ) {}

  /** @internal */
  public _check(path: string, problems: Problems): void {
    if (this._scratch !== undefined) checkStruct(this._scratch, SCRATCH, [], path, problems);
    else if (this._claim !== undefined) checkStruct(this._claim, SNAPSHOT_CLAIM, [], path, problems);
    else {
      text(dnsSubdomainProblem)(this._existing, path, problems);
      checkStruct(this._options, EXISTING_CLAIM, [], path, problems);
    }
  }
}
