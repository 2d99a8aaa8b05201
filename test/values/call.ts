import fc from 'fast-check';

/** The call of a factory, which is made for each app, and which a counterexample prints as code. */
export class Call {
  public constructor(
    private readonly of: { readonly [factory: string]: (...values: unknown[]) => unknown },
    private readonly name: string,
    private readonly factory: string,
    private readonly values: readonly unknown[],
  ) {}

  public make(): unknown {
    return this.of[this.factory]?.(...this.values.map(made));
  }

  public toString(): string {
    return `${this.name}.${this.factory}(${this.values.map((value) => fc.stringify(value)).join(', ')})`;
  }

  public [fc.toStringMethod](): string {
    return this.toString();
  }
}

export function call(of: unknown, name: string, factory: string, values: readonly unknown[]): Call {
  return new Call(of as ConstructorParameters<typeof Call>[0], name, factory, values);
}

/** The value itself: each call in it is made. */
export function made(value: unknown): unknown {
  if (value instanceof Call) return value.make();
  if (Array.isArray(value)) return value.map(made);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, made(v)]));
}
