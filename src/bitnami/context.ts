import type { WriterName } from '../kubernetes';
import { describe } from '../checks/problems';
import type { Plain } from './expression';
import { kubernetesProps } from './kubernetes';
import type { Values } from './values';
import type { Json } from './json';

/**
 * What somebody who imports should know. `danger`: what the chart does with this file. `safer`: where the import is better.
 * `differs`: where it is something else. `missed`: what is dropped although it did something. `unused`: what the chart overrules.
 */
export interface Finding {
  readonly kind: 'danger' | 'safer' | 'differs' | 'missed' | 'unused';
  readonly parameter: string;
  /** Undefined where the chart's default is the reason. */
  readonly line: number | undefined;
  readonly text: string;
  /** Parameters of which the import has another value than the file, or none. */
  readonly changes?: readonly string[];
}

/** What an import can learn of the live StatefulSet. */
export interface Live {
  /** Whether its pods say which user they run as. */
  readonly namesUser: boolean;
}

/** Why the file cannot be imported. */
export interface ImportProblem {
  readonly parameter: string;
  readonly line: number | undefined;
  readonly text: string;
}

/** An import that is going on: the values, and what was noticed. */
export class Context {
  public readonly problems: ImportProblem[] = [];
  public readonly findings: Finding[] = [];

  public constructor(
    public readonly values: Values,
    /** The chart's fullname: the name of the StatefulSet, and prefix of the others. */
    public readonly fullname: string,
    /** Undefined when nobody gave it. */
    public readonly live?: Live,
  ) {}

  public refuse(parameter: string, text: string): void {
    this.problems.push({ parameter, line: this.values.line(parameter), text });
  }

  public find(kind: Finding['kind'], parameter: string, text: string): void {
    this.findings.push({ kind, parameter, line: this.values.line(parameter), text });
  }

  /** A value of the file that the import does not take as it is: it is not among what stays the same. */
  public change(kind: 'safer' | 'differs' | 'missed', parameter: string, text: string, also: string[] = []): void {
    this.findings.push({ kind, parameter, line: this.values.line(parameter), text, changes: [parameter, ...also] });
  }

  /** The value, unless it is the library's own default. */
  public unless<T extends Json>(parameter: string, initial: T): T | undefined {
    const value = this.values.get(parameter) as T;
    return value === initial ? undefined : value;
  }

  /** A text, or nothing when it is empty. */
  public text(parameter: string): string | undefined {
    return this.values.text(parameter) || undefined;
  }

  /** A map, or nothing when it is empty. */
  public texts(parameter: string): { readonly [key: string]: string } | undefined {
    const map = this.values.texts(parameter);
    return Object.keys(map).length === 0 ? undefined : map;
  }

  /** Objects of Kubernetes, as cdk8s-plus-28 wants them; nothing when there are none. */
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
      return kubernetesProps(type, json, (path, problem = 'Kubernetes 1.28 has no such key here') => {
        this.refuse(parameter, `${at}.${path}: ${problem}`.replace(/^\./, ''));
      });
    } catch {
      this.refuse(
        parameter,
        `${at}: is not what Kubernetes wants here: a list or a map is missing, got ${describe(json)}`.replace(
          /^: /,
          '',
        ),
      );
      return {};
    }
  }
}
