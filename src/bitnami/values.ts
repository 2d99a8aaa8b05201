import { same, type Json, type JsonObject } from './json';

/** A parameter of the chart. */
export interface ParameterDefault {
  /** The chart's default. */
  readonly default: Json;
  /** What must hold for the chart to read it: `a.b` is true, `!a.b`, `a.b=text` or `!a.b=text`. */
  readonly when?: string;
}

/** Where the release is, which its values do not say. */
export interface Release {
  readonly name: string;
  readonly namespace: string;
}

/** A release's values: what the file says, over the chart's defaults. */
export class Values {
  public constructor(
    private readonly table: { readonly [parameter: string]: ParameterDefault },
    private readonly given: ReadonlyMap<string, { readonly value: Json; readonly line: number }>,
    public readonly release: Release,
    /** Annotations that metrics.podAnnotations has besides the chart's own. */
    public readonly scrapeAnnotations: { readonly [key: string]: string } = {},
  ) {}

  /** The value as the templates see it. */
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

  /** Whether the file says anything else than the chart does. */
  public differs(path: string): boolean {
    const given = this.given.get(path);
    return given !== undefined && !same(given.value, this.table[path]?.default ?? null);
  }

  /** The line that sets it; undefined where the chart's default holds. */
  public line(path: string): number | undefined {
    return this.given.get(path)?.line;
  }

  /** Parameters that the file names, in its order. */
  public get named(): string[] {
    return [...this.given.keys()];
  }

  /** Whether the chart reads this parameter: the switches above it are on. */
  public isRead(path: string): boolean {
    return this.off(path) === undefined;
  }

  /** Why the chart does not read it; undefined when it does. */
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
