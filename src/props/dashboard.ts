import { type Fields } from '../checks/struct';
import { annotationMap, flag, ownLabels, text } from '../checks/values';
import { dnsLabelProblem } from '../grammar/names';

/**
 * The Grafana dashboard of a cluster: ConfigMap `<name>-dashboard`, as Grafana's sidecar of dashboards finds it.
 * @see https://github.com/grafana/helm-charts/tree/main/charts/grafana#sidecar-for-dashboards
 */
export interface EtcdDashboardOptions {
  /**
   * Whether there is a ConfigMap. `dashboardJson` of the construct is there all the same, to import it by hand.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Title in Grafana.
   * @default - `etcd <namespace>/<name>`
   */
  readonly title?: string;

  /**
   * Labels by which the sidecar finds it, in place of the default.
   * @default { grafana_dashboard: '1' }
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations, such as `grafana_folder: etcd`.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Namespace of the ConfigMap, where the sidecar looks.
   * @default - the namespace of the PodMonitor
   */
  readonly namespace?: string;
}

export const DASHBOARD = {
  enabled: flag,
  title: text((value) => (/^\S.{0,98}\S$/.test(value) ? undefined : 'expected 2 to 100 characters in one line')),
  labels: ownLabels,
  annotations: annotationMap,
  namespace: text(dnsLabelProblem),
} satisfies Fields<EtcdDashboardOptions>;
