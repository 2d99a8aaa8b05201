import { cronGaps } from '../../src/grammar/cron';

const DAY = 86_400;

describe('cronGaps: the shortest', () => {
  test.each<[string, number]>([
    ['*/7 * * * *', 240],
    ['5/15 * * * *', 900],
    ['0 1,23 * * *', 2 * 3600],
    ['50 23,0 * * *', 3600],
    ['0 3 * * *', DAY],
    ['0 3 * * 1', 7 * DAY],
    ['0 0 1 * *', 28 * DAY],
    ['0 0 1,31 * *', DAY],
    ['0 0 1 1 *', 365 * DAY],
    ['0 0 29 2 *', 1461 * DAY],
    // Either day matches when both are restricted, and a step counts as a restriction.
    ['0 0 13 * 5', DAY],
    ['0 0 1 1 1', DAY],
    ['0 0 */1 * 1', 7 * DAY],
    ['0 0 */2 * 1', DAY],
    ['@hourly', 3600],
    ['@daily', DAY],
    ['@midnight', DAY],
    ['@weekly', 7 * DAY],
    ['@monthly', 28 * DAY],
    ['@yearly', 365 * DAY],
    ['@annually', 365 * DAY],
    ['@every 30m', 1800],
    ['@every 1h1.5s', 3601],
  ])('%s is %d', (value, seconds) => {
    expect(cronGaps(value).shortest).toBe(seconds);
  });

  test.each([['0 3 * * 7'], ['0 0 31 2 *'], [', * * * *']])('throws on %s', (value) => {
    expect(() => cronGaps(value)).toThrow(/^expected /);
  });
});

describe('cronGaps: the longest', () => {
  test.each<[string, number]>([
    ['* * * * *', 60],
    ['*/7 * * * *', 420],
    ['0,10 * * * *', 50 * 60],
    ['0 1,23 * * *', 22 * 3600],
    ['0 3 * * *', DAY],
    ['30 8-18/5 * * 1-5', 2 * DAY + 14 * 3600],
    ['0 3 * * 1,2', 6 * DAY],
    ['0 0 1 * *', 31 * DAY],
    ['0 0 31 * *', 61 * DAY],
    ['0 0 1 1 *', 366 * DAY],
    ['0 0 29 2 *', 1461 * DAY],
    // Either day matches when both are restricted.
    ['0 0 13 * 5', 7 * DAY],
    ['@monthly', 31 * DAY],
    ['@every 90m', 5400],
  ])('%s has %i', (value, seconds) => {
    expect(cronGaps(value).longest).toBe(seconds);
    expect(cronGaps(value).shortest).toBeLessThanOrEqual(seconds);
  });
});
