import { yamlHazard, yamlKeyHazard } from '../../grammar/yaml-hazard';
import { writerOf, type Json, type Writable, type WriterName } from '../../kubernetes';
import { isPlainObject, type Problems } from '../problems';
import type { Check } from '../struct';
import { checkTypes } from './types';

/** Checks values whose types are right already. */
export type Values<T> = (value: T, path: string, problems: Problems) => unknown;

/**
 * A Kubernetes type (`k8s.*` of cdk8s-plus-28), as plain JSON. Its writer silently drops unknown keys, and plain values
 * where it expects a class such as IntOrString: everything that it drops is a problem. Then the types of all fields are
 * checked, and what Kubernetes asks of their values.
 */
export function kube<N extends WriterName>(
  type: N,
  values: Values<Json<Writable<N>>> = () => undefined,
): Check<Json<Writable<N>>> {
  return (value, path, problems) => {
    if (!isPlainObject(value)) {
      problems.add(path, 'expected an object', value);
      return undefined;
    }
    const before = problems.messages.length;
    let json: unknown;
    try {
      json = writerOf(type)(value as never);
    } catch {
      problems.add(path, 'expected the k8s type of cdk8s-plus-28, but found another value where it has a list', value);
      return undefined;
    }
    reportHoles(json, path, problems);
    if (problems.messages.length > before) return undefined;
    reportLost(value, json, path, problems);
    checkTypes(type, json, path, problems);
    values(json as Json<Writable<N>>, path, problems);
    return problems.messages.length === before ? (json as Json<Writable<N>>) : undefined;
  };
}

/** Undefined or null items, which rules across items do not expect. */
function reportHoles(given: unknown, path: string, problems: Problems): void {
  if (Array.isArray(given))
    [...(given as unknown[])].forEach((item, i) => {
      if (item === undefined || item === null)
        problems.add(`${path}[${i}]`, `expected an item, got ${String(item)}; remove it`);
      else reportHoles(item, `${path}[${i}]`, problems);
    });
  else if (isPlainObject(given))
    for (const [key, item] of Object.entries(given)) reportHoles(item, `${path}.${key}`, problems);
}

/** Of a plain value where its writer makes an object, nothing is left. */
function shape(value: unknown): string {
  return Array.isArray(value) ? 'list' : typeof value;
}

function reportLost(given: unknown, written: unknown, path: string, problems: Problems): void {
  if (given === undefined) return;
  if (written === undefined || (typeof written === 'object' && shape(given) !== shape(written))) {
    problems.add(
      path,
      'unknown key or wrong type: not a key of the k8s type of cdk8s-plus-28, or a plain value where it expects k8s.Quantity or k8s.IntOrString; fix it, or set it with ApiObject.addJsonPatch',
      given,
    );
  } else if (typeof given === 'string') {
    const hazard = yamlHazard(given);
    if (hazard !== undefined) problems.add(path, hazard, given);
  } else if (Array.isArray(given)) {
    given.forEach((item, i) => reportLost(item, (written as unknown[])[i], `${path}[${i}]`, problems));
  } else if (typeof given === 'object' && given !== null && typeof written === 'object' && written !== null) {
    const names = new Map(Object.keys(written).map((key) => [key.toLowerCase(), key]));
    for (const [key, v] of Object.entries(given)) {
      const hazard = yamlKeyHazard(key);
      if (hazard !== undefined) problems.add(`${path}.${key}`, hazard, key);
      const name = names.get(key.toLowerCase());
      reportLost(
        v,
        name === undefined ? undefined : (written as { [key: string]: unknown })[name],
        `${path}.${key}`,
        problems,
      );
    }
  }
}
