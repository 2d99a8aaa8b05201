import type { Duration } from 'cdk8s';
import type { Least } from '../constants/least';
import { CONTROLLERS_LABELS, RESERVED_LABELS, type StringMap } from '../constants/names';
import { unknownName, type Check } from './struct';
import { cut, isPlainObject, type Problems } from './problems';
import { annotationsSizeProblem } from '../grammar/annotations-size';
import { bytesProblem, cpuProblem, quantityBytes } from '../grammar/quantity';
import { yamlHazard, yamlKeyHazard } from '../grammar/yaml-hazard';
import { annotationKeyProblem, labelKeyProblem, labelValueProblem } from '../grammar/labels';

/** Returns what is wrong with a text, or undefined. */
export type Grammar = (value: string) => string | undefined;

/**
 * A string that all grammars accept. Strings that the YAML writer and Kubernetes read differently are always refused.
 */
export function text(...grammars: Grammar[]): Check<string> {
  return (value, path, problems) => {
    if (typeof value !== 'string') {
      problems.add(path, 'expected a string', value);
      return undefined;
    }
    for (const grammar of [yamlHazard, ...grammars]) {
      const problem = grammar(value);
      if (problem !== undefined) {
        problems.add(path, problem, value);
        return undefined;
      }
    }
    return value;
  };
}

export const cpus: Check<string> = text(cpuProblem);

/**
 * A number of bytes, as a Kubernetes quantity.
 * @param least the smallest one, and why
 */
export function size(least: Least = { size: '1', why: '' }): Check<string> {
  const tooSmall = (value: string): string | undefined =>
    quantityBytes(value) < quantityBytes(least.size)
      ? `expected at least ${least.size}, because ${least.why}; use a larger one`
      : undefined;
  return text(bytesProblem, tooSmall);
}

/** Like `size`, parsed to a number. */
export function bytes(least?: Least): Check<number> {
  const check = size(least);
  return (value, path, problems) => {
    const text = check(value, path, problems);
    return text === undefined ? undefined : quantityBytes(text);
  };
}

/** An absolute path in an image. It is part of PATH and of scripts. */
export const absolutePath: Check<string> = text((value) =>
  /^(\/[\w.@+-]+)+$/.test(value) && !value.split('/').some((part) => part === '.' || part === '..')
    ? undefined
    : 'expected an absolute path of letters, digits and . _ - + @, without ".." and without a trailing slash',
);

export const flag: Check<boolean> = (value, path, problems) => {
  if (typeof value === 'boolean') return value;
  problems.add(path, 'expected true or false', value);
  return undefined;
};

export function whole(min: number, max: number, remedy = ''): Check<number> {
  return (value, path, problems) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    problems.add(path, `expected a whole number ${range}${remedy && `; ${remedy}`}`, value);
    return undefined;
  };
}

export const port: Check<number> = whole(1, 65535);

/**
 * The default of the API server's flag `--service-node-port-range`. A server refuses a port that is not in its range.
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport
 */
export const nodePort: Check<number> = whole(
  30_000,
  32_767,
  'for an API server with another --service-node-port-range, set it with ApiObject.addJsonPatch',
);

export function oneOf<T extends string>(values: { readonly [name: string]: T } | readonly T[]): Check<T> {
  return (value, path, problems) => {
    const found = Object.values(values).find((known) => known === value);
    if (found === undefined) {
      const named = Object.values(values).filter((known) => known !== '');
      problems.add(path, `expected one of ${named.join(', ')}`, value);
    }
    return found;
  };
}

/** Like `oneOf`, for long lists: the problem names the most similar name instead of all. */
export function named<T extends string>(values: { readonly [name: string]: T }, what: string): Check<T> {
  return (value, path, problems) => {
    const known = Object.values(values);
    const found = known.find((name) => name === value);
    if (found !== undefined) return found;
    problems.add(path, typeof value === 'string' ? unknownName(what, cut(value), known) : 'expected a string', value);
    return undefined;
  };
}

/** A cdk8s Duration, parsed to a whole number of units. The limits are in the same unit. */
function duration(unit: { name: string; millis: number }, min: number, max: number, why = ''): Check<number> {
  return (value, path, problems) => {
    if (typeof (value as Duration | null)?.toMilliseconds !== 'function') {
      problems.add(path, 'expected a cdk8s Duration such as Duration.seconds(10)', value);
      return undefined;
    }
    const amount = (value as Duration).toMilliseconds({ integral: false }) / unit.millis;
    if (Number.isSafeInteger(amount) && amount >= min && amount <= max) return amount;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    problems.add(
      path,
      `expected a whole number of ${unit.name} ${range}${why && `: ${why}`}`,
      `${amount} ${unit.name}`,
    );
    return undefined;
  };
}

export function milliseconds(min: number, max: number): Check<number> {
  return duration({ name: 'milliseconds', millis: 1 }, min, max);
}

export function seconds(min: number, max: number, why = ''): Check<number> {
  return duration({ name: 'seconds', millis: 1000 }, min, max, why);
}

/** A list with an invalid item is left out as a whole, so that rules between props do not miscount its items. */
export function listOf<T>(item: Check<T>, same?: (value: T) => unknown): Check<readonly T[]> {
  return (value, path, problems) => {
    if (!Array.isArray(value)) {
      problems.add(path, 'expected a list', value);
      return undefined;
    }
    const before = problems.messages.length;
    const seen = new Set<unknown>();
    const checkedItems = value.map((v: unknown, i) => {
      const checked = item(v, `${path}[${i}]`, problems);
      const key = same === undefined || checked === undefined ? undefined : same(checked);
      if (key !== undefined && seen.has(key)) problems.add(`${path}[${i}]`, 'given twice; keep one of them', key);
      seen.add(key);
      return checked;
    });
    return problems.messages.length === before ? (checkedItems as T[]) : undefined;
  };
}

/** A list that must not be empty. */
export function filledListOf<T>(item: Check<T>, same?: (value: T) => unknown): Check<readonly T[]> {
  return (value, path, problems) => {
    if (!Array.isArray(value) || value.length > 0) return listOf(item, same)(value, path, problems);
    problems.add(path, 'expected at least one item, got an empty list');
    return undefined;
  };
}

export function mapOf(keyProblem: Grammar, value: Check<string>): Check<StringMap> {
  return (given, path, problems) => {
    if (!isPlainObject(given)) {
      problems.add(path, 'expected an object of strings', given);
      return undefined;
    }
    const checked: { [key: string]: string } = {};
    for (const [key, v] of Object.entries(given)) {
      const problem = yamlKeyHazard(key) ?? keyProblem(key);
      const text = problem === undefined ? value(v, `${path}.${key}`, problems) : undefined;
      if (text !== undefined) checked[key] = text;
      if (problem !== undefined) problems.add(`${path}.${key}`, problem, key);
    }
    return checked;
  };
}

export const labelMap: Check<StringMap> = mapOf(labelKeyProblem, text(labelValueProblem));
/** Labels that a user adds to objects. Labels in selectors are refused: changing them would break the selectors. */
export const ownLabels: Check<StringMap> = mapOf(
  (key) => labelKeyProblem(key) ?? takenLabelProblem(key),
  text(labelValueProblem),
);

/** Labels of the nodes for pods, all of whose programs are for Linux. */
export const linuxNodes: Check<StringMap> = (value, path, problems) => {
  const labels = labelMap(value, path, problems);
  const os = labels?.['kubernetes.io/os'] ?? 'linux';
  if (os !== 'linux')
    problems.add(`${path}.kubernetes.io/os`, 'expected linux, because all images are for Linux; remove it', os);
  return labels;
};

function takenLabelProblem(key: string): string | undefined {
  if (RESERVED_LABELS.includes(key)) return 'is set by the library because selectors use it; choose another label';
  return CONTROLLERS_LABELS.includes(key) ? 'is set by Kubernetes; choose another label' : undefined;
}
/** Annotations that an object may have together. */
export function withinSize(map: Check<StringMap>): Check<StringMap> {
  return (value, path, problems) => {
    const annotations = map(value, path, problems);
    const problem = annotations && !problems.touch(path) ? annotationsSizeProblem(annotations) : undefined;
    if (problem !== undefined) problems.add(path, problem);
    return annotations;
  };
}

/** Annotations that the API server checks on Services, and for which there is a field or a newer annotation. */
const SERVICES_ANNOTATIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'service.beta.kubernetes.io/load-balancer-source-ranges':
      'is for Services of type LoadBalancer only; use loadBalancerSourceRanges',
    'service.kubernetes.io/topology-aware-hints':
      'must have the same value as the annotation that replaces it; use service.kubernetes.io/topology-mode',
  }),
);

export const annotationMap: Check<StringMap> = withinSize(
  mapOf((key) => annotationKeyProblem(key) ?? SERVICES_ANNOTATIONS.get(key), text()),
);

/** An instance of a class with static factories. It checks itself. */
export function made<T>(
  by: { readonly prototype: T; [Symbol.hasInstance](value: unknown): boolean },
  how: string,
): Check<T> {
  return (value, path, problems) => {
    if (!by[Symbol.hasInstance](value)) {
      problems.add(path, `expected ${how}`, value);
      return undefined;
    }
    const before = problems.messages.length;
    (value as { _check?: (path: string, problems: Problems) => void })._check?.(path, problems);
    return problems.messages.length === before ? (value as T) : undefined;
  };
}
