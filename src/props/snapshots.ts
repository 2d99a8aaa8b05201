import type { Duration } from 'cdk8s';
import { type Fields } from '../checks/struct';
import { flag, made, seconds, whole } from '../checks/values';
import { CRON_JOB, type EtcdCronJobOptions, SCHEDULE } from './cron-job';
import { type EtcdRemote, REMOTE } from './remote';
import { EtcdSnapshotStore } from './snapshot-store';

/** When snapshots are taken, where they go, and how many are kept. */
export interface EtcdSnapshotsOptions extends EtcdCronJobOptions {
  /**
   * When a snapshot is taken: five fields or `@hourly` and the like, as Kubernetes reads them. Sets `schedule`.
   * @default '*\/30 * * * *'
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
   */
  readonly schedule?: string;

  /** Where snapshots are kept. */
  readonly store: EtcdSnapshotStore;

  /**
   * How many snapshots are kept, the new one included. Older ones go after the new one is there.
   * @default 48
   */
  readonly snapshotHistoryLimit?: number;

  /**
   * Where every proven snapshot is copied to, by a later run where its own could not. Restores and drills can read from there.
   * @default - nowhere
   */
  readonly remote?: EtcdRemote;

  /**
   * How many snapshots are kept at the remote, the new one included.
   * @default - as `snapshotHistoryLimit`
   */
  readonly remoteHistoryLimit?: number;

  /**
   * Restore every snapshot into scratch space before it is kept, besides the checks that are always made (its sha256, and
   * that it opens and has at least the revision and the keys that the member had). Takes as much temporary space again.
   * @default false
   */
  readonly trialRestore?: boolean;
}

/** When the newest snapshot is restored for a trial, and what counts as a failure. */
export interface EtcdRestoreDrillOptions extends EtcdCronJobOptions {
  /**
   * When a drill is held, as Kubernetes reads it. Sets `schedule`.
   * @default '15 5 * * *'
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
   */
  readonly schedule?: string;

  /**
   * Take the snapshot from the remote, which shows that the way back from there works. Refused without a remote.
   * @default - from the claim; from the remote where there is no claim
   */
  readonly fromRemote?: boolean;

  /**
   * How old the newest snapshot may be; an older one fails the drill.
   * @default Duration.days(1)
   */
  readonly maximumAge?: Duration;

  /**
   * How many keys the restored cluster must have at least.
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
  maximumAge: seconds(60),
  minimumKeys: whole(0, Number.MAX_SAFE_INTEGER),
} satisfies Fields<EtcdRestoreDrillOptions>;
