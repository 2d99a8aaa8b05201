import type { Duration } from 'cdk8s';
import { RESERVED_LABELS } from '../constants/names';
import { writerOf, type WriterName } from '../kubernetes';
import { unknownName, type Check } from './struct';
import { cut, isPlainObject, type Problems } from './problems';
import { quantityProblem } from '../grammar/quantity';
import { yamlHazard, yamlKeyHazard } from '../grammar/yaml-hazard';
import { annotationKeyProblem, labelKeyProblem, labelValueProblem } from '../grammar/labels';

/** A grammar says what is wrong with a text, or nothing. */
export type Grammar = (value: string) => string | undefined;

/** A string, by a grammar. Strings that YAML writers and Kubernetes read differently are refused everywhere. */
export function text(...grammars: Grammar[]): Check {
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

export const quantity: Check = text(quantityProblem);

/** An absolute path in a container. */
export const absolutePath: Check = text((value) =>
  /^\/([^\0]*[^/\0])?$/.test(value) && !value.split('/').includes('..')
    ? undefined
    : 'expected an absolute path without ".." and without a slash at its end',
);

export const flag: Check = (value, path, problems) => {
  if (typeof value === 'boolean') return value;
  problems.add(path, 'expected true or false', value);
  return undefined;
};

export function whole(min: number, max: number, remedy = ''): Check {
  return (value, path, problems) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    problems.add(path, `expected a whole number ${range}${remedy && `; ${remedy}`}`, value);
    return undefined;
  };
}

export const port: Check = whole(1, 65535);

export function oneOf(values: { [name: string]: string }): Check {
  return (value, path, problems) => {
    if (typeof value === 'string' && Object.values(values).includes(value)) return value;
    problems.add(path, `expected one of ${Object.values(values).join(', ')}`, value);
    return undefined;
  };
}

/** One of so many names that the nearest is of more help than all of them. */
export function named(values: { [name: string]: string }, what: string): Check {
  return (value, path, problems) => {
    const known = Object.values(values);
    if (typeof value === 'string' && known.includes(value)) return value;
    problems.add(path, typeof value === 'string' ? unknownName(what, cut(value), known) : 'expected a string', value);
    return undefined;
  };
}

/** A cdk8s Duration that is a whole number of units (1 = milliseconds, 1000 = seconds), within limits given in that unit. */
function duration(unit: { name: string; millis: number }, min: number, max: number, why = ''): Check {
  return (value, path, problems) => {
    if (typeof (value as Duration | null)?.toMilliseconds !== 'function') {
      problems.add(path, 'expected a Duration of cdk8s, such as Duration.seconds(10)', value);
      return undefined;
    }
    const amount = (value as Duration).toMilliseconds({ integral: false }) / unit.millis;
    if (Number.isSafeInteger(amount) && amount >= min && amount <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    problems.add(
      path,
      `expected a whole number of ${unit.name} ${range}${why && `: ${why}`}`,
      `${amount} ${unit.name}`,
    );
    return undefined;
  };
}

export function milliseconds(min: number, max: number): Check {
  return duration({ name: 'milliseconds', millis: 1 }, min, max);
}

export function seconds(min: number, max = 31_536_000, why = ''): Check {
  return duration({ name: 'seconds', millis: 1000 }, min, max, why);
}

/** A list that has a bad item is left out as a whole, so that rules between props don't count its items wrongly. */
export function listOf(item: Check, same?: (value: never) => unknown): Check {
  return (value, path, problems) => {
    if (!Array.isArray(value)) {
      problems.add(path, 'expected a list', value);
      return undefined;
    }
    const before = problems.messages.length;
    const seen = new Set<unknown>();
    const cleaned = value.map((v: unknown, i) => {
      const checked = item(v, `${path}[${i}]`, problems);
      const key = same === undefined || checked === undefined ? undefined : same(checked as never);
      if (key !== undefined && seen.has(key)) problems.add(`${path}[${i}]`, 'given twice; keep one of them', key);
      seen.add(key);
      return checked;
    });
    return problems.messages.length === before ? cleaned : undefined;
  };
}

/** A list that must not be empty. */
export function filledListOf(item: Check, same?: (value: never) => unknown): Check {
  return (value, path, problems) => {
    if (!Array.isArray(value) || value.length > 0) return listOf(item, same)(value, path, problems);
    problems.add(path, 'expected at least one');
    return undefined;
  };
}

export function mapOf(keyProblem: Grammar, value: Check): Check {
  return (given, path, problems) => {
    if (!isPlainObject(given)) {
      problems.add(path, 'expected an object of strings', given);
      return undefined;
    }
    const cleaned: { [key: string]: unknown } = {};
    for (const [key, v] of Object.entries(given)) {
      const problem = yamlKeyHazard(key) ?? keyProblem(key);
      if (problem === undefined) cleaned[key] = value(v, `${path}.${key}`, problems);
      else problems.add(`${path}.${key}`, problem, key);
    }
    return cleaned;
  };
}

export const labelMap: Check = mapOf(labelKeyProblem, text(labelValueProblem));
/** Labels that a user adds to our objects. Those that selectors use are ours: with others, nothing would find the pods. */
export const ownLabels: Check = mapOf(
  (key) =>
    labelKeyProblem(key) ??
    (RESERVED_LABELS.includes(key) ? 'is set by the library, since selectors use it; choose another label' : undefined),
  text(labelValueProblem),
);
export const annotationMap: Check = mapOf(annotationKeyProblem, text());

/** A value made by one of our classes with static factories, which checks itself. */
export function made(by: { [Symbol.hasInstance](value: unknown): boolean }, how: string): Check {
  return (value, path, problems) => {
    if (!by[Symbol.hasInstance](value)) {
      problems.add(path, `expected ${how}`, value);
      return undefined;
    }
    const before = problems.messages.length;
    (value as { _check?: (path: string, problems: Problems) => void })._check?.(path, problems);
    return problems.messages.length === before ? value : undefined;
  };
}

/**
 * A struct of Kubernetes' own types (`k8s.*` of cdk8s-plus-28). Its writer drops what its schema lacks without a word:
 * unknown keys, and plain values where a class such as IntOrString is asked for. So whatever is lost is a problem.
 * What goes on is plain JSON.
 */
export function kube(type: WriterName, ...required: string[]): Check {
  return written((value) => writerOf(type)(value), ...required);
}

/** The same for a writer from `imports/`. */
export function written(toJson: (value: never) => unknown, ...required: string[]): Check {
  return (value, path, problems) => {
    if (!isPlainObject(value)) {
      problems.add(path, 'expected an object', value);
      return undefined;
    }
    const before = problems.messages.length;
    for (const key of required) {
      if (value[key] === undefined) problems.add(`${path}.${key}`, 'required, but not given');
    }
    let json: unknown;
    try {
      json = toJson(value as never);
    } catch {
      problems.add(path, 'expected the k8s type of cdk8s-plus-28, but a list is missing where it has one', value);
      return undefined;
    }
    reportLost(value, json, path, problems);
    return problems.messages.length === before ? json : undefined;
  };
}

function reportLost(given: unknown, written: unknown, path: string, problems: Problems): void {
  if (given === undefined || given === null) return;
  if (written === undefined || (typeof given === 'string' && typeof written === 'object')) {
    problems.add(
      path,
      'would be lost: no such key in the k8s type of cdk8s-plus-28, or a plain value where it wants k8s.Quantity or k8s.IntOrString; mend it, or add it with addJsonPatch',
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
