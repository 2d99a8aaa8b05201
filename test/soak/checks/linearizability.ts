import { describe, groupBy, type Operation } from './history';

/**
 * Whether a history of reads and writes is linearizable, key by key: whether each request can have happened at one moment
 * between its start and its end. Every value is written once, so it is known which write a read has seen, and n log n steps do
 * (Gibbons and Korach, Testing Shared Memories, SIAM J. Comput. 26, 1997): a write and the reads of its value form a block, which no other
 * block interrupts. One block must come before another if a request of the one ended before a request of the other began. The
 * history is linearizable if no two blocks must each come before the other, and no read ended before its write began.
 *
 * A write without an answer may have happened at any later time: it never ends. If no request has read its value, it need not have
 * happened. A read without an answer says nothing.
 *
 * @returns what contradicts it, at most one contradiction a key
 */
export function violations(history: readonly Operation[]): string[] {
  return [...groupBy(history, ({ key }) => key)].flatMap(([key, operations]) => {
    const problem = violationOfKey(operations);
    return problem === undefined ? [] : [`key ${key}: ${problem}`];
  });
}

interface Block {
  /** When the first of its requests ended. */
  readonly firstEnd: number;
  /** When the last of its requests began. */
  readonly lastStart: number;
  readonly operations: readonly Operation[];
}

const NOTHING: Operation = { key: '', kind: 'write', start: -Infinity, end: -Infinity };

function violationOfKey(operations: readonly Operation[]): string | undefined {
  const counts = operations.filter(({ kind, end }) => kind === 'write' || end !== undefined);
  const blocks: Block[] = [];
  for (const ofValue of groupBy([NOTHING, ...counts], ({ value }) => value ?? '').values()) {
    const problem = violationOfValue(ofValue);
    if (problem !== undefined) return problem;
    const block = blockOf(ofValue);
    if (block.firstEnd < Infinity) blocks.push(block);
  }
  return contradiction(blocks);
}

/** The violation within the requests of one value, regardless of the others. */
function violationOfValue(operations: readonly Operation[]): string | undefined {
  const writes = operations.filter(({ kind }) => kind === 'write');
  const [write] = writes;
  if (!write) return `a value that was never written: ${operations.map(describe).join('; ')}`;
  if (writes.length > 1) throw new Error(`the value ${write.value} was written ${writes.length} times`);
  const early = operations.find(({ kind, end = Infinity }) => kind === 'read' && end < write.start);
  return early && `read before it was written: ${describe(early)}; ${describe(write)}`;
}

function blockOf(operations: readonly Operation[]): Block {
  let firstEnd = Infinity;
  let lastStart = -Infinity;
  for (const { start, end = Infinity } of operations) {
    firstEnd = Math.min(firstEnd, end);
    lastStart = Math.max(lastStart, start);
  }
  return { firstEnd, lastStart, operations };
}

/**
 * Two blocks that must each come before the other. Of such two, one spans [firstEnd, lastStart], and there its value was the key's;
 * the other one either spans a time that overlaps with that, or had to happen within it.
 */
function contradiction(blocks: readonly Block[]): string | undefined {
  const spans = blocks.filter(isSpan).sort((a, b) => a.firstEnd - b.firstEnd);
  for (const [i, span] of spans.entries()) {
    const next = spans[i + 1];
    if (next && next.firstEnd < span.lastStart) return explain(span, next);
  }
  for (const block of blocks) {
    if (isSpan(block)) continue;
    const around = lastBefore(spans, block.lastStart);
    if (around && block.firstEnd < around.lastStart) return explain(around, block);
  }
  return undefined;
}

function isSpan({ firstEnd, lastStart }: Block): boolean {
  return firstEnd < lastStart;
}

/** The last of these disjoint spans that begins before a time. */
function lastBefore(spans: readonly Block[], time: number): Block | undefined {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as Block).firstEnd < time) low = middle + 1;
    else high = middle;
  }
  return spans[low - 1];
}

function explain(span: Block, other: Block): string {
  return `two values at the same time: ${tell(span)} | ${tell(other)}`;
}

/** The requests that bound the block: its write, the one that ended first, and the one that began last. */
function tell({ firstEnd, lastStart, operations }: Block): string {
  const telling = operations.filter(
    ({ kind, start, end }) => kind === 'write' || end === firstEnd || start === lastStart,
  );
  return telling
    .slice(0, 4)
    .map((operation) => (operation === NOTHING ? 'nothing was there at first' : describe(operation)))
    .join('; ');
}
