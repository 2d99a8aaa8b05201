import type { AlertConfig, ClusterJobs } from '../config/alerts';
import type { ClusterConfig } from '../config/cluster';

/** The cluster of the dashboard, and the alerts and jobs with its thresholds. */
export interface DashboardContext {
  readonly cluster: ClusterConfig;
  readonly alerts: AlertConfig;
  readonly jobs: ClusterJobs;
}
