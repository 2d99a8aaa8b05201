import { cut, isPlainObject, type Problems } from './problems';

/**
 * Checks one raw value, and gives back what to go on with: parsed where the text or the class is of no use to those who
 * come after. Undefined when a problem was reported: then the default comes in, and the other checks can go on.
 */
export type Check<T = unknown> = (value: unknown, path: string, problems: Problems) => T | undefined;

/** One check for each field of T. The compiler refuses a table that forgets a field, so a new prop can't stay unchecked. */
export type Fields<T> = { readonly [K in keyof Required<T>]: Check };

/** What is left of a struct when all its fields have been checked. */
export type Checked<F> = { readonly [K in keyof F]?: F[K] extends Check<infer T> ? T : never };

/** A plain object with exactly these fields. Unknown keys are problems that name the nearest known key. */
export function struct<F extends Fields<object>>(
  fields: F,
  required: readonly (keyof F & string)[] = [],
): Check<Checked<F>> {
  return (value, path, problems) => checkStruct(value, fields, required, path, problems);
}

export function checkStruct<F extends Fields<object>>(
  value: unknown,
  fields: F,
  required: readonly (keyof F & string)[],
  path: string,
  problems: Problems,
): Checked<F> | undefined {
  if (!isPlainObject(value)) {
    problems.add(path || 'props', 'expected an object', value);
    return undefined;
  }
  const given = value;
  const known = Object.keys(fields);
  const at = (key: string): string => (path === '' ? cut(key) : `${path}.${cut(key)}`);
  const checked: { [key: string]: unknown } = {};
  for (const key of Object.keys(given)) {
    if (given[key] === undefined) continue;
    const check = known.includes(key) ? (fields as { readonly [key: string]: Check })[key] : undefined;
    if (check === undefined) problems.add(at(key), unknownKey(cut(key), known), given[key]);
    else checked[key] = check(given[key], at(key), problems);
  }
  for (const key of required) if (given[key] === undefined) problems.add(at(key), 'required, but not given');
  return checked as Checked<F>;
}

function unknownKey(key: string, known: string[]): string {
  return unknownName('key', key, known);
}

/** Says which name was meant, or which there are. */
export function unknownName(what: string, given: string, known: string[]): string {
  const nearest = known
    .map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return nearest && nearest.distance <= Math.max(2, given.length / 3)
    ? `unknown ${what}; did you mean ${nearest.name}?`
    : `unknown ${what}; known are ${known.join(', ')}`;
}

export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
