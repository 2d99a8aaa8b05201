import type { JobConfig } from '../config/cron-job';
import type { MonitoringConfig } from '../config/monitoring';
import type { DrillConfig, SnapshotsConfig } from '../config/snapshots';
import type { AlertConfig } from '../config/alerts';
import type { ClusterConfig } from '../config/cluster';
import { JOB_ENV } from '../constants/names';
import { EtcdTotalLoss } from '../props/restore';
import { EtcdWarning } from '../props/warning';
import { checkResources } from './cluster';
import type { Problems } from '../checks/problems';
import type { Warnings } from './warnings';

export function checkJob(job: JobConfig, problems: Problems, warnings: Warnings): void {
  job.extraEnv.forEach(({ name }, i) => {
    if (JOB_ENV.includes(name))
      problems.add(`extraEnv[${i}].name`, 'is set by the library and cannot be changed', name);
  });
  checkResources(job.resources, problems);
  if (problems.touch('schedule', 'activeDeadline')) return;
  const interval = job.gaps.shortest;
  if (job.activeDeadlineSeconds > interval) {
    warnings.add(
      EtcdWarning.DEADLINE_BEYOND_INTERVAL,
      `activeDeadline: a run may take ${job.activeDeadlineSeconds} s, but the schedule ${job.schedule} starts one every ${interval} s: runs would be skipped`,
    );
  }
}

export function checkSnapshots(snapshots: SnapshotsConfig, cluster: ClusterConfig, problems: Problems): void {
  if (snapshots.suspend && cluster.onTotalLoss === EtcdTotalLoss.RESTORE_NEWEST)
    problems.add('suspend', 'would keep onTotalLoss from restoring: the job does it', true);
  const { store, claim } = snapshots;
  if (!store.claim && !claim && !store.remote && !problems.touch('store', 'remote'))
    problems.add('remote', 'required, since EtcdSnapshotStore.remoteOnly() keeps nothing by itself');
}

/** @param given the prop: the config has a limit always */
export function checkRemoteLimit(given: number | undefined, snapshots: SnapshotsConfig, problems: Problems): void {
  if (given !== undefined && !snapshots.store.remote && !problems.touch('remote'))
    problems.add('remoteHistoryLimit', 'needs a remote', given);
}

/** A drill without a store is one that asks for a remote, or one whose snapshots have a problem of their own. */
export function checkDrill(drill: DrillConfig, asksForRemote: boolean, problems: Problems): void {
  if (asksForRemote && !drill.store.remote) problems.add('fromRemote', 'needs a remote; give addSnapshots one', true);
}

export function checkMonitoring(monitoring: MonitoringConfig, cluster: ClusterConfig, problems: Problems): void {
  const ports = cluster.pod.sidecars.flatMap((sidecar) => sidecar.ports?.map((port) => port.name) ?? []);
  if (monitoring.tls && !problems.touch('tls') && !ports.includes(monitoring.tls.port))
    problems.add('tls.port', 'expected the name of a port of one of the sidecars', monitoring.tls.port);
  if (problems.touch('interval', 'scrapeTimeout')) return;
  if (monitoring.scrapeTimeoutSeconds > monitoring.intervalSeconds) {
    problems.add(
      'scrapeTimeout',
      `expected at most the interval of ${monitoring.intervalSeconds} s`,
      `${monitoring.scrapeTimeoutSeconds} s`,
    );
  }
}

export function checkAlerts(alerts: AlertConfig, problems: Problems): void {
  if (problems.touch('alerts.quotaWarningPercent', 'alerts.quotaCriticalPercent')) return;
  if (alerts.quotaWarningPercent >= alerts.quotaCriticalPercent)
    problems.add(
      'alerts.quotaWarningPercent',
      `expected less than quotaCriticalPercent, which is ${alerts.quotaCriticalPercent}`,
      alerts.quotaWarningPercent,
    );
}
