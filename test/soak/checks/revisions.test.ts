import type { Operation } from './history';
import { revisionViolations } from './revisions';

const operation = (kind: Operation['kind'], start: number, end?: number, revision?: number): Operation => ({
  key: 'k',
  kind,
  value: 'v',
  start,
  end,
  revision,
});

test.each<[string, Operation[]]>([
  [
    'each write has the next revision, reads see the last',
    [operation('write', 0, 1, 5), operation('read', 2, 3, 5), operation('write', 4, 5, 6)],
  ],
  [
    'at the same time, in any order',
    [operation('write', 0, 9, 6), operation('write', 0, 9, 5), operation('read', 1, 2, 4)],
  ],
  ['without an answer, no revision', [operation('write', 0, 1, 5), operation('write', 2), operation('read', 3, 4, 5)]],
])('right: %s', (_, history) => {
  expect(revisionViolations(history)).toEqual([]);
});

test.each<[string, Operation[], RegExp]>([
  [
    'two quorums count on from the same revision',
    [operation('write', 0, 1, 5), operation('write', 0, 1, 5)],
    /two writes of one revision/,
  ],
  ['a write below one before it', [operation('write', 0, 1, 9), operation('write', 2, 3, 7)], /goes back/],
  ['a read that is behind', [operation('write', 0, 1, 9), operation('read', 2, 3, 8)], /goes back/],
  ['a read that is behind a read', [operation('read', 0, 1, 9), operation('read', 2, 3, 8)], /goes back/],
])('wrong: %s', (_, history, why) => {
  expect(revisionViolations(history)[0]).toMatch(why);
});
