import type { AlertConfig, ClusterJobs } from '../../config/alerts';
import type { ClusterConfig } from '../../config/cluster';
import { memberPattern } from '../../config/etcd-options';
import { type StringMap, CONTAINER, PORT } from '../../constants/names';
import * as promql from '../../grammar/promql';
import { DAY, HOUR, MINUTE } from '../../constants/time';
import type { EtcdAlert } from '../../props/alerts';

/** Critical: act now. Warning: act today. */
export type Severity = 'critical' | 'warning';

export interface Alert {
  readonly name: EtcdAlert;
  readonly severity: Severity;
  readonly expr: string;
  /** How long the condition must hold. Without it, the alert fires at once. */
  readonly forSeconds?: number;
  /** What is wrong, and with which member. Printed after the cluster's name. */
  readonly summary: string;
  /** What it means, and what to do first. */
  readonly description: string;
}

export interface AlertContext {
  readonly cluster: ClusterConfig;
  readonly alerts: AlertConfig;
  readonly jobs: ClusterJobs;
  readonly scrapeSeconds: number;
}

/** A metric of the members, selected by the names of the pods. */
export function ofMembers(
  ctx: AlertContext,
  metric: string,
  more: StringMap = {},
  patterns: StringMap = {},
  without: StringMap = {},
): string {
  return series(ctx, metric, more, { pod: memberPattern(ctx.cluster), ...patterns }, without);
}

/** The same for metrics that other containers also have. */
export function ofMemberContainers(ctx: AlertContext, metric: string): string {
  return ofMembers(ctx, metric, { container: CONTAINER.etcd });
}

/** Whether etcd was scraped. Other containers, and the port with what is known about certificates, are targets too. */
export function ofScrapes(ctx: AlertContext): string {
  return ofMembers(ctx, 'up', { container: CONTAINER.etcd }, {}, { endpoint: PORT.phase });
}

/** A metric in the cluster's namespace. Labels must not match the patterns in `without`. */
export function series(
  ctx: AlertContext,
  metric: string,
  equal: StringMap,
  patterns: StringMap = {},
  without: StringMap = {},
): string {
  return promql.series(metric, [
    ...promql.matchers({ namespace: ctx.cluster.namespace, ...ctx.alerts.seriesLabels, ...equal }),
    ...promql.matchers(patterns, '=~'),
    ...promql.matchers(without, '!~'),
  ]);
}

/** At least four scrapes, so that a failed scrape causes no gap. */
export function rateWindow(ctx: AlertContext): string {
  return duration(Math.max(5 * MINUTE, 4 * ctx.scrapeSeconds));
}

/** At least two scrapes, so that a state that ends before the next scrape does not count. */
export function twoScrapes(ctx: AlertContext, seconds: number): number {
  return Math.max(seconds, 2 * ctx.scrapeSeconds);
}

/** The 99th percentile of a member's observations, in seconds. */
export function slowest(ctx: AlertContext, histogram: string, by: string[] = [], without: StringMap = {}): string {
  const buckets = ofMembers(ctx, `${histogram}_bucket`, {}, {}, without);
  return promql.quantile(0.99, ['pod', ...by], `rate(${buckets}[${rateWindow(ctx)}])`);
}

/** A duration in Prometheus' syntax, such as `1h30m`. */
export function duration(seconds: number): string {
  const units: [string, number][] = [
    ['d', DAY],
    ['h', HOUR],
    ['m', MINUTE],
    ['s', 1],
  ];
  let left = Math.ceil(seconds);
  const parts = units.map(([unit, size]) => {
    const amount = Math.floor(left / size);
    left -= amount * size;
    return amount === 0 ? '' : `${amount}${unit}`;
  });
  return parts.join('') || '0s';
}
