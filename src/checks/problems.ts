/**
 * What is wrong with the props of one construct. Each message says where, what is expected, the value, and what to do.
 */
export class Problems {
  private readonly found: { readonly path: string; readonly text: string }[] = [];

  /** @param expectation what is expected, then `; ` and what to do. In lower case, without a full stop */
  public add(path: string, expectation: string, value?: unknown): void {
    const [expected = '', ...remedy] = expectation.split('; ');
    const got = value === undefined ? '' : `, got ${describe(value)}`;
    this.found.push({ path, text: [`${path}: ${expected}${got}`, ...remedy].join('; ') });
  }

  /** Whether there is a problem at one of these paths or below. Rules between props ask this first. */
  public touch(...paths: string[]): boolean {
    return this.found.some((p) =>
      paths.some((path) => p.path === path || p.path.startsWith(`${path}.`) || p.path.startsWith(`${path}[`)),
    );
  }

  public get messages(): string[] {
    return this.found.map((p) => p.text);
  }
}

/** The value as in the user's code, cut to a length that fits a terminal. */
export function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'number') return String(value); // JSON has no NaN
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isPlainObject(value)) {
    return `a ${(value.constructor as { readonly name: string } | undefined)?.name ?? 'object'}`;
  }
  return cut(written(value));
}

/** Whether the value is an object literal, and not an instance of a class. */
export function isPlainObject(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Each realm, such as a test file of Jest, has an Object.prototype of its own. It has no prototype, and classes' have one.
  return (
    prototype === null ||
    (Object.getPrototypeOf(prototype) === null && Object.prototype.hasOwnProperty.call(prototype, 'toString'))
  );
}

export function cut(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

function written(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? String(v) : v)) ?? 'undefined';
  } catch {
    return 'an object with a circular reference';
  }
}
