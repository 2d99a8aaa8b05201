import { Random } from '../random';
import { parseHistory, type Operation } from './history';
import { violations } from './linearizability';

const write = (value: string, start: number, end?: number): Operation => ({
  key: 'k',
  kind: 'write',
  value,
  start,
  end,
});
const read = (value: string | undefined, start: number, end?: number): Operation => ({
  key: 'k',
  kind: 'read',
  value,
  start,
  end,
});

/** The violation in a history of one key, in words, or undefined. */
const check = (...history: Operation[]): string[] => violations(history);

describe('linearizable', () => {
  test.each<[string, Operation[]]>([
    ['nothing at all', []],
    [
      'one after the other',
      [read(undefined, 0, 1), write('a', 2, 3), read('a', 4, 5), write('b', 6, 7), read('b', 8, 9)],
    ],
    ['a read beside a write sees either', [write('a', 0, 10), read(undefined, 1, 2), read('a', 3, 4)]],
    [
      'two writes at the same time, in the order that the reads tell',
      [write('a', 0, 10), write('b', 0, 10), read('b', 11, 12)],
    ],
    ['requests that touch are at the same time', [write('a', 0, 1), write('b', 1, 2), read('a', 2, 3)]],
    ['without an answer, and never seen', [write('a', 0, 1), write('b', 2), read('a', 5, 6), read('a', 50, 51)]],
    ['without an answer, and seen much later', [write('a', 0, 1), write('b', 2), read('a', 50, 51), read('b', 90, 91)]],
    ['without an answer, after a later write', [write('b', 0), write('a', 1, 2), read('a', 3, 4), read('b', 5, 6)]],
    ['a read without an answer says nothing', [write('a', 0, 1), read('never', 2), read('a', 3, 4)]],
    [
      'keys have nothing to do with each other',
      [write('a', 0, 1), { ...write('b', 2, 3), key: 'other' }, read('a', 4, 5)],
    ],
  ])('%s', (_, history) => {
    expect(check(...history)).toEqual([]);
  });
});

describe('not linearizable', () => {
  test.each<[string, Operation[], RegExp]>([
    ['an acknowledged write that is lost', [write('a', 0, 1), write('b', 2, 3), read('a', 4, 5)], /two values/],
    ['the only write is lost', [write('a', 0, 1), read(undefined, 2, 3)], /nothing was there at first/],
    ['a value that was never written', [write('a', 0, 1), read('b', 2, 3)], /never written: read b/],
    ['a read of the future', [read('a', 0, 1), write('a', 2, 3)], /read before it was written/],
    ['back to the value before', [write('a', 0, 1), write('b', 2), read('b', 3, 4), read('a', 5, 6)], /two values/],
    [
      'a write without an answer that is seen, and then not',
      [write('a', 0, 1), write('b', 2), read('b', 3, 4), read('a', 5, 6), read('b', 7, 8)],
      /two values/,
    ],
    [
      'two members of two minds',
      [write('a', 0, 9), write('b', 0, 9), read('a', 10, 11), read('b', 12, 13), read('a', 14, 15)],
      /two values/,
    ],
    [
      'a stale read at one member',
      [write('a', 0, 1), write('b', 2, 3), read('b', 4, 5), read('a', 6, 7)],
      /two values/,
    ],
  ])('%s', (_, history, why) => {
    const found = check(...history);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(why);
  });

  test('a value that is written twice is an error in the test', () => {
    expect(() => check(write('a', 0, 1), write('a', 2, 3))).toThrow('the value a was written 2 times');
  });
});

/** Tries every order, by the definition, for a few requests. */
function isLinearizable(operations: readonly Operation[]): boolean {
  const must = operations.filter(({ kind, end }) => end !== undefined || kind === 'write');
  const visit = (left: readonly Operation[], value: string | undefined): boolean => {
    if (left.every(({ end }) => end === undefined)) return true;
    const firstEnd = Math.min(...left.map(({ end = Infinity }) => end));
    return left.some((next) => {
      if (next.start > firstEnd) return false; // a request that ended earlier comes before it
      const rest = left.filter((other) => other !== next);
      return next.kind === 'write' ? visit(rest, next.value) : next.value === value && visit(rest, value);
    });
  };
  return visit(must, undefined);
}

test('agrees with an exhaustive search, on small random histories', () => {
  const random = new Random(7);
  const counts = { linearizable: 0, not: 0 };
  for (let i = 0; i < 10_000; i++) {
    const length = random.whole(2, 7);
    const history: Operation[] = [];
    for (let n = 0; n < length; n++) {
      const start = random.whole(0, 12);
      const end = random.happens(0.25) ? undefined : start + random.whole(0, 5);
      if (random.happens(0.45)) history.push(write(`v${n}`, start, end));
      else history.push(read(random.happens(0.2) ? undefined : `v${random.whole(0, length - 1)}`, start, end));
    }
    const expected = isLinearizable(history);
    counts[expected ? 'linearizable' : 'not']++;
    if ((violations(history).length === 0) !== expected) throw new Error(JSON.stringify({ expected, history }));
  }
  expect(Math.min(counts.linearizable, counts.not)).toBeGreaterThan(1000);
});

describe('a history as long as a soak run', () => {
  const OPERATIONS = 120_000;
  const KEYS = 50;

  /** A correct register with overlapping clients, and every twentieth write without an answer. */
  function longHistory(): Operation[] {
    const random = new Random(11);
    const values = new Map<string, string>();
    return Array.from({ length: OPERATIONS }, (_, n) => {
      const key = `${random.whole(0, KEYS - 1)}`;
      const moment = n * 6;
      const [start, end] = [moment - random.whole(0, 900), moment + random.whole(0, 900)];
      if (random.happens(0.5)) return { key, kind: 'read', value: values.get(key), start, end };
      const value = `v${n}`;
      const unanswered = random.happens(0.05);
      if (!unanswered || random.happens(0.5)) values.set(key, value);
      return { key, kind: 'write', value, start, end: unanswered ? undefined : end };
    });
  }

  test('takes seconds with thousands of unanswered writes, and one wrong read is found', () => {
    const history = longHistory();
    const startedAt = Date.now();
    expect(violations(history)).toEqual([]);
    expect(Date.now() - startedAt).toBeLessThan(10_000);

    const at = history.findIndex(({ kind }, i) => kind === 'read' && i > OPERATIONS / 2);
    const wrong = history[at] as Operation;
    const older = history.find(({ key, kind, end }) => key === wrong.key && kind === 'write' && end !== undefined);
    history[at] = { ...wrong, value: older?.value };
    expect(violations(history)).toEqual([expect.stringContaining(`key ${wrong.key}: two values at the same time`)]);
  });
});

test('reads the client’s lines', () => {
  const text = '["w",3,"1.2",0.5,2.25,17]\n["r",3,"",3,-1,-1]\n';
  expect(parseHistory(text)).toEqual([
    { key: '3', kind: 'write', value: '1.2', start: 0.5, end: 2.25, revision: 17 },
    { key: '3', kind: 'read', value: undefined, start: 3, end: undefined, revision: undefined },
  ]);
});
