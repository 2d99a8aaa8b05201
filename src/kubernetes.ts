import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import type * as fields from '../imports/kubernetes-fields';

export type { k8s };

/**
 * A Kubernetes type as plain JSON: with Kubernetes' spelling, and without cdk8s-plus-28's classes for quantities and
 * for "integer or string".
 */
export type Json<T> = T extends k8s.Quantity | k8s.IntOrString
  ? keyof T extends 'value'
    ? string | number
    : JsonObject<T> // has a field `value` and others, such as a Sysctl
  : T extends Date
    ? string
    : T extends readonly (infer Item)[]
      ? readonly Json<Item>[]
      : T extends object
        ? JsonObject<T>
        : T;

type JsonObject<T> = { readonly [K in keyof T as Spelling<K>]: Json<T[K]> };

/** The generated types have clusterIp, isCa, downwardApi and targetWwNs where Kubernetes has clusterIP, isCA, downwardAPI and targetWWNs. */
type Spelling<K> = K extends `${infer Start}Ip`
  ? `${Start}IP`
  : K extends `${infer Start}Ca`
    ? `${Start}CA`
    : K extends `${infer Start}Api`
      ? `${Start}API`
      : K extends 'targetWwNs'
        ? 'targetWWNs'
        : K;

type Writers = typeof k8s;
export type WriterName = { [K in keyof Writers]: K extends `toJson_${infer Name}` ? Name : never }[keyof Writers];
/** The type that a writer accepts. */
export type Writable<N extends WriterName> = NonNullable<Parameters<Writers[`toJson_${N}`]>[0]>;

/**
 * cdk8s-plus-28's function that writes a type as JSON. It is loaded when the first prop needs it, because loading takes
 * 25 ms and most apps use no Kubernetes types.
 */
export function writerOf(type: WriterName): (value: never) => unknown {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only when needed
  const writers = require('cdk8s-plus-28/lib/imports/k8s') as Writers;
  return writers[`toJson_${type}`] as (value: never) => unknown;
}

/** The fields of a Kubernetes type, or undefined if it has none. They are loaded when the first prop needs them, too. */
export function fieldsOf(type: string): string | undefined {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only when needed
  const { FIELDS } = require('../imports/kubernetes-fields') as typeof fields;
  return FIELDS[type];
}
