/** Label matchers: `matchers({ pod: 'etcd-.*' }, '=~')`. */
export function matchers(labels: { readonly [name: string]: string }, operator: '=' | '=~' | '!~' = '='): string[] {
  return Object.entries(labels).map(([name, value]) => `${name}${operator}${JSON.stringify(value)}`);
}

/** Selects the series of a metric that match all conditions. */
export function series(metric: string, conditions: readonly string[]): string {
  return `${metric}{${conditions.join(',')}}`;
}

/** A quantile of a histogram, for each value of the labels in `by`. */
export function quantile(part: number, by: readonly string[], rateOfBuckets: string): string {
  return `histogram_quantile(${part}, sum by (${[...by, 'le'].join(', ')}) (${rateOfBuckets}))`;
}

/** Selects by the namespace of an object, which Prometheus calls `exported_namespace` without `honorLabels`. */
export function ofNamespace(metric: string, namespace: string, conditions: readonly string[]): string {
  return ['namespace', 'exported_namespace']
    .map((label) => series(metric, [...matchers({ [label]: namespace }), ...conditions]))
    .join(' or ');
}
