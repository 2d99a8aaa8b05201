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
import { checkAlerts, checkMonitoring } from '../rules/jobs';
import { emit } from './emit';
import type { IEtcdCluster } from './interfaces';
import { checkOptions } from './options';
import { reportAtSynth } from './report';

/** Monitoring of a cluster. */
export interface EtcdMonitoringProps extends EtcdMonitoringOptions {
  /** The cluster to monitor. */
  readonly cluster: IEtcdCluster;
}

/**
 * Lets the Prometheus operator's Prometheus scrape the members, and alert: PodMonitor and PrometheusRule `<name>`. Shows them in
 * Grafana: ConfigMap `<name>-dashboard`.
 */
export class EtcdMonitoring extends Construct {
  /** The PodMonitor. */
  public readonly podMonitor: ApiObject;
  /** The alerts; undefined when switched off. */
  public readonly prometheusRule?: ApiObject;
  /** The dashboard for Grafana's sidecar; undefined when switched off. */
  public readonly dashboard?: ApiObject;
  private readonly text: () => string;

  public constructor(scope: Construct, id: string, props: EtcdMonitoringProps) {
    super(scope, id);
    const { cluster, ...options } = props;
    const { checked, problems, warnings } = checkOptions(cluster, options, MONITORING);
    const config = resolveMonitoring(checked, cluster._config);
    checkMonitoring(config, cluster._config, problems);
    const alerts = resolveAlerts(checked.alerts, cluster._config);
    checkAlerts(alerts, problems);
    reportAtSynth(this, problems, warnings);

    this.podMonitor = emit(this, 'Resource', podMonitor(cluster._config, config));
    // Jobs may be added later: which there are is known when the app is synthesized.
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
    const dashboard = resolveDashboard(checked.dashboard ?? {}, config.namespace, cluster._config);
    this.text = () => dashboardText(context, dashboard);
    if (dashboard.enabled) {
      const text = Lazy.any({ produce: this.text }) as string;
      this.dashboard = emit(this, 'Dashboard', dashboardConfigMap(cluster._config, dashboard, text));
    }
  }

  /** The same dashboard as text, for a file to import. Its colors know the jobs that were added by the time it is read. */
  public get dashboardJson(): string {
    return this.text();
  }
}
