import { createHash } from 'node:crypto';
import type { AlertConfig, ClusterJobs } from '../config/alerts';
import type { ClusterConfig } from '../config/cluster';
import type { DashboardConfig } from '../config/dashboard';
import { overdueTimes } from '../config/job-schedule';
import { readableJson } from './json';
import { layOut } from './layout';
import { disk, resources, storage } from './machine-rows';
import type { Dashboard, Variable } from './model';
import { DATASOURCE } from './panels';
import { Queries } from './queries';
import { jobs, overview } from './state-rows';
import { keysAndWatches, raft, requests } from './traffic-rows';

/** The schema of Grafana 10.4; newer ones bring it up to their own. */
const SCHEMA_VERSION = 39;

/** What the dashboard shows, and the alerts and jobs whose thresholds it has. */
export interface DashboardContext {
  readonly cluster: ClusterConfig;
  readonly alerts: AlertConfig;
  readonly jobs: ClusterJobs;
}

/** The dashboard of one cluster, as Grafana imports it. */
function dashboard(ctx: DashboardContext, { title }: DashboardConfig): Dashboard {
  const { cluster: config, alerts } = ctx;
  const q = new Queries(config, alerts.seriesLabels);
  return {
    uid: uidOf(config),
    title,
    description: `etcd ${config.namespace}/${config.name}, written by cdk8s-etcd: changes made here are lost.`,
    tags: ['etcd', 'cdk8s-etcd'],
    editable: true,
    graphTooltip: 1,
    time: { from: 'now-3h', to: 'now' },
    timezone: 'browser',
    refresh: '30s',
    schemaVersion: SCHEMA_VERSION,
    templating: { list: variables(q) },
    annotations: { list: [] },
    panels: layOut([
      overview(q, config, alerts),
      requests(q, config),
      raft(q, config),
      disk(q),
      storage(q, alerts),
      keysAndWatches(q),
      resources(q, config),
      jobs(q, config, overdueTimes(ctx.jobs, alerts)),
    ]),
  };
}

/** The text of the file, in the order of the model. */
export function dashboardText(ctx: DashboardContext, options: DashboardConfig): string {
  return `${readableJson(dashboard(ctx, options))}\n`;
}

/** Stays when the title changes, so that links to the dashboard do, too. Grafana takes at most 40 characters. */
function uidOf({ namespace, name }: ClusterConfig): string {
  return `etcd-${createHash('sha256').update(`${namespace}/${name}`).digest('hex').slice(0, 16)}`;
}

function variables(q: Queries): Variable[] {
  return [
    { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' },
    {
      name: 'pod',
      label: 'Member',
      type: 'query',
      datasource: DATASOURCE,
      query: q.members(),
      definition: q.members(),
      multi: true,
      includeAll: true,
      // Also while Prometheus knows no member yet, and for those that are gone by now.
      allValue: q.pods,
      current: { text: 'All', value: '$__all' },
      refresh: 2,
      sort: 7,
    },
  ];
}
