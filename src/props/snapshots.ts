import type { Duration } from 'cdk8s';
import { type Fields } from '../checks/struct';
import { flag, made, seconds, whole } from '../checks/values';
import { MINUTE, YEAR } from '../constants/time';
import { CRON_JOB, type EtcdCronJobOptions, SCHEDULE } from './cron-job';
import { type EtcdRemote, REMOTE } from './remote';
import { EtcdSnapshotStore } from './snapshot-store';

/** Options of the snapshot job. */
export interface EtcdSnapshotsOptions extends EtcdCronJobOptions {
  /**
   * When a snapshot is taken, in the syntax of Kubernetes' CronJobs: five fields, or a macro such as `@hourly`. Sets
   * `schedule`.
   * @default '*\/30 * * * *'
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
   */
  readonly schedule?: string;

  /** Where snapshots are kept. */
  readonly store: EtcdSnapshotStore;

  /**
   * The number of snapshots to keep, including the new one. Older ones are deleted once the new one is verified, except
   * the newest one of the data before, when the cluster was restored or began empty.
   * @default 48
   */
  readonly snapshotHistoryLimit?: number;

  /**
   * Remote to which each verified snapshot is copied. If a copy fails, a later run retries it. Restores and drills can
   * read from the remote.
   * @default - none
   */
  readonly remote?: EtcdRemote;

  /**
   * The number of snapshots to keep at the remote, including the new one, with the same exception.
   * @default - the same number as `snapshotHistoryLimit`
   */
  readonly remoteHistoryLimit?: number;

  /**
   * Whether to restore each snapshot into temporary space as a further check. Needs as much temporary space as the
   * snapshot. The checks that are always made: the sha256 is right, and the snapshot opens and has at least the
   * revision and the number of keys that the member had.
   * @default false
   */
  readonly trialRestore?: boolean;
}

/** Options of the restore drill: a job that restores the newest snapshot into a temporary etcd. */
export interface EtcdRestoreDrillOptions extends EtcdCronJobOptions {
  /**
   * When a drill runs, in the syntax of Kubernetes' CronJobs. Sets `schedule`.
   * @default '15 5 * * *'
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
   */
  readonly schedule?: string;

  /**
   * Whether to restore from the remote instead of the claim. True is refused without a remote, and false without a claim.
   * @default - false, or true if there is no claim
   */
  readonly fromRemote?: boolean;

  /**
   * How old the newest snapshot may be: from one minute to 10 years, and at least the longest gap in the schedule of
   * snapshots. If it is older, the drill fails.
   * @default Duration.days(1)
   */
  readonly maximumAge?: Duration;

  /**
   * Least number of keys in the restored etcd. With fewer, the drill fails.
   * @default 0
   */
  readonly minimumKeys?: number;
}

export const SNAPSHOTS = {
  ...CRON_JOB,
  schedule: SCHEDULE,
  store: made(
    EtcdSnapshotStore,
    'EtcdSnapshotStore.existingClaim(...), .persistentVolumeClaim(...) or .remoteOnly(...)',
  ),
  snapshotHistoryLimit: whole(1, 10_000),
  remote: REMOTE,
  remoteHistoryLimit: whole(1, 10_000),
  trialRestore: flag,
} satisfies Fields<EtcdSnapshotsOptions>;

export const RESTORE_DRILL = {
  ...CRON_JOB,
  schedule: SCHEDULE,
  fromRemote: flag,
  maximumAge: seconds(MINUTE, 10 * YEAR), // a schedule can have years between two snapshots
  minimumKeys: whole(0, Number.MAX_SAFE_INTEGER),
} satisfies Fields<EtcdRestoreDrillOptions>;
