/** One request of a client for a key. Each written value is unique. */
export interface Operation {
  readonly key: string;
  readonly kind: 'read' | 'write';
  /** The value that was written or read. Undefined if the key did not exist. */
  readonly value?: string;
  /** When it was sent, in milliseconds. All times are from one clock. */
  readonly start: number;
  /** When its answer came. Undefined without an answer: it may have happened at any time after `start`, or never. */
  readonly end?: number;
  /** etcd's revision in the answer. */
  readonly revision?: number;
}

/** One line of the client's history: kind (r, w), number of the key, value or '', start, end or -1, revision or -1. */
export type Line = readonly [kind: 'r' | 'w', key: number, value: string, start: number, end: number, revision: number];

export function parseHistory(text: string): Operation[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [kind, key, value, start, end, revision] = JSON.parse(line) as Line;
      return {
        key: `${key}`,
        kind: kind === 'r' ? 'read' : 'write',
        value: value === '' ? undefined : value,
        start,
        end: end < 0 ? undefined : end,
        revision: revision < 0 ? undefined : revision,
      };
    });
}

export function describe({ kind, value, start, end, revision }: Operation): string {
  const what = kind === 'read' ? `read ${value ?? 'nothing'}` : `wrote ${value}`;
  const when = `${start.toFixed(1)} to ${end === undefined ? 'unknown' : end.toFixed(1)} ms`;
  return `${what}, ${when}${revision === undefined ? '' : `, revision ${revision}`}`;
}

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
