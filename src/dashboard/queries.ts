import type { ClusterConfig } from '../config/cluster';
import { memberPattern } from '../config/etcd-options';
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

  public constructor(config: ClusterConfig, seriesLabels: StringMap) {
    const { namespace, names } = config;
    this.common = promql.matchers({ namespace, ...seriesLabels });
    this.pods = memberPattern(config);
    this.cronJobs = [names.snapshotter, names.drill, names.defrag].join('|');
  }

  /** The values of the dashboard's variable `pod`. */
  public members(): string {
    return `label_values(${this.series('etcd_server_has_leader', `pod=~"${this.pods}"`)}, pod)`;
  }

  /** A metric of the selected members. */
  public of(metric: string, ...labels: string[]): string {
    return this.series(metric, 'pod=~"$pod"', ...labels);
  }

  public rate(counter: string, ...labels: string[]): string {
    return `rate(${this.of(counter, ...labels)}[$__rate_interval])`;
  }

  /** One series for each member, without other labels. */
  public each(expr: string): string {
    return `max by (pod) (${expr})`;
  }

  /** A quantile of a histogram, for each value of a label. */
  public quantile(quantile: number, histogram: string, by: string, ...labels: string[]): string {
    return promql.quantile(quantile, [by], this.rate(`${histogram}_bucket`, ...labels));
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

  private series(metric: string, ...conditions: string[]): string {
    return promql.series(metric, [...this.common, ...conditions]);
  }
}
