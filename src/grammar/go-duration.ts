/** Go durations, as time.ParseDuration reads them, for `@every`. */

const DURATION = /^([+-]?)((?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const TERM = /([0-9]*)\.?([0-9]*)(ns|us|µs|μs|ms|s|m|h)/g;
const NANOSECONDS: { [key: string]: bigint } = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const LARGEST = 2n ** 63n - 1n;

/** A Go duration in whole seconds, rounded down. Undefined if it is not valid. */
export function goDurationSeconds(v: string): number | undefined {
  if (/^[+-]?0$/.test(v)) {
    return 0;
  }
  const match = DURATION.exec(v);
  if (match === null) {
    return undefined;
  }
  let total = 0n;
  for (const [, whole, fraction, unit] of match[2].matchAll(TERM)) {
    total += (BigInt(whole + fraction) * NANOSECONDS[unit]) / 10n ** BigInt(fraction.length);
  }
  if (total > LARGEST) {
    return undefined;
  }
  const seconds = Number(total / 1_000_000_000n);
  return match[1] === '-' ? -seconds : seconds;
}
