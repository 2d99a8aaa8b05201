import type { Problems } from '../checks/problems';
import { checkStruct, type Fields, struct } from '../checks/struct';
import { flag, made, oneOf, text, whole } from '../checks/values';
import { dnsSubdomainProblem } from '../grammar/names';
import { type EtcdRemote, REMOTE } from './remote';
import { type EtcdResources, RESOURCES } from './resources';
import { SUB_PATH } from './snapshot-store';

/** How a snapshot is restored. */
export interface EtcdRestoreOptions {
  /**
   * Name of this restore: lower-case letters, digits and `-`, at most 40. With an id, a cluster that has data takes the
   * restore up in place: all members restore the snapshot beside their data and then change over together. A new id is a
   * new restore; an id of before, or none, goes back to the data of that time. Names the data directory: `data-<id>`.
   * @default - only a cluster without data is restored
   */
  readonly id?: string;

  /**
   * Folder of the claim that holds the snapshots. Refused for a remote, whose path has it. Sets `subPath`.
   * @default - the claim's root
   */
  readonly subPath?: string;

  /**
   * The sha256 that the file must have, 64 hexadecimal digits, as in the `.json` beside it. Any other file is refused.
   * @default - any file of that name that is a proven snapshot
   */
  readonly sha256?: string;

  /**
   * How far the restored revision is raised, with all revisions before marked as compacted, so that watchers and caches
   * notice and never see a revision twice. Sets `--bump-revision` and `--mark-compacted` of `etcdutl snapshot restore`.
   * @default - 1000000000 with an id, otherwise 0
   * @see https://etcd.io/docs/v3.6/op-guide/recovery/#restoring-with-revision-bump
   */
  readonly bumpRevision?: number;

  /**
   * Remove the data of before from the volumes, once the restored members serve. There is no way back then.
   * @default false
   */
  readonly discardOldData?: boolean;

  /**
   * What the container of the Job that brings the snapshot may use. Sets `resources`. A change makes another Job; once the
   * restore is done, `EtcdRestore.done` takes the place of all this.
   * @default - 50m CPU, 256Mi memory
   */
  readonly resources?: EtcdResources;
}

const OPTIONS = {
  id: text((v) =>
    /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(v)
      ? undefined
      : 'expected at most 40 lower-case letters, digits and "-", with a letter or digit at both ends',
  ),
  subPath: SUB_PATH,
  sha256: text((v) => (/^[0-9a-f]{64}$/.test(v) ? undefined : 'expected 64 hexadecimal digits in lower case')),
  bumpRevision: whole(0, 1_000_000_000_000_000),
  discardOldData: flag,
  resources: struct(RESOURCES),
} satisfies Fields<EtcdRestoreOptions>;

/** What members do when all of them have lost their data. */
export enum EtcdTotalLoss {
  /** Wait, and say so: somebody decides. */
  WAIT = 'wait',
  /** Restore the newest proven snapshot of this cluster. */
  RESTORE_NEWEST = 'restore',
}

/** What a file name must not be, since it stands for the newest. */
const NEWEST = 'newest';

/** Where a snapshot is; nowhere, when the restore is done. */
interface Source {
  readonly claimName?: string;
  readonly remote?: EtcdRemote;
  readonly fileName?: string;
  readonly newest?: boolean;
  readonly done?: boolean;
}

/** Which snapshot a cluster is restored from. */
export class EtcdRestore {
  /**
   * A snapshot on a claim. Only the pod of the Job `<name>-restore-...` mounts it, read-only; members fetch it from there.
   * @param fileName name of the snapshot, such as `db-2025-01-06_11-18`
   */
  public static fromClaim(claimName: string, fileName: string, options: EtcdRestoreOptions = {}): EtcdRestore {
    return new EtcdRestore({ claimName, fileName }, options);
  }

  /** The newest snapshot on a claim that has been proven, which is one with a `.json` beside it. */
  public static newestFromClaim(claimName: string, options: EtcdRestoreOptions = {}): EtcdRestore {
    return new EtcdRestore({ claimName, fileName: NEWEST, newest: true }, options);
  }

  /** A snapshot at a remote. */
  public static fromRemote(remote: EtcdRemote, fileName: string, options: EtcdRestoreOptions = {}): EtcdRestore {
    return new EtcdRestore({ remote, fileName }, options);
  }

  /** The newest snapshot at a remote that has been proven, which is one with a `.json` beside it. */
  public static newestFromRemote(remote: EtcdRemote, options: EtcdRestoreOptions = {}): EtcdRestore {
    return new EtcdRestore({ remote, fileName: NEWEST, newest: true }, options);
  }

  /**
   * A restore in place that has been done: members stay on its data, and need neither the snapshot nor the Job any more. For the
   * commit after the restore.
   * @param id of that restore
   */
  public static done(id: string): EtcdRestore {
    return new EtcdRestore({ done: true }, { id });
  }

  private constructor(
    /** @internal */
    public readonly _source: Source,
    /** @internal */
    public readonly _options: EtcdRestoreOptions,
  ) {}

  /** @internal */
  public _check(path: string, problems: Problems): void {
    const { _source: source, _options: options } = this;
    if ('remote' in source) REMOTE(source.remote, `${path}.remote`, problems);
    else if ('claimName' in source) text(dnsSubdomainProblem)(source.claimName, `${path}.claimName`, problems);
    if ('fileName' in source && !source.newest) text(fileNameProblem)(source.fileName, `${path}.fileName`, problems);
    checkStruct(options, OPTIONS, 'done' in source ? ['id'] : [], path, problems);
    if ('remote' in source && options?.subPath !== undefined)
      problems.add(`${path}.subPath`, 'is for claims; put the folder into the path of the remote', options.subPath);
    if ('newest' in source && options?.sha256 !== undefined)
      problems.add(
        `${path}.sha256`,
        'is of one file, and the newest is another one soon; name the file',
        options.sha256,
      );
  }
}

function fileNameProblem(name: string): string | undefined {
  if (name === NEWEST) return 'stands for the newest; use EtcdRestore.newestFromClaim(...) or newestFromRemote(...)';
  return /^[A-Za-z0-9_][A-Za-z0-9._:-]*$/.test(name) ? undefined : 'expected the name of one file, without a folder';
}

/** What members do with data that they find, or miss. */
export interface EtcdRecoveryOptions {
  /**
   * Says that this cluster has data: then no member ever starts empty, not even when the claims of all of them are gone;
   * they wait and say so. Set it in the commit after the first start. It restarts nothing.
   * @default false
   */
  readonly existingCluster?: boolean;

  /**
   * Restore this snapshot: into a new cluster, or, with an `id`, in place. Once it is done it is never done again: a member
   * that loses its data joins the others. Makes the Job `<name>-restore-...`, which brings the snapshot to the members.
   * @default - start empty
   */
  readonly restoreFrom?: EtcdRestore;

  /**
   * What members do when all of them have lost their data, although `existingCluster` says that there were some. With
   * RESTORE_NEWEST, the next run of the snapshot job brings them the newest proven snapshot of this cluster, from its claim
   * or remote. Refused without `existingCluster`, and without `addSnapshots`.
   * @default EtcdTotalLoss.WAIT
   */
  readonly onTotalLoss?: EtcdTotalLoss;
}

export const RECOVERY = {
  existingCluster: flag,
  restoreFrom: made(EtcdRestore, 'EtcdRestore.fromClaim(...) or another of its factories'),
  onTotalLoss: oneOf(EtcdTotalLoss),
} satisfies Fields<EtcdRecoveryOptions>;
