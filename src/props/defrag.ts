import type { Duration } from 'cdk8s';
import { type Fields } from '../checks/struct';
import { bytes, flag, oneOf, seconds, text, whole } from '../checks/values';
import { imageReferenceProblem } from '../grammar/image-reference';
import { CRON_JOB, type EtcdCronJobOptions, SCHEDULE } from './cron-job';

/** How members are defragmented. */
export enum EtcdDefragMethod {
  /**
   * Each member's pod is evicted, and the new pod runs `etcdutl defrag` on the closed database before etcd starts. Its clients
   * go elsewhere first, so that no request fails.
   */
  OFFLINE = 'offline',
  /** `etcdctl defrag` on members that run: each hangs its clients for as long as it takes. */
  ONLINE = 'online',
}

/** How much there must be to win. */
export interface EtcdDefragThresholds {
  /**
   * Least space to win on a member, a Kubernetes quantity.
   * @default '100Mi'
   */
  readonly minimumGain?: string;

  /**
   * Least part of a member's database to win, in percent.
   * @default 30
   */
  readonly minimumGainPercent?: number;
}

/** When members are defragmented, and how carefully. Thresholds are in `defragmentation` of the cluster. */
export interface EtcdDefragOptions extends EtcdCronJobOptions {
  /**
   * When a run starts, as Kubernetes reads it. Sets `schedule`.
   * @default '0 3 * * *'
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
   */
  readonly schedule?: string;

  /**
   * How members are defragmented. OFFLINE is refused by the job, when it runs, for fewer than three members.
   * @default EtcdDefragMethod.OFFLINE
   */
  readonly method?: EtcdDefragMethod;

  /**
   * Only print the plan.
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * How long one member may take, until it is back. The run stops at the first that takes longer.
   * @default Duration.minutes(10)
   */
  readonly memberTimeout?: Duration;

  /**
   * Pause after each member.
   * @default Duration.seconds(10)
   */
  readonly settle?: Duration;

  /**
   * No new member is begun when a run has lasted this long; the next run goes on.
   * @default - as `activeDeadline`
   */
  readonly window?: Duration;

  /**
   * How many log entries a member may be behind the others when one is let go.
   * @default 1000
   */
  readonly maximumLag?: number;

  /**
   * Compact everything before the current revision first. Clients that watch from an older revision get an error.
   * @default false
   */
  readonly compactFirst?: boolean;

  /**
   * The image that kubectl comes from; it evicts pods. It must have kubectl at `/bin/kubectl`.
   * @default - the project's own, pinned by this library; `imageRegistry` of the cluster applies
   */
  readonly kubectlImage?: string;
}

export const DEFRAG_THRESHOLDS = {
  minimumGain: bytes,
  minimumGainPercent: whole(1, 99),
} satisfies Fields<EtcdDefragThresholds>;

export const DEFRAG = {
  ...CRON_JOB,
  schedule: SCHEDULE,
  method: oneOf(EtcdDefragMethod),
  dryRun: flag,
  memberTimeout: seconds(1),
  settle: seconds(0),
  window: seconds(1),
  maximumLag: whole(0, 1_000_000),
  compactFirst: flag,
  kubectlImage: text(imageReferenceProblem),
} satisfies Fields<EtcdDefragOptions>;
