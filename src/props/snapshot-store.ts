import type { Problems } from '../checks/problems';
import { checkStruct, type Fields } from '../checks/struct';
import { annotationMap, filledListOf, oneOf, ownLabels, quantity, text } from '../checks/values';
import { dnsSubdomainProblem } from '../grammar/names';
import { EtcdAccessMode } from './storage';

/** A claim that exists already. */
export interface EtcdExistingClaimOptions {
  /**
   * Folder of the claim that holds the snapshots. Sets `subPath`.
   * @default - the claim's root
   */
  readonly subPath?: string;
}

/** A claim made for the snapshots. */
export interface EtcdSnapshotClaimOptions extends EtcdExistingClaimOptions {
  /**
   * Name of the claim.
   * @default - `<cluster>-snapshotter`, the chart's name
   */
  readonly name?: string;

  /**
   * Size of the claim, a Kubernetes quantity.
   * @default '10Gi'
   */
  readonly size?: string;

  /**
   * Storage class. The empty string asks for a volume without a class.
   * @default - the cluster's default class
   */
  readonly storageClassName?: string;

  /**
   * Only the job mounts the claim, so one node at a time is enough.
   * @default [EtcdAccessMode.READ_WRITE_ONCE]
   */
  readonly accessModes?: EtcdAccessMode[];

  /**
   * Labels of the claim.
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the claim, besides those that keep Argo CD and Flux from pruning it.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}

/** A path below a volume, as subPath takes it. */
export const SUB_PATH = text((v) =>
  v !== '' && !v.startsWith('/') && !v.split('/').includes('..') ? undefined : 'expected a relative path without ".."',
);

/** Checks of the claim that is made for snapshots. */
const SNAPSHOT_CLAIM = {
  name: text(dnsSubdomainProblem),
  subPath: SUB_PATH,
  size: quantity,
  storageClassName: text((v) => (v === '' ? undefined : dnsSubdomainProblem(v))),
  accessModes: filledListOf(oneOf(EtcdAccessMode), (mode) => mode),
  labels: ownLabels,
  annotations: annotationMap,
} satisfies Fields<EtcdSnapshotClaimOptions>;

const EXISTING_CLAIM = { subPath: SUB_PATH } satisfies Fields<EtcdExistingClaimOptions>;

/** Space for a snapshot on its way to a remote. */
export interface EtcdScratchOptions {
  /**
   * Most that it may take, a Kubernetes quantity. Sets `sizeLimit` of an emptyDir.
   * @default - what the node has
   */
  readonly sizeLimit?: string;
}

const SCRATCH = { sizeLimit: quantity } satisfies Fields<EtcdScratchOptions>;

/** Where snapshots are kept. */
export class EtcdSnapshotStore {
  /** A claim that exists already, such as the guide's `nfs-etcd-backup`. */
  public static existingClaim(name: string, options: EtcdExistingClaimOptions = {}): EtcdSnapshotStore {
    return new EtcdSnapshotStore(name, undefined, options, undefined);
  }

  /** A claim that is made along with the job. Argo CD and Flux are told never to prune it. */
  public static persistentVolumeClaim(options: EtcdSnapshotClaimOptions = {}): EtcdSnapshotStore {
    return new EtcdSnapshotStore(undefined, options, options, undefined);
  }

  /** No claim: only the `remote` of the snapshots keeps them. Sets an `emptyDir` of the job's pod. */
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
    if (this._scratch) checkStruct(this._scratch, SCRATCH, [], path, problems);
    else if (this._claim) checkStruct(this._claim, SNAPSHOT_CLAIM, [], path, problems);
    else {
      text(dnsSubdomainProblem)(this._existing, path, problems);
      checkStruct(this._options, EXISTING_CLAIM, [], path, problems);
    }
  }
}
