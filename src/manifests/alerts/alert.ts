import type { AlertConfig, ClusterJobs } from '../../config/alerts';
import type { ClusterConfig } from '../../config/cluster';
import { memberPattern } from '../../config/etcd-options';
import { type StringMap, CONTAINER } from '../../constants/names';
import * as promql from '../../grammar/promql';
import { DAY, HOUR, MINUTE } from '../../constants/time';
import type { EtcdAlert } from '../../props/alerts';

/** Critical: somebody must act now. Warning: somebody must act today. */
export type Severity = 'critical' | 'warning';

export interface Alert {
  readonly name: EtcdAlert;
  readonly severity: Severity;
  readonly expr: string;
  /** How long it must hold; at once without. */
  readonly forSeconds?: number;
  /** What is wrong with whom, after the cluster's name. */
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

/** A metric of the members: by the pods' names, whatever the job is called. */
export function ofMembers(
  ctx: AlertContext,
  metric: string,
  more: StringMap = {},
  patterns: StringMap = {},
  without: StringMap = {},
): string {
  return series(ctx, metric, more, { pod: memberPattern(ctx.cluster), ...patterns }, without);
}

/** The same for metrics that others make, too: they need the container. */
export function ofMemberContainers(ctx: AlertContext, metric: string): string {
  return ofMembers(ctx, metric, { container: CONTAINER.etcd });
}

/** A metric in the cluster's namespace; `without` are patterns that labels must not have. */
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

/** Four scrapes at least, or one that fails would make a gap. */
export function rateWindow(ctx: AlertContext): string {
  return duration(Math.max(5 * MINUTE, 4 * ctx.scrapeSeconds));
}

/** As long, or two scrapes: what a single one saw may be over by the next. */
export function twoScrapes(ctx: AlertContext, seconds: number): number {
  return Math.max(seconds, 2 * ctx.scrapeSeconds);
}

/** What 99 % of a member's observations stay below, in seconds. */
export function slowest(ctx: AlertContext, histogram: string, by: string[] = [], without: StringMap = {}): string {
  const buckets = ofMembers(ctx, `${histogram}_bucket`, {}, {}, without);
  return promql.quantile(0.99, ['pod', ...by], `rate(${buckets}[${rateWindow(ctx)}])`);
}

/** Seconds as Prometheus writes them, such as `1h30m`. */
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
