import type { WriterName } from '../kubernetes';
import { describe } from '../checks/problems';
import type { Plain } from './expression';
import { kubernetesProps } from './kubernetes';
import type { Values } from './values';
import type { Json } from './json';

/**
 * A finding for the report. `danger`: what the chart does with this file. `safer`: what the import improves. `differs`:
 * what the import changes. `missed`: what is left out although it had an effect. `unused`: what the chart overrides.
 */
export interface Finding {
  readonly kind: 'danger' | 'safer' | 'differs' | 'missed' | 'unused';
  readonly parameter: string;
  /** Undefined if the finding is about a default of the chart. */
  readonly line: number | undefined;
  readonly text: string;
  /** Parameters that the import changes or leaves out. */
  readonly changes?: readonly string[];
}

/** What an import reads from the live StatefulSet. */
export interface Live {
  /** Whether its pods set the user that they run as. */
  readonly namesUser: boolean;
}

/** A reason why the file cannot be imported. */
export interface ImportProblem {
  readonly parameter: string;
  readonly line: number | undefined;
  readonly text: string;
}

/** The state of an import: the values, problems and findings. */
export class Context {
  public readonly problems: ImportProblem[] = [];
  public readonly findings: Finding[] = [];

  public constructor(
    public readonly values: Values,
    /** The chart's fullname: the name of the StatefulSet, and the prefix of the other names. */
    public readonly fullname: string,
    /** Undefined if it was not given. */
    public readonly live?: Live,
  ) {}

  public refuse(parameter: string, text: string): void {
    this.problems.push({ parameter, line: this.values.line(parameter), text });
  }

  public find(kind: Finding['kind'], parameter: string, text: string): void {
    this.findings.push({ kind, parameter, line: this.values.line(parameter), text });
  }

  /** Reports a value that the import changes, and removes it from the section "Same as before". */
  public change(kind: 'safer' | 'differs' | 'missed', parameter: string, text: string, also: string[] = []): void {
    this.findings.push({ kind, parameter, line: this.values.line(parameter), text, changes: [parameter, ...also] });
  }

  /** The value, or undefined if it is the library's default. */
  public unless<T extends Json>(parameter: string, initial: T): T | undefined {
    const value = this.values.get(parameter) as T;
    return value === initial ? undefined : value;
  }

  /** A text, or undefined if it is empty. */
  public text(parameter: string): string | undefined {
    return this.values.text(parameter) || undefined;
  }

  /** A map, or undefined if it is empty. */
  public texts(parameter: string): { readonly [key: string]: string } | undefined {
    const map = this.values.texts(parameter);
    return Object.keys(map).length === 0 ? undefined : map;
  }

  /** Kubernetes objects as props of cdk8s-plus-28. Undefined if there are none. */
  public kubernetesList(parameter: string, type: WriterName): Plain[] | undefined {
    const items = this.values.list(parameter);
    return items.length === 0 ? undefined : items.map((item, i) => this.kubernetes(parameter, type, item, `[${i}]`));
  }

  public kubernetes(parameter: string, type: WriterName, json: Json, at = ''): Plain {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      this.refuse(parameter, `${at}: expected a map`.replace(/^: /, ''));
      return {};
    }
    try {
      return kubernetesProps(type, json, (path, problem = 'unknown key in Kubernetes 1.28; remove it') => {
        this.refuse(parameter, `${at}.${path}: ${problem}`.replace(/^\./, ''));
      });
    } catch {
      this.refuse(
        parameter,
        `${at}: expected the Kubernetes type, but a list or a map is missing, got ${describe(json)}`.replace(/^: /, ''),
      );
      return {};
    }
  }
}
