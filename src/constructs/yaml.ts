import { Yaml } from 'cdk8s';

/**
 * Writes the same text as cdk8s' `Yaml.stringify(...documents)`, byte by byte, but faster. Values that are not clear cases
 * are left to cdk8s. Texts that occur often are cached.
 */
export class YamlWriter {
  private readonly keys = new Map<string, string>();
  private readonly answers = new Map<string, string>();
  private readonly blocks = new Map<string, string>();

  /** @param scripts texts of several lines in all files, as values of a ConfigMap */
  public constructor(scripts: readonly string[] = []) {
    for (const text of scripts) this.blocks.set(text, block(text, DATA_INDENT));
  }

  public write(documents: readonly object[]): string {
    const lines: string[] = [];
    for (const document of documents) {
      if (lines.length > 0) lines.push('---');
      this.addDocument(document, lines);
    }
    return [...lines, ''].join('\n');
  }

  /** Values that are not plain JSON, and objects that occur twice, are left to cdk8s: YAML has aliases for these. */
  private addDocument(document: object, lines: string[]): void {
    const begin = lines.length;
    try {
      this.add(document, '', '', { lines, seen: new Set() });
    } catch (error) {
      if (error !== LEFT_TO_CDK8S) throw error;
      lines.splice(begin, lines.length, Yaml.stringify(document).slice(0, -'\n'.length));
    }
  }

  /** Adds the lines of a value. The first one starts with `first`, the others with `indent`. */
  private add(value: unknown, first: string, indent: string, to: Output): void {
    if (typeof value !== 'object' || value === null) {
      to.lines.push(first + this.scalar(value, indent));
      return;
    }
    if (to.seen.has(value)) throw LEFT_TO_CDK8S;
    to.seen.add(value);
    if (Array.isArray(value)) this.addList(value, first, indent, to);
    else if (Object.getPrototypeOf(value) === Object.prototype) this.addMap(value as Plain, first, indent, to);
    else throw LEFT_TO_CDK8S;
  }

  private addList(items: readonly unknown[], first: string, indent: string, to: Output): void {
    if (items.length === 0) to.lines.push(`${first}[]`);
    let start = first;
    for (const item of items) {
      this.add(item, `${start}- `, `${indent}  `, to);
      start = indent;
    }
  }

  private addMap(map: Plain, first: string, indent: string, to: Output): void {
    const keys = Object.keys(map);
    if (keys.length === 0) to.lines.push(`${first}{}`);
    const deeper = `${indent}  `;
    let start = first;
    for (const key of keys) {
      const value = map[key];
      const lead = `${start}${this.key(key)}:`;
      if (isFilled(value)) {
        to.lines.push(lead);
        this.add(value, deeper, deeper, to);
      } else this.add(value, `${lead} `, deeper, to);
      start = indent;
    }
  }

  private scalar(value: unknown, indent: string): string {
    if (typeof value === 'string') return this.text(value, indent);
    if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value);
    throw LEFT_TO_CDK8S;
  }

  private key(key: string): string {
    const known = this.keys.get(key);
    if (known !== undefined) return known;
    if (!KEY.test(key)) throw LEFT_TO_CDK8S;
    const written = this.line(key);
    this.keys.set(key, written);
    return written;
  }

  private text(text: string, indent: string): string {
    if (!text.includes('\n')) return this.line(text);
    return (indent === DATA_INDENT && this.blocks.get(text)) || block(text, indent);
  }

  private line(text: string): string {
    if (!PRINTABLE.test(text)) throw LEFT_TO_CDK8S;
    if (QUOTED.test(text)) return text.includes('"') && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
    return DOUBTFUL.test(text) && !CERTAIN.test(text) ? this.ask(text) : text;
  }

  /** As cdk8s writes it. */
  private ask(text: string): string {
    const answer = this.answers.get(text) ?? Yaml.stringify([text]).slice('- '.length, -'\n'.length);
    this.answers.set(text, answer);
    return answer;
  }
}

interface Output {
  readonly lines: string[];
  readonly seen: Set<object>;
}

interface Plain {
  readonly [key: string]: unknown;
}

/** A list or an object with its own lines. */
function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

const LEFT_TO_CDK8S = new Error('left to cdk8s');

/** The indent of a ConfigMap's values. */
const DATA_INDENT = '    ';

const KEY = /^[a-z][\w./-]{0,300}$/i;

/** Only characters that YAML does not escape, and none beyond 16 bits. */
const PRINTABLE = /^[\t\n -~\u00a0-\ud7ff\ue000-\uffff]*$/;

/** Text that YAML would not read as text without quotes. */
const QUOTED = /^[\t ,[\]{}#&*!|>'"%@`]|^[?-](?:$|[\t ])|:[\t ]|[\t ]#|[\t :]$|^(?:\d*|true|false)$/;

/** Text that may be a number, a date or a keyword in YAML 1.1: 1e3, 1:30, 2001-01-01, ~, No. */
const DOUBTFUL = /^[-+.~<=\d][-+.~<=:\w\t ]*$|^e[-+\d]|-$|^(?:y|n|yes|no|on|off|true|false|null)$/i;

/** Starts with a digit, but has a letter that none of these has, or two dots: 10m, 8Gi, 3.5.21. */
const CERTAIN = /^\d.*(?:[g-np-su-wy]|\..*\.)/i;

/** Writes a text of several lines that starts and ends with visible characters. */
function block(text: string, indent: string): string {
  if (!PRINTABLE.test(text) || !/^\S[^]*\S\n?$/.test(text)) throw LEFT_TO_CDK8S;
  const [header, lines] = text.endsWith('\n') ? ['|', text.slice(0, -1)] : ['|-', text];
  return `${header}\n${indent}${lines.replace(/\n(?!\n)/g, `\n${indent}`)}`;
}
