import type { ClusterConfig } from '../config/cluster';
import { selectorOf, type StringMap } from '../constants/names';
import type { Json, k8s } from '../kubernetes';

/** A Kubernetes object as plain JSON, ready for ApiObject. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly [field: string]: unknown;
}

interface MetadataOptions {
  readonly component: string;
  readonly labels?: StringMap;
  readonly annotations?: StringMap;
  /** Where it is not the cluster's. */
  readonly namespace?: string;
}

/** Metadata of an object: our labels cannot be overwritten, everything else can. */
export function metadata(config: ClusterConfig, name: string, options: MetadataOptions): Json<k8s.ObjectMeta> {
  return {
    name,
    namespace: options.namespace ?? config.namespace,
    labels: labels(config, options.component, options.labels),
    annotations: unlessEmpty({ ...config.annotations, ...options.annotations }),
  };
}

/** Labels of an object or pod: the recommended set (https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/). */
export function labels(config: ClusterConfig, component: string, more: StringMap = {}): StringMap {
  return {
    'app.kubernetes.io/managed-by': 'cdk8s',
    'app.kubernetes.io/version': config.image.version,
    ...config.labels,
    ...more,
    ...selectorOf(config.selector, component),
  };
}

/** Selects the cluster's pods of several components. */
export function podsOf(config: ClusterConfig, ...components: string[]): Json<k8s.LabelSelector> {
  const { 'app.kubernetes.io/component': _, ...cluster } = config.selector;
  return {
    matchLabels: cluster,
    matchExpressions: [{ key: 'app.kubernetes.io/component', operator: 'In', values: components }],
  };
}

/** Nothing, where an empty map or list would only be noise in the YAML. */
export function unlessEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}

/** Kubernetes' types want lists that can be changed; ours cannot. */
export function list<T>(value: readonly T[]): T[] | undefined {
  return value.length === 0 ? undefined : [...value];
}

/** An object with its type first. Fields that are undefined are not written. */
export function write<Props>(apiVersion: string, kind: string, props: Json<Props>): Manifest {
  return { apiVersion, kind, ...props } as unknown as Manifest;
}
