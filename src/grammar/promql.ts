/** Conditions on labels, by the labels' names: `matchers({ pod: 'etcd-.*' }, '=~')`. */
export function matchers(labels: { readonly [name: string]: string }, operator: '=' | '=~' | '!~' = '='): string[] {
  return Object.entries(labels).map(([name, value]) => `${name}${operator}${JSON.stringify(value)}`);
}

/** The series of a metric that meet all conditions. */
export function series(metric: string, conditions: readonly string[]): string {
  return `${metric}{${conditions.join(',')}}`;
}

/** What so large a part of a histogram's observations stays below, for each value of some labels. */
export function quantile(part: number, by: readonly string[], rateOfBuckets: string): string {
  return `histogram_quantile(${part}, sum by (${[...by, 'le'].join(', ')}) (${rateOfBuckets}))`;
}
