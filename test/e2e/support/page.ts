import { readFileSync, writeFileSync } from 'node:fs';
import { WITH_USERS } from './auth';
import { join } from 'node:path';
import { run } from './kubectl';

const DOCS = join(__dirname, '../../../docs');
/** The namespace and folder of the commands, and the text that stands for any number of lines. */
/** What the page looks for in a release without users. */
const STATUS = WITH_USERS ? 'Status: true' : 'Status: false';
const NAMESPACE = 'etcd-cluster';
const ANYTHING = '…';
const UPDATES = process.env.E2E_UPDATE_PAGES === '1';

interface Step {
  readonly command: string;
  readonly output: readonly string[];
}

/**
 * A page whose commands are run as they stand: blocks of `console` below a line `<!-- run: NAME -->`, in which `$ ` begins a
 * command and what it prints comes below. Numbers, ids, times and the widths of columns may differ from the page, nothing
 * else. With E2E_UPDATE_PAGES=1 the page gets what was printed.
 */
export class Page {
  private text: string;
  private readonly file: string;

  public constructor(
    name: string,
    private readonly namespace: string,
    /** Where the commands are run. */
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv = {},
  ) {
    this.file = join(DOCS, name);
    this.text = readFileSync(this.file, 'utf8');
  }

  /** Names of the blocks, in order. */
  public get blocks(): string[] {
    return [...this.text.matchAll(/^<!-- run: (.+) -->$/gm)].map((match) => String(match[1]));
  }

  /** Runs a block. Throws if a command fails or prints something else. */
  public async run(block: string): Promise<void> {
    const { from, text } = this.find(block);
    const printed: string[] = [];
    for (const step of stepsOf(text)) {
      const command = step.command.replaceAll(NAMESPACE, this.namespace).replace('Status: false', STATUS);
      const script = `cd ${this.folder}; ${command}`;
      const { ok, stdout, stderr } = await run('bash', ['-euo', 'pipefail', '-c', script], '', this.environment);
      if (!ok) throw new Error(`${block}: ${command}\n${stdout}${stderr}`);
      const lines = stdout.replaceAll(this.namespace, NAMESPACE).trimEnd().split('\n');
      const output = stdout.trim() === '' ? [] : lines.map((line) => line.trimEnd());
      printed.push(...step.command.split('\n').map((line, i) => (i === 0 ? `$ ${line}` : line)));
      printed.push(...(UPDATES && !step.output.includes(ANYTHING) ? output : step.output));
      if (!UPDATES && !matches(step.output, output))
        throw new Error(`${block}: ${step.command}\n${difference(step.output, output)}`);
    }
    if (!UPDATES) return;
    this.text = `${this.text.slice(0, from)}${printed.join('\n')}\n${this.text.slice(from + text.length)}`;
    writeFileSync(this.file, this.text);
  }

  private find(block: string): { readonly from: number; readonly text: string } {
    const begin = `<!-- run: ${block} -->\n\n\`\`\`console\n`;
    const at = this.text.indexOf(begin);
    if (at < 0) throw new Error(`${this.file} has no block ${block}`);
    const from = at + begin.length;
    return { from, text: this.text.slice(from, this.text.indexOf('```\n', from)) };
  }
}

function stepsOf(text: string): Step[] {
  const steps: { command: string; output: string[] }[] = [];
  let open = false;
  for (const line of text.trimEnd().split('\n')) {
    const last = steps.at(-1);
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), output: [] });
    else if (last === undefined) throw new Error(`no command begins before: ${line}`);
    else if (open) last.command += `\n${line}`;
    else last.output.push(line);
    open = line.endsWith('\\') && (open || line.startsWith('$ '));
  }
  return steps;
}

function matches(expected: readonly string[], printed: readonly string[]): boolean {
  const pattern = expected.map((line) => (line === ANYTHING ? '(?:.*\\n)*?' : `${escape(shapeOf(line))}\\n`)).join('');
  return new RegExp(`^${pattern}$`).test(printed.map((line) => `${shapeOf(line)}\n`).join(''));
}

/** Removes what differs from run to run. */
function difference(expected: readonly string[], printed: readonly string[]): string {
  const without = (lines: readonly string[], others: readonly string[]) =>
    lines.filter((line) => !others.some((other) => shapeOf(other) === shapeOf(line)));
  return [
    ...without(printed, expected).map((line) => `not on the page: ${line}`),
    ...without(expected, printed).map((line) => `not printed: ${line}`),
    'the page has:',
    ...expected,
    'printed was:',
    ...printed,
  ].join('\n');
}

/** The line without what differs from run to run. */
function shapeOf(line: string): string {
  return (
    line
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
      .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'ID')
      .replace(/\b[0-9a-f]{8,}\b/g, 'ID')
      .replace(/\b(\d+(\.\d+)?(d|h|ms|m|s|µs))+\b/g, 'AGE')
      .replace(/\d+(\.\d+)?/g, 'N')
      .replace(/-(N|[a-z]|ID){5}\b/g, '-SUFFIX')
      .replace(/\b(true|false)\b/g, 'BOOLEAN')
      .replaceAll('https://', 'http://') // E2E_TLS
      // kubectl names the namespace of what it deletes since 1.34.
      .replace(/ deleted from \S+ namespace$/, ' deleted')
      .replace(/-{2,}/g, '--')
      .replace(/\s+/g, ' ')
      .trim()
  );
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
