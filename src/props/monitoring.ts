import type { Duration } from 'cdk8s';
import { type Fields, struct, switchable } from '../checks/struct';
import { annotationMap, listOf, ownLabels, seconds, text } from '../checks/values';
import { labelKeyProblem } from '../grammar/labels';
import { dnsLabelProblem } from '../grammar/names';
import { METRICS_TLS, type EtcdMetricsTls } from './metrics-tls';
import { RELABELING, type EtcdRelabeling } from './relabeling';
import { ALERTS, type EtcdAlertOptions } from './alerts';
import { DASHBOARD, type EtcdDashboardOptions } from './dashboard';

/** How Prometheus finds and scrapes members. @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor */
export interface EtcdMonitoringOptions {
  /**
   * Time between two scrapes of a member: at most 2 minutes. Prometheus considers a sample stale after 5 minutes, and
   * one scrape may fail. Sets `interval`.
   * @default Duration.seconds(30)
   */
  readonly interval?: Duration;

  /**
   * How long a scrape may take: at most the interval. Sets `scrapeTimeout`.
   * @default - 10 s, or the interval if that is shorter
   */
  readonly scrapeTimeout?: Duration;

  /**
   * Labels of the PodMonitor and the PrometheusRule, by which Prometheus selects them, such as `release: prometheus`.
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the PodMonitor and the PrometheusRule.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Namespace of the PodMonitor and the PrometheusRule. Members are found in the namespace of the cluster.
   * @default - the cluster's namespace
   */
  readonly namespace?: string;

  /**
   * Label whose value becomes the `job` label of the metrics. Sets `jobLabel`.
   * @default 'app.kubernetes.io/instance'
   */
  readonly jobLabel?: string;

  /**
   * Relabelings of the targets. Sets `relabelings`.
   * @default - none
   */
  readonly relabelings?: EtcdRelabeling[];

  /**
   * Relabelings of the samples. Sets `metricRelabelings`.
   * @default - none
   */
  readonly metricRelabelings?: EtcdRelabeling[];

  /**
   * Scrape over TLS: from `ports.metricsTls` of the cluster, or from a sidecar that serves the metrics, such as
   * kube-rbac-proxy. Required with `ports.metricsTls`.
   * @default - plain HTTP, from the members' metrics port
   */
  readonly tls?: EtcdMetricsTls;

  /**
   * The alerts, their thresholds and labels.
   * @default - all alerts of docs/alerts.md, with the defaults there
   */
  readonly alerts?: EtcdAlertOptions;

  /**
   * The Grafana dashboard.
   * @default - in the ConfigMap `<name>-dashboard`
   */
  readonly dashboard?: EtcdDashboardOptions;
}

export const MONITORING = {
  interval: seconds(1, 120, 'a sample is stale after 5 minutes, and alerts need two samples'),
  scrapeTimeout: seconds(1, 120),
  labels: ownLabels,
  annotations: annotationMap,
  namespace: text(dnsLabelProblem),
  jobLabel: text(labelKeyProblem),
  relabelings: listOf(RELABELING),
  metricRelabelings: listOf(RELABELING),
  tls: METRICS_TLS,
  alerts: struct(ALERTS),
  dashboard: switchable(DASHBOARD, 'enabled', ['title']),
} satisfies Fields<EtcdMonitoringOptions>;
