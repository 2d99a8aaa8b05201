import type { Duration } from 'cdk8s';
import { AFFINITY } from '../checks/kubernetes/affinity';
import { ENV_VAR } from '../checks/kubernetes/environment';
import { kube } from '../checks/kubernetes/kube';
import { TOLERATION } from '../checks/kubernetes/toleration';
import { podAnnotationMap } from '../checks/pod-annotations';
import { type Fields, struct } from '../checks/struct';
import { annotationMap, flag, linuxNodes, listOf, ownLabels, seconds, text, whole } from '../checks/values';
import { WEEK } from '../constants/time';
import { cronProblem, cronStepProblem } from '../grammar/cron';
import { dnsSubdomainProblem } from '../grammar/names';
import { timeZoneProblem } from '../grammar/time-zone';
import { type k8s } from '../kubernetes';
import { type EtcdResources, RESOURCES } from './resources';

/** Options of all CronJobs of this library. Two runs of a job never overlap (`concurrencyPolicy: Forbid`). */
export interface EtcdCronJobOptions {
  /**
   * Time zone of the schedule: an IANA name such as `Europe/Berlin`. Sets `timeZone`.
   * @default 'Etc/UTC'
   */
  readonly timeZone?: string;

  /**
   * Do not start new runs. Sets `suspend`.
   * @default false
   */
  readonly suspend?: boolean;

  /**
   * How late a run may start: 10 s to 7 days. Without it, a CronJob that misses more than 100 starts never runs again.
   * Sets `startingDeadlineSeconds`.
   * @default Duration.minutes(10)
   */
  readonly startingDeadline?: Duration;

  /**
   * How long a run may take before it is stopped: 10 s to 7 days. Sets the job's `activeDeadlineSeconds`.
   * @default - 20 minutes for snapshots, 1 hour for drills, 2 hours for defragmentation
   */
  readonly activeDeadline?: Duration;

  /**
   * How many times a failed run is retried. Sets the job's `backoffLimit`.
   * @default - 2 for snapshots, 0 for drills and defragmentation
   */
  readonly backoffLimit?: number;

  /**
   * Number of successful jobs to keep, with their logs. Sets `successfulJobsHistoryLimit`.
   * @default 1
   */
  readonly successfulJobsHistoryLimit?: number;

  /**
   * Number of failed jobs to keep, with their logs. Sets `failedJobsHistoryLimit`.
   * @default 3
   */
  readonly failedJobsHistoryLimit?: number;

  /**
   * Resources of the job's container. Sets `resources`.
   * @default - 50m CPU, and 256Mi memory, or the members' memory for drills
   */
  readonly resources?: EtcdResources;

  /**
   * Additional environment variables of the job's container. Variables that the library sets are refused.
   * @default - none
   */
  readonly extraEnv?: k8s.EnvVar[];

  /**
   * Labels of the CronJob.
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the CronJob.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Labels of the job's pods.
   * @default - none
   */
  readonly podLabels?: { [key: string]: string };

  /**
   * Annotations of the job's pods.
   * @default - none
   */
  readonly podAnnotations?: { [key: string]: string };

  /**
   * Sets `nodeSelector`.
   * @default - the cluster's
   */
  readonly nodeSelector?: { [key: string]: string };

  /**
   * Sets `tolerations`.
   * @default - the cluster's
   */
  readonly tolerations?: k8s.Toleration[];

  /**
   * Sets `affinity`.
   * @default - none
   */
  readonly affinity?: k8s.Affinity;

  /**
   * Sets `priorityClassName`.
   * @default - the cluster's
   */
  readonly priorityClassName?: string;

  /**
   * Name of an existing ServiceAccount. Its token is not mounted. Sets `serviceAccountName`.
   * @default - the members' ServiceAccount
   */
  readonly serviceAccountName?: string;
}

/** Environment variables, each name at most once. */
export const ENVIRONMENT = listOf(kube('EnvVar', ENV_VAR), (v) => v.name);

/** The schedule of a CronJob, in Kubernetes' syntax. */
export const SCHEDULE = text(cronProblem, cronStepProblem);

export const CRON_JOB = {
  timeZone: text(timeZoneProblem),
  suspend: flag,
  startingDeadline: seconds(10, WEEK),
  activeDeadline: seconds(10, WEEK, 'a pod needs some of it to start'),
  backoffLimit: whole(0, 10),
  successfulJobsHistoryLimit: whole(0, 100),
  failedJobsHistoryLimit: whole(0, 100),
  resources: struct(RESOURCES),
  extraEnv: ENVIRONMENT,
  labels: ownLabels,
  annotations: annotationMap,
  podLabels: ownLabels,
  podAnnotations: podAnnotationMap,
  nodeSelector: linuxNodes,
  tolerations: listOf(kube('Toleration', TOLERATION)),
  affinity: kube('Affinity', AFFINITY),
  priorityClassName: text(dnsSubdomainProblem),
  serviceAccountName: text(dnsSubdomainProblem),
} satisfies Fields<EtcdCronJobOptions>;
