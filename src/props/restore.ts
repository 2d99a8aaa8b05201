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
   * Id of this restore: at most 40 lower-case letters, digits and `-`. With an id, a cluster that has data is restored
   * in place: all members restore the snapshot into a new data directory, `data-<id>`, and then switch to it together.
   * A new id starts a new restore. An earlier id switches back to the data of that time.
   * @default - none: only a cluster without data is restored
   */
  readonly id?: string;

  /**
   * Folder of the claim that has the snapshots. Refused for a remote: its path has the folder. Sets `subPath`.
   * @default - the claim's root
   */
  readonly subPath?: string;

  /**
   * The sha256 of the snapshot, as 64 hexadecimal digits, from the `.json` file next to it. Another file of that name
   * is refused.
   * @default - any verified snapshot of that name
   */
  readonly sha256?: string;

  /**
   * By how much the revision is raised. All earlier revisions are marked as compacted, so that watchers and caches
   * notice the restore and no revision is used twice. Sets `--bump-revision` and `--mark-compacted` of `etcdutl
   * snapshot restore`.
   * @default - 1000000000 with an id, 0 without
   * @see https://etcd.io/docs/v3.6/op-guide/recovery/#restoring-with-revision-bump
   */
  readonly bumpRevision?: number;

  /**
   * Whether to delete the old data from the volumes once the restored members serve. You cannot switch back after that.
   * @default false
   */
  readonly discardOldData?: boolean;

  /**
   * Resources of the container of the restore Job. A change creates another Job. Once the restore is done, use
   * `EtcdRestore.done` instead. Sets `resources`.
   * @default - 50m CPU and 256Mi memory
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
  /** Wait, and log why, until an operator decides. */
  WAIT = 'wait',
  /** Restore the newest verified snapshot of this cluster. */
  RESTORE_NEWEST = 'restore',
}

/** Reserved: as a file name, it means the newest snapshot. */
const NEWEST = 'newest';

/** Where a snapshot is. Nowhere if the restore is done. */
interface Source {
  readonly claimName?: string;
  readonly remote?: EtcdRemote;
  readonly fileName?: string;
  readonly newest?: boolean;
  readonly done?: boolean;
  /** The data from before all restores. */
  readonly original?: boolean;
}

/** Which snapshot a cluster is restored from. */
export class EtcdRestore {
  /**
   * A snapshot on a claim. Only the pod of the Job `<name>-restore-...` mounts the claim, read-only. Members download
   * the snapshot from this pod.
   * @param fileName name of the snapshot, such as `db-2025-01-06_11-18`
   */
  public static fromClaim(claimName: string, fileName: string, options: EtcdRestoreOptions = {}): EtcdRestore {
    return new EtcdRestore({ claimName, fileName }, options);
  }

  /** The newest verified snapshot on a claim. A verified snapshot has a `.json` file next to it. */
  public static newestFromClaim(claimName: string, options: EtcdRestoreOptions = {}): EtcdRestore {
    return new EtcdRestore({ claimName, fileName: NEWEST, newest: true }, options);
  }

  /** A snapshot at a remote. */
  public static fromRemote(remote: EtcdRemote, fileName: string, options: EtcdRestoreOptions = {}): EtcdRestore {
    return new EtcdRestore({ remote, fileName }, options);
  }

  /** The newest verified snapshot at a remote. A verified snapshot has a `.json` file next to it. */
  public static newestFromRemote(remote: EtcdRemote, options: EtcdRestoreOptions = {}): EtcdRestore {
    return new EtcdRestore({ remote, fileName: NEWEST, newest: true }, options);
  }

  /**
   * A restore in place that is done, for the commit after the restore. Members keep its data, and no longer need the
   * snapshot and the Job.
   * @param id id of that restore
   */
  public static done(id: string): EtcdRestore {
    return new EtcdRestore({ done: true }, { id });
  }

  /** The way back from restores in place: members switch to the data from before all of them. */
  public static original(): EtcdRestore {
    return new EtcdRestore({ done: true, original: true }, {});
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
    checkStruct(options, OPTIONS, source.done && !source.original ? ['id'] : [], path, problems);
    if ('remote' in source && options?.subPath !== undefined && !problems.touch(`${path}.subPath`))
      problems.add(`${path}.subPath`, 'is for claims only; put the folder in the path of the remote', options.subPath);
    if ('newest' in source && options?.sha256 !== undefined && !problems.touch(`${path}.sha256`))
      problems.add(
        `${path}.sha256`,
        'needs a file name, because the newest snapshot changes; use EtcdRestore.fromClaim(...) or fromRemote(...)',
        options.sha256,
      );
  }
}

function fileNameProblem(name: string): string | undefined {
  if (name === NEWEST)
    return 'means the newest snapshot; use EtcdRestore.newestFromClaim(...) or newestFromRemote(...)';
  if (name.endsWith('.json')) return 'is the metadata of a snapshot; use the name without .json';
  return /^[A-Za-z0-9_][A-Za-z0-9._:-]*$/.test(name) ? undefined : 'expected a file name, without a folder';
}

/** What members do when data is found or missing. */
export interface EtcdRecoveryOptions {
  /**
   * Whether this cluster has data. If true, no member ever bootstraps a new, empty cluster: if all claims are lost,
   * members wait and log why. Set it to true in the commit after the bootstrap. A change restarts nothing.
   * @default false
   */
  readonly existingCluster?: boolean;

  /**
   * Snapshot to restore: into a new cluster, or, with an `id`, in place. A restore is done once. A member that loses
   * its data later rejoins the others. Creates the Job `<name>-restore-...`, from which members download the snapshot.
   * @default - none: a new cluster starts empty, and a cluster with data stays on its data, also on that of a restore
   */
  readonly restoreFrom?: EtcdRestore;

  /**
   * What members do when all of them have lost their data although `existingCluster` is true. With RESTORE_NEWEST, the
   * next run of the snapshot job serves the newest verified snapshot of this cluster, from its claim or remote.
   * RESTORE_NEWEST is refused without `existingCluster` and without `addSnapshots`.
   * @default EtcdTotalLoss.WAIT
   */
  readonly onTotalLoss?: EtcdTotalLoss;
}

export const RECOVERY = {
  existingCluster: flag,
  restoreFrom: made(EtcdRestore, 'EtcdRestore.fromClaim(...) or another of its factories'),
  onTotalLoss: oneOf(EtcdTotalLoss),
} satisfies Fields<EtcdRecoveryOptions>;
