import type { ClusterConfig } from '../config/cluster';
import { memberPattern } from '../config/etcd-options';
import type { StringMap } from '../constants/names';

/**
 * PromQL about one cluster. Series are found by namespace and pod, which every scraped target of Kubernetes has, and not by
 * `job`, which is a prop.
 */
export class Queries {
  /** Every member. */
  public readonly pods: string;
  /** What every series of the cluster has, members' and others'. */
  private readonly common: string;
  private readonly cronJobs: string;

  public constructor(config: ClusterConfig, seriesLabels: StringMap) {
    const { namespace, names } = config;
    this.common = Object.entries({ namespace, ...seriesLabels })
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(',');
    this.pods = memberPattern(config);
    this.cronJobs = [names.snapshotter, names.drill, names.defrag].join('|');
  }

  /** The values of the dashboard's variable `pod`. */
  public members(): string {
    return `label_values(etcd_server_has_leader{${this.common},pod=~"${this.pods}"}, pod)`;
  }

  /** A metric of the members that are chosen. */
  public of(metric: string, ...labels: string[]): string {
    return `${metric}{${[this.common, 'pod=~"$pod"', ...labels].join(',')}}`;
  }

  public rate(counter: string, ...labels: string[]): string {
    return `rate(${this.of(counter, ...labels)}[$__rate_interval])`;
  }

  /** One series a member, whatever other labels scraping adds. */
  public each(expr: string): string {
    return `max by (pod) (${expr})`;
  }

  /** A quantile of a histogram, for each value of a label. */
  public quantile(quantile: number, histogram: string, by: string, ...labels: string[]): string {
    return `histogram_quantile(${quantile}, sum by (${by}, le) (${this.rate(`${histogram}_bucket`, ...labels)}))`;
  }

  /** Requests that are being served: begun, and not ended. */
  public open(...labels: string[]): string {
    const [started, handled] = ['grpc_server_started_total', 'grpc_server_handled_total'].map(
      (counter) => `sum by (pod) (${this.of(counter, ...labels)})`,
    );
    return `${started} - ${handled}`;
  }

  /** A metric of kube-state-metrics about this cluster's CronJobs. */
  public cronJob(metric: string): string {
    return `max by (cronjob) (${metric}{${this.common},cronjob=~"${this.cronJobs}"})`;
  }

  /** Jobs of this cluster's CronJobs that have failed and are kept, by CronJob: those that ended without a success. */
  public failedJobs(): string {
    const job = (metric: string): string => `max by (namespace, job_name) (${metric}{${this.common}})`;
    const owner = `kube_job_owner{${this.common},owner_kind="CronJob",owner_name=~"${this.cronJobs}"}`;
    return (
      `sum by (owner_name) ((${job('kube_job_status_failed')} > bool 0)` +
      ` * (${job('kube_job_status_succeeded')} == bool 0) * (${job('kube_job_status_active')} == bool 0)` +
      ` * on (namespace, job_name) group_left (owner_name) max by (namespace, job_name, owner_name) (${owner}))`
    );
  }
}
