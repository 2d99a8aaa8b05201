import type { Problems } from '../problems';
import type { Values } from './kube';

/** Checks of fields, by their names. What is not named may have any value of its type. */
export type FieldValues<T> = { readonly [K in keyof T]?: Values<NonNullable<T[K]>> };

/**
 * Checks of fields whose types are right already, and rules between them. What has a problem is not checked again, and a
 * rule is not asked of an object with an unknown key or a wrong type: what it says would follow from that.
 */
export function fields<T extends object>(checks: FieldValues<T>, ...rules: Values<T>[]): Values<T> {
  return (value, path, problems) => {
    if (typeof value !== 'object' || value === null) return;
    const isRead = !problems.touch(path);
    for (const [key, check] of Object.entries(checks) as [string & keyof T, Values<unknown>][]) {
      const at = `${path}.${key}`;
      if (value[key] !== undefined && !problems.touch(at)) check(value[key], at, problems);
    }
    if (isRead) for (const rule of rules) rule(value, path, problems);
  };
}

export function each<T>(check: Values<T>): Values<readonly T[]> {
  return (list, path, problems) => {
    list.forEach((item, i) => {
      const at = `${path}[${i}]`;
      if (!problems.touch(at) || typeof item === 'object') check(item, at, problems);
    });
  };
}

/** A rule between fields: it holds, or one of them has this problem. Not asked if that field has one already. */
export function rule<T extends object>(
  field: keyof T & string,
  holds: (value: T) => boolean,
  expectation: string,
): Values<T> {
  return (value, path, problems) => {
    const at = `${path}.${field}`;
    if (!problems.touch(at) && !holds(value)) problems.add(at, expectation, value[field]);
  };
}

/** A field that Kubernetes needs, although its type leaves it out. */
export function needs<T extends object>(...names: (keyof T & string)[]): Values<T> {
  return (value, path, problems) => {
    for (const name of names)
      if (value[name] === undefined && !problems.touch(`${path}.${name}`))
        problems.add(`${path}.${name}`, 'is required; set it');
  };
}

/** Exactly one of some fields must be set. */
export function oneField<T extends object>(...names: (keyof T & string)[]): Values<T> {
  return (value, path, problems) => {
    const given = names.filter((name) => value[name] !== undefined);
    const [first, second] = given;
    if (first === undefined && !problems.touch(path))
      problems.add(path, `expected one of ${names.join(', ')}; set one of them`, value);
    if (second !== undefined)
      problems.add(`${path}.${second}`, `cannot be combined with ${String(first)}; keep one of them`);
  };
}

/** What a list says twice, by a key of its items. */
export function distinct<T>(keyOf: (item: T) => unknown, field: string, expectation: string): Values<readonly T[]> {
  return (list, path, problems) => {
    const seen = new Set<unknown>();
    list.forEach((item, i) => {
      const key = keyOf(item);
      const at = `${path}[${i}]${field}`;
      if (key !== undefined && seen.has(key) && !problems.touch(at)) problems.add(at, expectation, key);
      seen.add(key);
    });
  };
}

export function all<T>(...checks: Values<T>[]): Values<T> {
  return (value, path, problems: Problems) => {
    for (const check of checks) check(value, path, problems);
  };
}
