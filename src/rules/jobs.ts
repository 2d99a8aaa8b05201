import type { JobConfig } from '../config/cron-job';
import type { MonitoringConfig } from '../config/monitoring';
import type { DrillConfig, SnapshotsConfig } from '../config/snapshots';
import type { AlertConfig, ClusterJobs } from '../config/alerts';
import type { ClusterConfig } from '../config/cluster';
import { CONTAINER, JOB_ENV } from '../constants/names';
import { longestGap } from '../config/job-schedule';
import { MINUTE } from '../constants/time';
import { rcloneFlagProblem } from '../props/remote';
import { EtcdTotalLoss } from '../props/restore';
import { EtcdWarning } from '../props/warning';
import { checkProfiles, checkSize } from './annotations';
import { checkRootEnv } from './auth';
import { checkResources } from './cluster';
import { checkVariables } from './expansions';
import { checkMetricsTls } from './metrics-tls';
import { Problems } from '../checks/problems';
import type { Warnings } from './warnings';

/** @param container name of the job's container */
export function checkJob(
  job: JobConfig,
  cluster: ClusterConfig,
  container: string,
  problems: Problems,
  warnings: Warnings,
): void {
  checkSize(cluster, 'annotations', job.annotations, problems);
  checkProfiles('podAnnotations', job.podAnnotations, problems, [container, CONTAINER.toolbox]);
  job.extraEnv.forEach(({ name }, i) => {
    if (JOB_ENV.includes(name))
      problems.add(`extraEnv[${i}].name`, 'is set by the library and cannot be changed; remove it', name);
    const rclone = name.startsWith('RCLONE_') ? rcloneFlagProblem(flagOfRclone(name)) : undefined;
    if (rclone !== undefined && !problems.touch(`extraEnv[${i}].name`))
      problems.add(`extraEnv[${i}].name`, rclone, name);
  });
  checkRootEnv(job.extraEnv, cluster, problems);
  checkVariables(job.extraEnv, problems);
  checkResources(job.resources, problems);
  if (problems.touch('schedule', 'activeDeadline')) return;
  if (job.activeDeadlineSeconds < MINUTE)
    warnings.add(
      EtcdWarning.SHORT_DEADLINE,
      `activeDeadline: a run is stopped after ${job.activeDeadlineSeconds} s, and pulling the images may take longer; use a minute or more`,
    );
  const interval = job.gaps.shortest;
  if (job.activeDeadlineSeconds > interval) {
    warnings.add(
      EtcdWarning.DEADLINE_BEYOND_INTERVAL,
      `activeDeadline: a run may take ${job.activeDeadlineSeconds} s, but the schedule ${job.schedule} starts one every ${interval} s, so runs would be skipped; lower activeDeadline or change the schedule`,
    );
  }
}

/** `RCLONE_DRY_RUN` is `--dry-run`. */
function flagOfRclone(env: string): string {
  return env.slice('RCLONE_'.length).toLowerCase().replace(/_/g, '-');
}

export function checkSnapshots(snapshots: SnapshotsConfig, cluster: ClusterConfig, problems: Problems): void {
  if (snapshots.suspend && cluster.onTotalLoss === EtcdTotalLoss.RESTORE_NEWEST)
    problems.add(
      'suspend',
      'is not possible with onTotalLoss: EtcdTotalLoss.RESTORE_NEWEST, because the snapshot job restores; remove one of them',
      true,
    );
  const { store, claim } = snapshots;
  if (claim) checkSize(cluster, 'store.annotations', claim.annotations, problems);
  if (!store.claim && !claim && !store.remote && !problems.touch('store', 'remote'))
    problems.add(
      'remote',
      'is required with EtcdSnapshotStore.remoteOnly(), which keeps no snapshots on a claim; set it',
    );
}

/** @param given the prop, because the config always has a limit */
export function checkRemoteLimit(given: number | undefined, snapshots: SnapshotsConfig, problems: Problems): void {
  if (given !== undefined && !snapshots.store.remote && !problems.touch('remote'))
    problems.add('remoteHistoryLimit', 'needs a remote; set remote, or remove it', given);
}

/** A drill fails if the newest snapshot is older than it allows. */
export function checkDrillAge(drill: DrillConfig, snapshots: SnapshotsConfig, problems: Problems): void {
  if (problems.touch('maximumAge') || snapshots.suspend) return;
  const gap = longestGap(snapshots);
  if (drill.maximumAgeSeconds < gap)
    problems.add(
      'maximumAge',
      `expected at least ${gap} seconds, the longest time between two snapshots by the schedule ${snapshots.schedule}; raise it`,
      `${drill.maximumAgeSeconds} seconds`,
    );
}

/** @param fromRemote the prop, because the config always has a decision */
export function checkDrill(
  fromRemote: boolean | undefined,
  { store }: Pick<SnapshotsConfig, 'store'>,
  problems: Problems,
): void {
  if (fromRemote === true && !store.remote)
    problems.add('fromRemote', 'needs a remote; set remote in addSnapshots', true);
  if (fromRemote === false && !store.claim)
    problems.add(
      'fromRemote',
      'needs snapshots on a claim, and EtcdSnapshotStore.remoteOnly() keeps none; remove it',
      false,
    );
}

export function checkMonitoring(monitoring: MonitoringConfig, cluster: ClusterConfig, problems: Problems): void {
  checkSize(cluster, 'annotations', monitoring.annotations, problems);
  checkMetricsTls(monitoring, cluster, problems);
  if (problems.touch('interval', 'scrapeTimeout')) return;
  if (monitoring.scrapeTimeoutSeconds > monitoring.intervalSeconds) {
    problems.add(
      'scrapeTimeout',
      `expected at most the interval, which is ${monitoring.intervalSeconds} s`,
      `${monitoring.scrapeTimeoutSeconds} s`,
    );
  }
}

/** An alert about an age that the schedule itself exceeds fires all the time. */
export function checkAlertAges(alerts: AlertConfig, { snapshots, drill }: ClusterJobs): Problems {
  const problems = new Problems();
  const check = (prop: string, given: number | undefined, job: JobConfig | undefined): void => {
    const gap = job === undefined || job.suspend ? 0 : longestGap(job);
    if (given !== undefined && given <= gap)
      problems.add(
        `alerts.${prop}`,
        `expected more than ${gap} seconds, the longest time between two runs by the schedule ${job?.schedule}; raise it`,
        `${given} seconds`,
      );
  };
  check('snapshotMaximumAge', alerts.snapshotMaximumAgeSeconds, snapshots);
  check('drillMaximumAge', alerts.drillMaximumAgeSeconds, drill);
  return problems;
}

export function checkAlerts(alerts: AlertConfig, problems: Problems): void {
  checkThresholds('quotaWarningPercent', 'quotaCriticalPercent', alerts, problems);
  checkThresholds('volumeWarningPercent', 'volumeCriticalPercent', alerts, problems);
}

type Percentage = 'quotaWarningPercent' | 'quotaCriticalPercent' | 'volumeWarningPercent' | 'volumeCriticalPercent';

function checkThresholds(warning: Percentage, critical: Percentage, alerts: AlertConfig, problems: Problems): void {
  if (problems.touch(`alerts.${warning}`, `alerts.${critical}`) || alerts[warning] < alerts[critical]) return;
  problems.add(`alerts.${warning}`, `expected less than ${critical}, which is ${alerts[critical]}`, alerts[warning]);
}
