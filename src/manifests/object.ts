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
  /** Set if it is not the namespace of the cluster. */
  readonly namespace?: string;
}

/** Metadata of an object. Labels of the library cannot be overridden. */
export function metadata(config: ClusterConfig, name: string, options: MetadataOptions): Json<k8s.ObjectMeta> {
  return {
    name,
    namespace: options.namespace ?? config.namespace,
    labels: labels(config, options.component, options.labels),
    annotations: unlessEmpty({ ...config.annotations, ...options.annotations }),
  };
}

/**
 * Labels of an object or a pod, with Kubernetes' recommended labels
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/).
 */
export function labels(config: ClusterConfig, component: string, more: StringMap = {}): StringMap {
  return {
    'app.kubernetes.io/managed-by': 'cdk8s',
    'app.kubernetes.io/version': config.image.version,
    ...config.labels,
    ...more,
    ...selectorOf(config.selector, component),
  };
}

/** Selects the cluster's pods of these components. */
export function podsOf(config: ClusterConfig, ...components: string[]): Json<k8s.LabelSelector> {
  const { 'app.kubernetes.io/component': _, ...cluster } = config.selector;
  return {
    matchLabels: cluster,
    matchExpressions: [{ key: 'app.kubernetes.io/component', operator: 'In', values: components }],
  };
}

/** Undefined for an empty map or list, to leave it out of the YAML. */
export function unlessEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}

/** Converts to a mutable list, for Kubernetes' types. */
export function list<T>(value: readonly T[]): T[] | undefined {
  return value.length === 0 ? undefined : [...value];
}

/** An object with its type first. Undefined fields are left out. */
export function write<Props>(apiVersion: string, kind: string, props: Json<Props>): Manifest {
  return { apiVersion, kind, ...props } as unknown as Manifest;
}
