import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import type { Json } from './json';

/** A key of the file, with its path, value and line. */
export interface Entry {
  readonly path: string;
  readonly value: Json;
  readonly line: number;
  /** Entries of a map. Undefined for other values. */
  readonly entries: readonly Entry[] | undefined;
}

export interface ParsedFile {
  readonly root: Entry | undefined;
  readonly problems: readonly { readonly line: number; readonly text: string }[];
}

/** Titles that `helm get values` prints above the values. */
const HELM_TITLES = ['USER-SUPPLIED VALUES', 'COMPUTED VALUES'];

const VALUES = 'a map of values, such as replicaCount: 3';

/**
 * Reads YAML as Helm does (YAML 1.1: `yes` is true, `<<` merges), but keeps times and dates as text.
 * @param expected what the file should contain, for messages
 */
export function parseFile(text: string, expected = VALUES): ParsedFile {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    lineCounter: lines,
    prettyErrors: false,
    customTags: (tags) =>
      tags.filter((tag) => typeof tag === 'string' || !(tag.format === 'TIME' || tag.tag.endsWith(':timestamp'))),
  });
  const lineOf = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const list: Document[] = Array.isArray(documents) ? (documents as Document[]) : [];
  const filled = list.filter((d) => d.contents !== null && !(isScalar(d.contents) && d.contents.value === null));
  const errors = list.flatMap((d) => d.errors);
  if (errors.length > 0) {
    return {
      root: undefined,
      problems: errors.map((e) => ({ line: lineOf(e.pos[0]), text: `is not valid YAML: ${e.message}` })),
    };
  }
  const [first, second] = filled;
  if (second) {
    const line = lineOf(second.contents?.range?.[0] ?? 0);
    return problem(line, 'expected one YAML document, but a second one begins here; import each release on its own');
  }
  if (!first?.contents) return problem(1, `is empty; expected ${expected}`);
  if (!isMap(first.contents)) return problem(1, `expected ${expected}`);
  try {
    return { root: entryOf('', first.contents, 1, { doc: first, lineOf }), problems: [] };
  } catch (error) {
    return problem(1, `is not readable YAML: ${(error as Error).message}`);
  }
}

function problem(line: number, text: string): ParsedFile {
  return { root: undefined, problems: [{ line, text }] };
}

/** Limit of nesting, because a map that contains itself has no end. */
const DEEPEST = 50;

interface Reader {
  readonly doc: Document;
  lineOf(offset: number): number;
}

function entryOf(path: string, node: Node | null, line: number, reader: Reader, depth = 0): Entry {
  if (depth > DEEPEST) throw new Error(`${path.slice(0, 40)}... contains itself`);
  const target = resolved(node, reader.doc);
  if (!isMap(target)) {
    const value = isSeq(target) || isScalar(target) ? (target.toJS(reader.doc, { maxAliasCount: 100 }) as Json) : null;
    return { path, value: typeof value === 'bigint' ? String(value) : (value ?? null), line, entries: undefined };
  }
  const own = new Map<string, Entry>();
  const merged: Entry[] = [];
  for (const pair of target.items) {
    const key = isScalar(pair.key) ? pair.key : undefined;
    const name = typeof key?.value === 'symbol' ? '<<' : String(key?.value);
    const at = key?.range ? reader.lineOf(key.range[0]) : line;
    const value = pair.value as Node | null;
    if (path === '' && HELM_TITLES.includes(name)) continue;
    if (name !== '<<') own.set(name, entryOf(path === '' ? name : `${path}.${name}`, value, at, reader, depth + 1));
    else merged.push(...mergedEntries(path, value, at, reader, depth + 1));
  }
  // Keys of the map itself override merged keys.
  for (const entry of merged) {
    const name = path === '' ? entry.path : entry.path.slice(path.length + 1);
    if (!own.has(name)) own.set(name, entry);
  }
  const value = Object.fromEntries([...own].map(([name, child]) => [name, child.value]));
  return { path, value, line, entries: [...own.values()] };
}

/** `<<` accepts a map or a list of maps. The first map that has a key wins. */
function mergedEntries(path: string, node: Node | null, line: number, reader: Reader, depth: number): Entry[] {
  const target = resolved(node, reader.doc);
  const items = isSeq(target) ? (target.items as Node[]) : [target];
  return items.flatMap((item) => entryOf(path, item, line, reader, depth).entries ?? []);
}

function resolved(node: Node | null, doc: Document): Node | null {
  if (!isAlias(node)) return node;
  const target = node.resolve(doc);
  if (!target) throw new Error(`unknown anchor &${node.source}`);
  return target;
}
