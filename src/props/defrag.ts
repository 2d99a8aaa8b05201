import type { Duration } from 'cdk8s';
import { type Fields } from '../checks/struct';
import { bytes, flag, oneOf, seconds, text, whole } from '../checks/values';
import { DAY, WEEK } from '../constants/time';
import { imageReferenceProblem } from '../grammar/image-reference';
import { CRON_JOB, type EtcdCronJobOptions, SCHEDULE } from './cron-job';

/** How members are defragmented. */
export enum EtcdDefragMethod {
  /**
   * The job evicts one member's pod at a time. The new pod runs `etcdutl defrag` before it starts etcd. The member's
   * clients move to other members first, so no request fails.
   */
  OFFLINE = 'offline',
  /** The job runs `etcdctl defrag` on running members. Each blocks its clients until it is done. */
  ONLINE = 'online',
}

/** How much free space a member must have before it is defragmented. Both thresholds must be reached. */
export interface EtcdDefragThresholds {
  /**
   * Least free space in a member's database, as a Kubernetes quantity. Less than the quota; with a quota of 100Mi or less,
   * half of it by default.
   * @default '100Mi'
   */
  readonly minimumGain?: string;

  /**
   * Least percentage of free space in a member's database.
   * @default 30
   */
  readonly minimumGainPercent?: number;
}

/** Options of the defragmentation job. The thresholds are in `defragmentation` of the cluster. */
export interface EtcdDefragOptions extends EtcdCronJobOptions {
  /**
   * When a run starts, in the syntax of Kubernetes' CronJobs. Sets `schedule`.
   * @default '0 3 * * *'
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
   */
  readonly schedule?: string;

  /**
   * How members are defragmented. OFFLINE is refused with fewer than three members.
   * @default EtcdDefragMethod.OFFLINE
   */
  readonly method?: EtcdDefragMethod;

  /**
   * Whether to print the plan only, without defragmenting.
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * How long one member may take until it is ready again: from 1 s to 1 day. The run stops at the first member that takes longer.
   * @default Duration.minutes(10)
   */
  readonly memberTimeout?: Duration;

  /**
   * How long to pause after each member: at most 1 day.
   * @default Duration.seconds(10)
   */
  readonly pauseAfterMember?: Duration;

  /**
   * How long after its start a run may begin with another member: from 1 s to 7 days. The next run continues with the members that are
   * left.
   * @default - the `activeDeadline`
   */
  readonly maintenanceWindow?: Duration;

  /**
   * Number of log entries that a member may be behind the others when another member is restarted.
   * @default 1000
   */
  readonly maximumLag?: number;

  /**
   * Whether to compact all revisions before the current one first. Clients that watch from an older revision get an
   * error.
   * @default false
   */
  readonly compactFirst?: boolean;

  /**
   * Image with `/bin/kubectl`, which evicts pods.
   * @default - the Kubernetes project's image, pinned by this library. `imageRegistry` of the cluster applies
   */
  readonly kubectlImage?: string;
}

export const DEFRAG_THRESHOLDS = {
  minimumGain: bytes(),
  minimumGainPercent: whole(1, 99),
} satisfies Fields<EtcdDefragThresholds>;

export const DEFRAG = {
  ...CRON_JOB,
  schedule: SCHEDULE,
  method: oneOf(EtcdDefragMethod),
  dryRun: flag,
  memberTimeout: seconds(1, DAY),
  pauseAfterMember: seconds(0, DAY),
  maintenanceWindow: seconds(1, WEEK),
  maximumLag: whole(0, 1_000_000),
  compactFirst: flag,
  kubectlImage: text(imageReferenceProblem),
} satisfies Fields<EtcdDefragOptions>;
