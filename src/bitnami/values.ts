import { same, type Json, type JsonObject } from './json';

/** A parameter of the chart. */
export interface ParameterDefault {
  /** The chart's default. */
  readonly default: Json;
  /** When the chart reads it: if `a.b` is true, or `!a.b`, `a.b=text` or `!a.b=text`. */
  readonly when?: string;
}

/** Name and namespace of the release, which are not in its values. */
export interface Release {
  readonly name: string;
  readonly namespace: string;
}

/** The values of a release: the file, over the chart's defaults. */
export class Values {
  public constructor(
    private readonly table: { readonly [parameter: string]: ParameterDefault },
    private readonly given: ReadonlyMap<string, { readonly value: Json; readonly line: number }>,
    public readonly release: Release,
    /** Annotations in metrics.podAnnotations that are not defaults of the chart. */
    public readonly scrapeAnnotations: { readonly [key: string]: string } = {},
  ) {}

  /** The value, as the chart's templates see it. */
  public get(path: string): Json {
    const parameter = this.table[path];
    if (!parameter) throw new Error(`no parameter ${path}`);
    const given = this.given.get(path);
    return given === undefined ? parameter.default : given.value;
  }

  public text(path: string): string {
    return String(this.get(path) as string | number);
  }

  public flag(path: string): boolean {
    return this.get(path) === true;
  }

  public number(path: string): number {
    return Number(this.get(path));
  }

  public list(path: string): readonly Json[] {
    return this.get(path) as readonly Json[];
  }

  public map(path: string): JsonObject {
    return this.get(path) as JsonObject;
  }

  public texts(path: string): { readonly [key: string]: string } {
    return this.get(path) as { readonly [key: string]: string };
  }

  /** Whether the file differs from the chart's default. */
  public differs(path: string): boolean {
    const given = this.given.get(path);
    return given !== undefined && !same(given.value, this.table[path]?.default ?? null);
  }

  /** The line that sets it. Undefined if the chart's default applies. */
  public line(path: string): number | undefined {
    return this.given.get(path)?.line;
  }

  /** Parameters in the file, in its order. */
  public get named(): string[] {
    return [...this.given.keys()];
  }

  /** Whether the chart reads this parameter, because what it depends on is turned on. */
  public isRead(path: string): boolean {
    return this.off(path) === undefined;
  }

  /** Why the chart does not read it. Undefined if it does. */
  public off(path: string): string | undefined {
    const when = this.table[path]?.when;
    if (when === undefined) return undefined;
    const { not, parameter, value } = condition(when);
    const holds = value === undefined ? this.flag(parameter) : this.text(parameter) === value;
    if (holds !== not) return this.off(parameter);
    if (value === undefined) return `${parameter} is ${not ? 'on' : 'off'}`;
    return `${parameter} is ${not ? '' : 'not '}${value}`;
  }
}

/** `a.b`, `!a.b`, `a.b=text` and `!a.b=text`. */
function condition(when: string): { readonly not: boolean; readonly parameter: string; readonly value?: string } {
  const [parameter = '', value] = when.replace('!', '').split('=');
  return { not: when.startsWith('!'), parameter, value };
}
