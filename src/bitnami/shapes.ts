import { isMap, type Json } from './json';

/**
 * The type of a parameter. `read` returns the value as the chart's templates see it, or undefined if the type is wrong.
 */
export interface Shape {
  readonly expected: string;
  read(value: Json): Json | undefined;
}

function shape(expected: string, read: (value: Json) => Json | undefined): Shape {
  return { expected, read };
}

/** A text. Helm also writes numbers as text. `null` is the empty text. */
export const TEXT = shape('a text', (v) => {
  if (v === null) return '';
  return typeof v === 'object' ? undefined : String(v);
});

/** A text for which `null` and the empty text are different. */
export const TEXT_OR_NULL = shape('a text', (v) => (v === null ? null : TEXT.read(v)));

/** Only true and false are accepted: Helm reads the text "false" as true. */
export const FLAG = shape('true or false (Helm reads a text such as "false" as true)', (v) =>
  v === null ? false : typeof v === 'boolean' ? v : undefined,
);

export const WHOLE = shape('a whole number', whole);

/** A whole number, `null` or the empty text. */
export const WHOLE_OR_NOTHING = shape('a whole number or an empty value', (v) =>
  v === null || v === '' ? '' : whole(v),
);

export const LIST = shape('a list', (v) => (v === null ? [] : Array.isArray(v) ? v : undefined));

export const TEXTS = shape('a list of texts', (v) => {
  if (v === null) return [];
  if (!Array.isArray(v) || v.some((item) => typeof item === 'object')) return undefined;
  return (v as (string | number | boolean)[]).map(String);
});

export const MAP = shape('a map', (v) => (v === null ? {} : isMap(v) ? v : undefined));

/** Labels, annotations and the like. */
export const TEXT_MAP = shape('a map of texts', (v) => {
  if (v === null) return {};
  if (!isMap(v) || Object.values(v).some((item) => typeof item === 'object' && item !== null)) return undefined;
  return Object.fromEntries(Object.entries(v).map(([key, item]) => [key, item === null ? '' : String(item as string)]));
});

/** A number of pods or a percentage. */
export const COUNT = shape('a whole number, a percentage such as 51%, or an empty value', (v) => {
  if (v === null || v === '') return '';
  return typeof v === 'string' && /^\d+%$/.test(v) ? v : whole(v);
});

/** Names of Secrets, as texts or as `name: ...`. */
export const SECRET_NAMES = shape('a list of names of Secrets', (v) => {
  if (v === null) return [];
  if (!Array.isArray(v)) return undefined;
  const names = v.map((item: Json) => (isMap(item) ? item.name : item));
  return names.every((name) => typeof name === 'string') ? names : undefined;
});

/** One of these texts. */
export function oneOf(...values: string[]): Shape {
  const read = (v: Json): Json | undefined => {
    const text = v === null ? '' : v;
    return typeof text === 'string' && values.includes(text) ? text : undefined;
  };
  return shape(`one of ${values.map((v) => v || '""').join(', ')}`, read);
}

function whole(v: Json): number | undefined {
  const number = typeof v === 'string' && /^\d+$/.test(v) ? Number(v) : v;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
