import type { Json, k8s } from '../kubernetes';

/** The fields of a GreptimeDBCluster that are read or set. */
export interface GreptimeDbSpec {
  readonly meta?: GreptimeDbMeta;
}

export interface GreptimeDbMeta {
  readonly etcdEndpoints?: string[];
  readonly enableCheckEtcdService?: boolean;
  readonly backendStorage?: { readonly etcd?: { readonly enableCheckEtcdService?: boolean } };
  readonly config?: string;
  readonly template?: {
    readonly main?: { readonly volumeMounts?: Json<k8s.VolumeMount>[] };
    readonly volumes?: Json<k8s.Volume>[];
  };
}

/** `spec.meta` with new endpoints, and with what TLS needs. All other fields stay. */
export function mergeMeta(before: GreptimeDbMeta, made: GreptimeDbMeta): GreptimeDbMeta {
  const { etcdEndpoints: _, backendStorage, ...meta } = before;
  const etcd = { ...backendStorage?.etcd, ...made.backendStorage?.etcd };
  return {
    ...meta,
    ...made,
    ...(made.backendStorage && { backendStorage: { ...backendStorage, etcd } }),
    ...(made.config !== undefined && { config: [meta.config?.trimEnd(), made.config].filter(Boolean).join('\n') }),
    ...(made.template && { template: mergeTemplate(meta.template, made.template) }),
  };
}

type Template = NonNullable<GreptimeDbMeta['template']>;

function mergeTemplate(before: Template = {}, made: Template): Template {
  return {
    ...before,
    main: { ...before.main, volumeMounts: join(before.main?.volumeMounts, made.main?.volumeMounts) },
    volumes: join(before.volumes, made.volumes),
  };
}

/** An entry replaces that of the same name. */
function join<T extends { readonly name: string }>(before: T[] = [], made: T[] = []): T[] {
  const names = new Set(made.map(({ name }) => name));
  return [...before.filter(({ name }) => !names.has(name)), ...made];
}
