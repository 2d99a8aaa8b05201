import { yamlHazard, yamlKeyHazard } from '../grammar/yaml-hazard';
import { writerOf, type Json, type Writable, type WriterName } from '../kubernetes';
import { isPlainObject, type Problems } from './problems';
import type { Check } from './struct';

/**
 * A Kubernetes type (`k8s.*` of cdk8s-plus-28). Its writer silently drops unknown keys, and plain values where it
 * expects a class such as IntOrString. Everything that it drops is reported as a problem. The result is plain JSON.
 */
export function kube<N extends WriterName>(type: N, ...required: string[]): Check<Json<Writable<N>>> {
  return written((value: Writable<N>) => writerOf(type)(value as never), ...required);
}

/** The same for a writer in `imports/`. */
export function written<T>(toJson: (value: T) => unknown, ...required: string[]): Check<Json<NonNullable<T>>> {
  return (value, path, problems) => {
    if (!isPlainObject(value)) {
      problems.add(path, 'expected an object', value);
      return undefined;
    }
    const before = problems.messages.length;
    for (const key of required) {
      if (value[key] === undefined) problems.add(`${path}.${key}`, 'is required; set it');
    }
    let json: unknown;
    try {
      json = toJson(value as T);
    } catch {
      problems.add(path, 'expected the k8s type of cdk8s-plus-28, but found another value where it has a list', value);
      return undefined;
    }
    reportLost(value, json, path, problems);
    return problems.messages.length === before ? (json as Json<NonNullable<T>>) : undefined;
  };
}

function reportLost(given: unknown, written: unknown, path: string, problems: Problems): void {
  if (given === undefined || given === null) return;
  if (written === undefined || (typeof given === 'string' && typeof written === 'object')) {
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
  } else if (typeof given === 'object' && typeof written === 'object' && written !== null) {
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
