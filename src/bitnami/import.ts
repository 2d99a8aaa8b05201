import { editDistance } from '../checks/struct';
import { describe } from '../checks/problems';
import { etcd } from './to-props/etcd';
import { identity, image, shape, storage } from './to-props/cluster';
import { defrag, monitoring, restoreFrom, snapshots } from './to-props/jobs';
import { network } from './to-props/network';
import { pod } from './to-props/pod';
import { auth } from './to-props/auth';
import { tls } from './to-props/tls';
import { Context, type Finding, type ImportProblem, type Live } from './context';
import { dangers } from './dangers';
import { improvements } from './improvements';
import { parseFile, type Entry } from './document';
import { isObject, isUnset, member, type Plain, type PlainObject } from './expression';
import { fullname } from './names';
import { overruled } from './overruled';
import { Values, type Release } from './values';
import type { Json } from './json';
import { VERDICTS } from './verdicts';

/** Options of an import. */
export interface ImportOptions {
  /** Whether the cluster already has data. If undefined, it has data unless a snapshot is restored. */
  readonly existing?: boolean | undefined;
  /** The live StatefulSet, if it was given. */
  readonly live?: Live | undefined;
}

/** A values file that was read, before the import. */
export interface ReadFile {
  readonly values: Values;
  readonly fullname: string;
  /** False if it is not a values file. Then the chart's defaults do not apply. */
  readonly isFile: boolean;
  readonly findings: readonly Finding[];
  readonly problems: readonly ImportProblem[];
}

/** A release as plain data: the props of EtcdCluster and its jobs, the findings and the problems. */
export interface ImportedCluster {
  readonly values: Values;
  readonly fullname: string;
  readonly cluster: PlainObject;
  readonly snapshots: PlainObject | undefined;
  readonly defrag: PlainObject | undefined;
  readonly monitoring: PlainObject | undefined;
  readonly findings: readonly Finding[];
  readonly problems: readonly ImportProblem[];
}

/** Reads a values file of Bitnami's chart etcd 11.3.4. */
export function readValues(text: string, release: Release): ReadFile {
  const file = parseFile(text);
  const problems: ImportProblem[] = file.problems.map(({ line, text }) => ({ parameter: '', line, text }));
  const findings: Finding[] = [];
  const given = new Map<string, { value: Json; line: number }>();
  const annotations: { [key: string]: string } = {};
  if (file.root) read(file.root, { given, annotations, problems, findings });
  const values = new Values(VERDICTS, given, release, annotations);
  return { values, fullname: fullname(values), isFile: file.root !== undefined, findings, problems };
}

/** Imports a file. All problems are reported at once. */
export function importRead(file: ReadFile, { existing, live }: ImportOptions = {}): ImportedCluster {
  const { values, fullname, isFile, findings, problems } = file;
  const c = new Context(values, fullname, live);
  if (isFile) judge(c);
  const built = build(c, live ? true : existing);
  return {
    values,
    fullname,
    ...built,
    findings: isFile ? [...findings, ...c.findings, ...overruled(values), ...improvements(c), ...dangers(c)] : [],
    problems: inOrder([...problems, ...c.problems]),
  };
}

/** Reads and imports a values file. */
export function importValues(text: string, options: ImportOptions & { readonly release: Release }): ImportedCluster {
  return importRead(readValues(text, options.release), options);
}

function build(c: Context, existing: boolean | undefined) {
  const restore = restoreFrom(c, existing);
  const job = snapshots(c);
  // Members without claims start empty again after all of them are deleted, as with the chart.
  const has = existing !== false && restore === undefined && c.values.flag('persistence.enabled');
  const cluster: PlainObject = {
    ...identity(c),
    existingCluster: has || undefined,
    ...image(c),
    ...storage(c),
    ...etcd(c),
    ...shape(c),
    ...pod(c),
    ...network(c),
    ...tls(c),
    ...auth(c),
    restoreFrom: restore,
    onTotalLoss: has && job ? member('EtcdTotalLoss', 'restore') : undefined,
  };
  return {
    cluster: filled(cluster),
    snapshots: filled(job),
    defrag: filled(defrag(c)),
    monitoring: filled(monitoring(c)),
  };
}

function filled<T extends PlainObject | undefined>(object: T): T {
  if (object === undefined) return object;
  const entries = Object.entries(object).filter(([, v]) => v !== undefined && !isHollow(v));
  return Object.fromEntries(entries) as T;
}

/** Whether no option is set. An empty map counts as set. */
function isHollow(plain: Plain): boolean {
  return isObject(plain) && Object.keys(plain).length > 0 && isUnset(plain);
}

interface Reading {
  readonly given: Map<string, { value: Json; line: number }>;
  readonly annotations: { [key: string]: string };
  readonly problems: ImportProblem[];
  readonly findings: Finding[];
}

const PARAMETERS = new Map(Object.entries(VERDICTS));
const SECTIONS = new Set(
  Object.keys(VERDICTS).flatMap((path) => {
    const parts = path.split('.');
    return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('.'));
  }),
);

/** Reads the entries of the file: parameters, sections, and unknown keys. */
function read(entry: Entry, into: Reading): void {
  const verdict = PARAMETERS.get(entry.path);
  const { path, line, value } = entry;
  if (verdict) {
    const known = verdict.shape.read(value);
    if (known === undefined) {
      const got = path.endsWith('rootPassword') ? '' : `, got ${describe(value)}`;
      into.problems.push({ parameter: path, line, text: `expected ${verdict.shape.expected}${got}` });
    } else if (hasTemplate(known) && known !== verdict.default) {
      const text = 'is a template, which only Helm can evaluate; replace it by its value';
      into.problems.push({ parameter: path, line, text });
    } else into.given.set(path, { value: known, line });
  } else if (path === '' || SECTIONS.has(path)) {
    if (entry.entries) for (const child of entry.entries) read(child, into);
    else if (value !== null)
      into.problems.push({ parameter: path, line, text: `expected a map, got ${describe(value)}` });
    else into.problems.push({ parameter: path, line, text: 'expected a map, but it is empty; remove it' });
  } else unknown(entry, into);
}

function hasTemplate(value: Json): boolean {
  return JSON.stringify(value).includes('{{');
}

const TOKEN = 'auth.rbac.token';
const ANNOTATIONS = 'metrics.podAnnotations.';
/** Values of the chart's library chart, which `helm get values --all` also prints. */
const HELPERS = ['common.exampleValue', 'common.global'];

function unknown(entry: Entry, into: Reading): void {
  const { path, line, value } = entry;
  if (path === TOKEN || path.startsWith(`${TOKEN}.`)) {
    const leaves = entry.entries ?? [entry];
    for (const leaf of leaves) {
      const real = leaf.path.replace(TOKEN, 'auth.token');
      const text = `unknown to the chart, so it had no effect, and the release has a random JWT key; use ${real}`;
      into.findings.push({ kind: 'danger', parameter: leaf.path, line: leaf.line, text });
    }
  } else if (path === 'common' && entry.entries?.every((child) => HELPERS.includes(child.path))) {
    const text = 'has no effect: it is a value of the chart’s library chart';
    into.findings.push({ kind: 'unused', parameter: path, line, text });
  } else if (path.startsWith(ANNOTATIONS) && (typeof value !== 'object' || value === null)) {
    into.annotations[path.slice(ANNOTATIONS.length)] = value === null ? '' : String(value);
  } else {
    const nearest = nearestName(path);
    // The section does not exist. Perhaps a key in it was moved.
    if (nearest === undefined && entry.entries?.some((child) => nearestName(child.path) !== undefined)) {
      for (const child of entry.entries) unknown(child, into);
      return;
    }
    const hint = nearest === undefined ? 'remove it' : `did you mean ${nearest}?`;
    into.problems.push({
      parameter: path,
      line,
      text: `unknown key, which Helm silently ignores; ${hint}`,
    });
  }
}

function nearestName(path: string): string | undefined {
  const last = path.split('.').at(-1) ?? '';
  const moved = Object.keys(VERDICTS).filter((name) => last.length > 3 && name.split('.').at(-1) === last);
  const near = [...Object.keys(VERDICTS), ...SECTIONS]
    .map((name) => ({ name, distance: editDistance(path.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (near && near.distance <= Math.max(2, path.length / 4)) return near.name;
  return moved.length === 1 ? moved[0] : undefined;
}

/** Applies the verdicts: reports refused parameters, and dropped ones that had an effect. */
function judge(c: Context): void {
  const { values } = c;
  for (const [path, verdict] of Object.entries(VERDICTS)) {
    if (!values.isRead(path)) continue;
    const differs = values.differs(path);
    if (verdict.unless) {
      const problem = verdict.unless(values.get(path) as never, values);
      if (problem !== undefined) c.refuse(path, problem);
    } else if (verdict.kind === 'refused' && differs) c.refuse(path, verdict.instead);
    if (verdict.kind === 'dropped' && verdict.missed && differs) c.find('missed', path, verdict.why);
  }
}

/** In the order of the file. Problems about parameters that are not in the file come first. */
function inOrder(problems: readonly ImportProblem[]): ImportProblem[] {
  return [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

export type { Finding, ImportProblem } from './context';
