import { Expression, isObject, type Plain, type PlainObject } from './expression';
import type { ImportedCluster } from './import';

const WIDTH = 120;

/** The TypeScript code of an app with this cluster, formatted as by Prettier (single quotes, 120 columns). */
export function appCode(imported: ImportedCluster): string {
  const chart = imported.cluster.name as string;
  const jobs = [
    ['addSnapshots', imported.snapshots],
    ['addMonitoring', imported.monitoring],
    ['addDefrag', imported.defrag],
  ].filter((job): job is [string, PlainObject] => job[1] !== undefined);
  const constant = jobs.length === 0 ? '' : 'const etcd = ';
  const body = [
    `${constant}new EtcdCluster(chart, 'Etcd', ${expanded(imported.cluster, 0)});`,
    ...jobs.map(([method, options]) => `etcd.${method}(${isEmpty(options) ? '' : expanded(options, 0)});`),
  ];
  return [
    ...imports([imported.cluster, ...jobs.map(([, options]) => options)]),
    '',
    'const app = new App();',
    `const chart = new Chart(app, ${quoted(chart)});`,
    '',
    ...body,
    '',
    'app.synth();',
    '',
  ].join('\n');
}

/** The imports that are used, in alphabetical order. */
function imports(data: readonly PlainObject[]): string[] {
  const used = {
    cdk8s: new Set(['App', 'Chart']),
    'cdk8s-etcd': new Set(['EtcdCluster']),
    'cdk8s-plus-28': new Set<string>(),
  };
  const visit = (plain: Plain): void => {
    if (plain instanceof Expression) {
      used[plain.from].add(plain.name.split('.')[0] ?? '');
      plain.args?.forEach(visit);
    } else if (Array.isArray(plain)) plain.forEach(visit);
    else if (typeof plain === 'object') Object.values(plain).forEach(visit);
  };
  data.forEach(visit);
  return Object.entries(used).flatMap(([from, names]) => {
    if (names.size === 0) return [];
    const sorted = [...names].sort();
    const line = `import { ${sorted.join(', ')} } from '${from}';`;
    return [line.length <= WIDTH ? line : `import {\n${sorted.map((n) => `  ${n},\n`).join('')}} from '${from}';`];
  });
}

/** Code of a value that starts at `column` of a line indented by `indent`, with `after` characters following it. */
function source(plain: Plain, indent: number, column: number, after: number): string {
  const line = flat(plain);
  if (line !== undefined && column + line.length + after <= WIDTH) return line;
  if (plain instanceof Expression) return brokenCall(plain, indent, column);
  if (Array.isArray(plain)) return brokenList(plain, indent);
  if (typeof plain === 'object') return expanded(plain as PlainObject, indent);
  return flat(plain) ?? '';
}

/** Code on one line. Undefined if Prettier never writes it on one line. */
function flat(plain: Plain): string | undefined {
  if (typeof plain === 'string') return quoted(plain);
  if (typeof plain !== 'object') return String(plain);
  if (plain instanceof Expression) {
    const args = plain.args?.map(flat);
    if (args?.includes(undefined)) return undefined;
    return args ? `${plain.name}(${args.join(', ')})` : plain.name;
  }
  if (Array.isArray(plain)) {
    const items = (plain as readonly Plain[]).map(flat);
    return items.includes(undefined) || breaksAlways(plain) ? undefined : `[${items.join(', ')}]`;
  }
  const entries = entriesOf(plain as PlainObject).map(([key, v]) => [key, flat(v)] as const);
  if (entries.some(([, v]) => v === undefined)) return undefined;
  return entries.length === 0 ? '{}' : `{ ${entries.map(([key, v]) => `${key}: ${v ?? ''}`).join(', ')} }`;
}

/** Prettier breaks a list of several objects, or of several lists, if each has more than one entry. */
function breaksAlways(items: readonly Plain[]): boolean {
  if (items.length < 2) return false;
  const sizes = items.map((item) => (isObject(item) ? entriesOf(item).length : 0));
  const lists = items.map((item) => (Array.isArray(item) ? item.length : 0));
  return sizes.every((n) => n > 1) || lists.every((n) => n > 1);
}

function expanded(object: PlainObject, indent: number): string {
  const pad = ' '.repeat(indent + 2);
  const lines = entriesOf(object).map(([key, value]) => {
    const start = `${pad}${key}: `;
    // A text that is too long for its line moves to the next line.
    const written = source(value, indent + 2, start.length, 1);
    const tooLong = typeof value === 'string' && start.length + written.length + 1 > WIDTH;
    return tooLong ? `${pad}${key}:\n${pad}  ${written},` : `${start}${written},`;
  });
  return `{\n${lines.join('\n')}\n${' '.repeat(indent)}}`;
}

function brokenList(items: readonly Plain[], indent: number): string {
  const pad = ' '.repeat(indent + 2);
  // Numbers share lines. Texts and objects have one line each.
  if (items.every((item) => typeof item === 'number')) return filled(items, indent);
  const lines = items.map((item) => `${pad}${source(item, indent + 2, indent + 2, 1)},`);
  return `[\n${lines.join('\n')}\n${' '.repeat(indent)}]`;
}

function filled(numbers: readonly number[], indent: number): string {
  const pad = ' '.repeat(indent + 2);
  const lines = [pad.slice(1)];
  for (const number of numbers) {
    const line = lines.at(-1) ?? '';
    if (line.length + ` ${number},`.length > WIDTH) lines.push(`${pad}${number},`);
    else lines[lines.length - 1] = `${line} ${number},`;
  }
  return `[\n${lines.join('\n')}\n${' '.repeat(indent)}]`;
}

/** Options at the end start on the line of the call. Otherwise each argument has its own line. */
function brokenCall(call: Expression, indent: number, column: number): string {
  const args = call.args ?? [];
  const last = args.at(-1);
  const before = args.slice(0, -1).map(flat);
  const start = [`${call.name}(`, ...before.map((arg) => `${arg ?? ''}, `)].join('');
  if ((isObject(last) || Array.isArray(last)) && column + start.length + 1 <= WIDTH) {
    return `${start}${isObject(last) ? expanded(last, indent) : brokenList(last as Plain[], indent)})`;
  }
  if (call.args === undefined) return call.name;
  const pad = ' '.repeat(indent + 2);
  const lines = args.map((arg) => `${pad}${source(arg, indent + 2, indent + 2, 1)},`);
  return `${call.name}(\n${lines.join('\n')}\n${' '.repeat(indent)})`;
}

function entriesOf(object: PlainObject): [string, Plain][] {
  return Object.entries(object).flatMap(([key, v]) => (v === undefined ? [] : [[keyed(key), v] as [string, Plain]]));
}

function keyed(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}

/** Single quotes, unless double quotes need fewer escapes. */
function quoted(text: string): string {
  const quote = text.split("'").length > text.split('"').length ? '"' : "'";
  const escaped = JSON.stringify(text).slice(1, -1).split('\\"').join('"');
  return `${quote}${escaped.split(quote).join(`\\${quote}`)}${quote}`;
}

function isEmpty(object: PlainObject): boolean {
  return entriesOf(object).length === 0;
}
