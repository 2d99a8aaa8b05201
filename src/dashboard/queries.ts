import type { ClusterConfig } from '../config/cluster';
import { certificatePattern, memberPattern } from '../config/etcd-options';
import type { StringMap } from '../constants/names';
import * as promql from '../grammar/promql';

/**
 * PromQL for one cluster. Series are selected by namespace and pod, which all scraped pods have, and not by `job`,
 * which depends on a prop.
 */
export class Queries {
  /** Pattern of all members' pods. */
  public readonly pods: string;
  /** Label matchers of all series of the cluster. */
  private readonly common: readonly string[];
  private readonly cronJobs: string;
  private readonly snapshotter: string;
  /** Not by the labels of series, which an alert may lack: better one alert too many than none. */
  private readonly firing: readonly string[];

  public constructor(
    private readonly config: ClusterConfig,
    private readonly seriesLabels: StringMap,
  ) {
    const { namespace, names } = config;
    this.common = promql.matchers({ namespace, ...seriesLabels });
    this.pods = memberPattern(config);
    this.firing = promql.matchers({ alertstate: 'firing', namespace, etcd_cluster: config.name });
    this.snapshotter = names.snapshotter;
    this.cronJobs = [names.snapshotter, names.drill, names.defrag].join('|');
  }

  /** The values of the dashboard's variable `pod`. */
  public members(): string {
    return `label_values(${this.series('etcd_server_has_leader', `pod=~"${this.pods}"`)}, pod)`;
  }

  /** A metric of every member, whichever are selected: for what is true of the cluster only. */
  public ofAll(metric: string, ...labels: string[]): string {
    return this.series(metric, `pod=~"${this.pods}"`, ...labels);
  }

  /** A metric of the selected members. */
  public of(metric: string, ...labels: string[]): string {
    return this.series(metric, 'pod=~"$pod"', ...labels);
  }

  public rate(counter: string, ...labels: string[]): string {
    return rate(this.of(counter, ...labels));
  }

  public rateOfAll(counter: string, ...labels: string[]): string {
    return rate(this.ofAll(counter, ...labels));
  }

  /** One series for each member, without other labels. */
  public each(expr: string): string {
    return `max by (pod) (${expr})`;
  }

  /** A quantile of a histogram, for each value of a label. */
  public quantile(quantile: number, histogram: string, by: string, ...labels: string[]): string {
    return promql.quantile(quantile, [by], this.rate(`${histogram}_bucket`, ...labels));
  }

  /** A quantile of a histogram, for every member. */
  public quantileOfAll(quantile: number, histogram: string): string {
    return promql.quantile(quantile, ['pod'], this.rateOfAll(`${histogram}_bucket`));
  }

  /** The size of the database file, in percent of the quota, as etcd compares it. */
  public quotaPercent(): string {
    return `100 * ${this.of('etcd_mvcc_db_total_size_in_bytes')} / ${this.of('etcd_server_quota_backend_bytes')}`;
  }

  /** Free space in the database file, in percent of the file. */
  public freePercent(): string {
    const [inUse, size] = ['in_use_in_bytes', 'in_bytes'].map((what) => this.of(`etcd_mvcc_db_total_size_${what}`));
    return `100 * (1 - ${inUse} / ${size})`;
  }

  /** Requests in progress: started, but not completed. */
  public open(...labels: string[]): string {
    const [started, handled] = ['grpc_server_started_total', 'grpc_server_handled_total'].map(
      (counter) => `sum by (pod) (${this.of(counter, ...labels)})`,
    );
    return `${started} - ${handled}`;
  }

  /** A metric of kube-state-metrics about this cluster's CronJobs. */
  public cronJob(metric: string): string {
    return `max by (cronjob) (${this.series(metric, `cronjob=~"${this.cronJobs}"`)})`;
  }

  /** The same about the snapshot job alone. */
  public snapshotJob(metric: string): string {
    return `max(${this.series(metric, `cronjob="${this.snapshotter}"`)})`;
  }

  /** Failed Jobs that are kept, by CronJob. */
  public failedJobs(): string {
    const job = (metric: string): string => `max by (namespace, job_name) (${this.series(metric)})`;
    const owner = this.series('kube_job_owner', 'owner_kind="CronJob"', `owner_name=~"${this.cronJobs}"`);
    return (
      `sum by (owner_name) ((${job('kube_job_status_failed')} > bool 0)` +
      ` * (${job('kube_job_status_succeeded')} == bool 0) * (${job('kube_job_status_active')} == bool 0)` +
      ` * on (namespace, job_name) group_left (owner_name) max by (namespace, job_name, owner_name) (${owner}))`
    );
  }

  /** A metric of cert-manager about this cluster's certificates. */
  public certificate(metric: string, ...labels: string[]): string {
    const conditions = [...promql.matchers(this.seriesLabels), `name=~"${certificatePattern(this.config)}"`, ...labels];
    return `max by (name) (${promql.ofNamespace(metric, this.config.namespace, conditions)})`;
  }

  /** Alerts of this cluster that fire. */
  public alerts(): string {
    return `max by (alertname, severity, pod, cronjob) (${promql.series('ALERTS', this.firing)})`;
  }

  private series(metric: string, ...conditions: string[]): string {
    return promql.series(metric, [...this.common, ...conditions]);
  }
}

function rate(series: string): string {
  return `rate(${series}[$__rate_interval])`;
}
