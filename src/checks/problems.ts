/** What is wrong with the props of one construct: every problem has a path, says what is expected, and the value. */
export class Problems {
  private readonly found: { readonly path: string; readonly text: string }[] = [];

  /** @param expectation what is expected and what to do, lower case, no full stop */
  public add(path: string, expectation: string, value?: unknown): void {
    const got = value === undefined ? '' : `, got ${describe(value)}`;
    this.found.push({ path, text: `${path}: ${expectation}${got}` });
  }

  /** Whether something is wrong at one of these paths, or below. Checks of several props at once ask this first. */
  public touch(...paths: string[]): boolean {
    return this.found.some((p) =>
      paths.some((path) => p.path === path || p.path.startsWith(`${path}.`) || p.path.startsWith(`${path}[`)),
    );
  }

  public get messages(): string[] {
    return this.found.map((p) => p.text);
  }
}

/** The value as the user would write it, cut to a length that a terminal can show. */
export function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'number') return String(value); // JSON has no NaN
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isPlainObject(value)) {
    return `a ${value.constructor.name}`;
  }
  return cut(written(value));
}

/** An object as a literal makes it, and not an instance of some class. */
export function isPlainObject(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function cut(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

function written(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? String(v) : v)) ?? 'undefined';
  } catch {
    return 'an object that refers to itself';
  }
}
