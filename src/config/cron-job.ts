import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import type { StringMap } from '../constants/names';
import { cronGaps, type CronGaps } from '../grammar/cron';
import type { Json, k8s } from '../kubernetes';
import type { CRON_JOB } from '../props/cron-job';
import type { ClusterConfig } from './cluster';
import { containerResources } from './convert';

type CronJobOptions = Checked<typeof CRON_JOB>;

/** What the pods of all jobs need. All defaults are applied. */
export interface JobPodConfig {
  readonly resources: Json<k8s.ResourceRequirements>;
  readonly extraEnv: readonly Json<k8s.EnvVar>[];
  readonly nodeSelector: StringMap;
  readonly tolerations: readonly Json<k8s.Toleration>[];
  readonly affinity: Json<k8s.Affinity> | undefined;
  readonly priorityClassName: string | undefined;
  readonly serviceAccountName: string;
}

/** What all CronJobs need. All defaults are applied. */
export interface JobConfig extends JobPodConfig {
  readonly schedule: string;
  /** Between two runs by the schedule, in seconds. */
  readonly gaps: CronGaps;
  readonly timeZone: string;
  readonly suspend: boolean;
  readonly startingDeadlineSeconds: number;
  readonly activeDeadlineSeconds: number;
  readonly backoffLimit: number;
  readonly successfulJobsHistoryLimit: number;
  readonly failedJobsHistoryLimit: number;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly podLabels: StringMap;
  readonly podAnnotations: StringMap;
}

interface JobDefaults {
  readonly schedule: string;
  readonly activeDeadline: number;
  readonly backoffLimit: number;
}

export function resolveJob(
  options: CronJobOptions & { readonly schedule?: string },
  defaults: JobDefaults,
  cluster: ClusterConfig,
): JobConfig {
  const schedule = options.schedule ?? defaults.schedule;
  return {
    schedule,
    gaps: cronGaps(schedule),
    timeZone: options.timeZone ?? DEFAULTS.cronJob.timeZone,
    suspend: options.suspend ?? DEFAULTS.cronJob.suspend,
    startingDeadlineSeconds: options.startingDeadline ?? DEFAULTS.cronJob.startingDeadline,
    activeDeadlineSeconds: options.activeDeadline ?? defaults.activeDeadline,
    backoffLimit: options.backoffLimit ?? defaults.backoffLimit,
    successfulJobsHistoryLimit: options.successfulJobsHistoryLimit ?? DEFAULTS.cronJob.successfulJobsHistoryLimit,
    failedJobsHistoryLimit: options.failedJobsHistoryLimit ?? DEFAULTS.cronJob.failedJobsHistoryLimit,
    labels: options.labels ?? {},
    annotations: options.annotations ?? {},
    podLabels: options.podLabels ?? {},
    podAnnotations: options.podAnnotations ?? {},
    ...resolveJobPod(options, cluster),
  };
}

export function resolveJobPod(options: CronJobOptions, cluster: ClusterConfig): JobPodConfig {
  return {
    resources: containerResources(options.resources, DEFAULTS.jobResources),
    extraEnv: options.extraEnv ?? [],
    nodeSelector: options.nodeSelector ?? cluster.scheduling.nodeSelector,
    tolerations: options.tolerations ?? cluster.scheduling.tolerations,
    affinity: options.affinity,
    priorityClassName: options.priorityClassName ?? cluster.scheduling.priorityClassName,
    serviceAccountName: options.serviceAccountName ?? cluster.serviceAccount.name,
  };
}
