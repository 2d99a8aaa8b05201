import type { PrometheusRuleProps, PrometheusRuleSpec } from '../../imports/monitoring.coreos.com';
import type { AlertConfig } from '../config/alerts';
import type { ClusterConfig } from '../config/cluster';
import type { MonitoringConfig } from '../config/monitoring';
import { COMPONENT } from '../constants/names';
import type { Json } from '../kubernetes';
import { duration, type Alert, type AlertContext } from './alerts/alert';
import { certificateAlerts } from './alerts/certificates';
import { diskAlerts } from './alerts/disk';
import { jobAlerts } from './alerts/jobs';
import { memberAlerts } from './alerts/members';
import { requestAlerts } from './alerts/requests';
import { spaceAlerts } from './alerts/space';
import { userAlerts } from './alerts/users';
import { volumeAlerts } from './alerts/volumes';
import { metadata, write, type Manifest } from './object';

/** The groups of alerts, in order. */
const GROUPS: { readonly [name: string]: (ctx: AlertContext) => Alert[] } = {
  'etcd-members': memberAlerts,
  'etcd-disk': diskAlerts,
  'etcd-requests': requestAlerts,
  'etcd-space': spaceAlerts,
  'etcd-volumes': volumeAlerts,
  'etcd-jobs': jobAlerts,
  'etcd-certificates': certificateAlerts,
  'etcd-users': userAlerts,
};

/** @param spec the rules, or a function that returns them when the app is synthesized */
export function prometheusRule(
  cluster: ClusterConfig,
  monitoring: MonitoringConfig,
  spec: Json<PrometheusRuleSpec>,
): Manifest {
  return write<PrometheusRuleProps>('monitoring.coreos.com/v1', 'PrometheusRule', {
    metadata: metadata(cluster, cluster.names.prometheusRule, { ...monitoring, component: COMPONENT.member }),
    spec,
  });
}

/** All alerts that are not disabled. */
export function alertGroups(ctx: AlertContext): Json<PrometheusRuleSpec> {
  const groups = Object.entries(GROUPS).map(([name, alertsOf]) => ({
    name,
    rules: alertsOf(ctx)
      .filter((alert) => !ctx.alerts.disabled.includes(alert.name))
      .map((alert) => rule(ctx, alert)),
  }));
  return { groups: groups.filter(({ rules }) => rules.length > 0) };
}

function rule({ cluster, alerts }: AlertContext, alert: Alert) {
  return {
    alert: alert.name,
    expr: alert.expr,
    for: alert.forSeconds === undefined ? undefined : duration(alert.forSeconds),
    labels: {
      ...alerts.labels,
      severity: alert.severity,
      // Not all expressions have these labels, and Alertmanager needs them for routes and groups.
      namespace: cluster.namespace,
      etcd_cluster: cluster.name,
    },
    annotations: {
      summary: `etcd ${cluster.namespace}/${cluster.name}: ${alert.summary}`,
      description: alert.description,
      runbook_url: runbook(alerts, alert.name),
    },
  };
}

function runbook(alerts: AlertConfig, name: string): string {
  return `${alerts.runbookUrl}#${name.toLowerCase()}`;
}
