import { cut, isPlainObject, type Problems } from './problems';

/**
 * Checks a raw value and returns what the config uses: the value itself, or what it was parsed to. Returns undefined
 * after a problem, so that the default is used and the other checks can continue.
 */
export type Check<T = unknown> = (value: unknown, path: string, problems: Problems) => T | undefined;

/** One check for each field of T. A table without a field does not compile, so every new prop has a check. */
export type Fields<T> = { readonly [K in keyof Required<T>]: Check };

/** The type of a struct after its fields are checked. */
export type Checked<F> = { readonly [K in keyof F]?: F[K] extends Check<infer T> ? T : never };

/** An object literal with these fields only. The problem of an unknown key names the most similar known key. */
export function struct<F extends Fields<object>>(
  fields: F,
  required: readonly (keyof F & string)[] = [],
): Check<Checked<F>> {
  return (value, path, problems) => checkStruct(value, fields, required, path, problems);
}

/**
 * A struct with a switch: an option has no effect when it is off, and is refused then.
 * @param always options that have an effect all the same
 */
export function switchable<F extends Fields<object>>(
  fields: F,
  by: keyof F & string,
  always: readonly (keyof F & string)[] = [],
): Check<Checked<F>> {
  return (value, path, problems) => {
    const checked = checkStruct(value, fields, [], path, problems);
    if (checked?.[by] !== false) return checked;
    for (const [key, given] of Object.entries(checked))
      if (
        given !== undefined &&
        key !== by &&
        !always.includes(key as keyof F & string) &&
        !problems.touch(`${path}.${key}`)
      )
        problems.add(`${path}.${key}`, `has no effect with ${by}: false; remove one of them`, given);
    return checked;
  };
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
  for (const key of required) if (given[key] === undefined) problems.add(at(key), 'is required; set it');
  return checked as Checked<F>;
}

/** Props that had another name in an earlier version. */
const RENAMED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    everyMember: 'endpointPerMember',
    idsByPlatform: 'platformAssignsIds',
    maximumLag: 'entriesBehind',
    settle: 'pauseAfterMember',
    window: 'maintenanceWindow',
  }),
);

function unknownKey(key: string, known: string[]): string {
  const name = RENAMED.get(key);
  return name !== undefined && known.includes(name) ? `was renamed; use ${name}` : unknownName('key', key, known);
}

/** Names the most similar known name, or all of them. */
export function unknownName(what: string, given: string, known: string[]): string {
  const nearest = nearestName(given, known);
  return nearest === undefined
    ? `unknown ${what}; use one of ${known.join(', ')}`
    : `unknown ${what}; did you mean ${nearest}?`;
}

/** The most similar known name. Undefined if none is similar. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const nearest = known
    .map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return nearest && nearest.distance <= Math.max(2, given.length / 3) ? nearest.name : undefined;
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
