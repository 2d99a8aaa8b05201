import { type Fields } from '../checks/struct';
import { annotationMap, flag, ownLabels, text } from '../checks/values';
import { dnsLabelProblem } from '../grammar/names';

/**
 * The Grafana dashboard of a cluster: the ConfigMap `<name>-dashboard`, in the form that Grafana's dashboard sidecar
 * loads.
 * @see https://github.com/grafana/helm-charts/tree/main/charts/grafana#sidecar-for-dashboards
 */
export interface EtcdDashboardOptions {
  /**
   * Whether to create the ConfigMap. If false, you can still import the dashboard by hand, from `dashboardJson` of the
   * construct.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Title of the dashboard: 2 to 100 characters.
   * @default - `etcd <namespace>/<name>`
   */
  readonly title?: string;

  /**
   * Labels by which the sidecar finds the ConfigMap. They replace the default.
   * @default { grafana_dashboard: '1' }
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the ConfigMap, such as `grafana_folder: etcd`.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Namespace of the ConfigMap. The sidecar must watch it.
   * @default - the namespace of the PodMonitor
   */
  readonly namespace?: string;
}

export const DASHBOARD = {
  enabled: flag,
  title: text((value) =>
    /^\S.{0,98}\S$/.test(value) ? undefined : 'expected 2 to 100 characters on one line, without spaces at the ends',
  ),
  labels: ownLabels,
  annotations: annotationMap,
  namespace: text(dnsLabelProblem),
} satisfies Fields<EtcdDashboardOptions>;
