import { Lazy, type ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { resolveAlerts } from '../config/alerts';
import { resolveDashboard } from '../config/dashboard';
import { resolveMonitoring } from '../config/monitoring';
import { dashboardText } from '../dashboard/dashboard';
import { dashboardConfigMap } from '../manifests/dashboard';
import { podMonitor } from '../manifests/pod-monitor';
import { alertGroups, prometheusRule } from '../manifests/prometheus-rule';
import { MONITORING, type EtcdMonitoringOptions } from '../props/monitoring';
import { checkSize } from '../rules/annotations';
import { checkAlertAges, checkAlerts, checkMonitoring } from '../rules/jobs';
import { checkRelabelings } from '../rules/relabelings';
import { joinApp } from './app-content';
import { emit } from './emit';
import type { IEtcdCluster } from './interfaces';
import { checkOptions, ofCaller } from './options';
import { reportAtSynth } from './report';

/** Properties of `EtcdMonitoring`. */
export interface EtcdMonitoringProps extends EtcdMonitoringOptions {
  /** The cluster to monitor. */
  readonly cluster: IEtcdCluster;
}

/**
 * Monitoring of a cluster with the Prometheus operator and Grafana: the PodMonitor and the PrometheusRule `<name>`, and
 * the ConfigMap `<name>-dashboard`.
 */
export class EtcdMonitoring extends Construct {
  /** The PodMonitor. */
  public readonly podMonitor: ApiObject;
  /** The PrometheusRule. Undefined if it is turned off. */
  public readonly prometheusRule?: ApiObject;
  /** The ConfigMap of the dashboard, for Grafana's sidecar. Undefined if it is turned off. */
  public readonly dashboard?: ApiObject;
  private readonly text: () => string;

  public constructor(scope: Construct, id: string, props: EtcdMonitoringProps) {
    super(scope, id);
    const { cluster, ...options } = ofCaller(props);
    const { checked, problems, warnings } = checkOptions(cluster, options, MONITORING);
    const config = resolveMonitoring(checked, cluster._config);
    checkMonitoring(config, cluster._config, problems);
    const alerts = resolveAlerts(checked.alerts, cluster._config);
    checkAlerts(alerts, problems);
    checkRelabelings(config, problems, warnings);
    const dashboard = resolveDashboard(checked.dashboard ?? {}, config.namespace, cluster._config);
    checkSize(cluster._config, 'dashboard.annotations', dashboard.annotations, problems);
    reportAtSynth(this, problems, warnings);
    // Jobs can be added later.
    this.node.addValidation({ validate: () => checkAlertAges(alerts, cluster._jobs).messages });
    joinApp(this, cluster);

    this.podMonitor = emit(this, 'Resource', podMonitor(cluster._config, config));
    // Jobs can be added later, so they are read when the app is synthesized.
    const context = {
      cluster: cluster._config,
      alerts,
      jobs: cluster._jobs,
      scrapeSeconds: config.intervalSeconds,
    };
    if (alerts.enabled) {
      const spec = Lazy.any({ produce: () => alertGroups(context) }) as ReturnType<typeof alertGroups>;
      this.prometheusRule = emit(this, 'Alerts', prometheusRule(cluster._config, config, spec));
    }
    this.text = () => dashboardText(context, dashboard);
    if (dashboard.enabled) {
      const text = Lazy.any({ produce: this.text }) as string;
      this.dashboard = emit(this, 'Dashboard', dashboardConfigMap(cluster._config, dashboard, text));
    }
  }

  /** The dashboard as JSON, to import it by hand. Its thresholds are for the jobs that were added before it is read. */
  public get dashboardJson(): string {
    return this.text();
  }
}
