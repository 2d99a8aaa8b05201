/** Kubernetes quantities: the grammar of k8s.io/apimachinery. */

const EXPECTED = 'expected a Kubernetes quantity such as 8Gi, 500m or 1.5Gi (case matters, no space)';
const NOT_POSITIVE = 'expected a quantity greater than zero such as 8Gi, 500m or 1.5Gi';
const NOT_BYTES =
  'expected whole bytes such as 8Gi, 512Mi or 500M, because m, u and n are thousandths of a byte and less; use Mi or Gi';
const NOT_CPU =
  'expected a number of CPUs such as 250m or 2, because other suffixes are for bytes; use m for thousandths of a CPU';
const TOO_LARGE = 'expected a quantity below 8Ei, because Kubernetes silently truncates larger ones; use a smaller one';

const QUANTITY = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$/;
const DECIMAL_EXPONENT: { [key: string]: number } = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY_SUFFIXES = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const LARGEST_MILLI = (2n ** 63n - 1n) * 1000n;
/** With larger exponents, every value is either too large or rounded to the smallest one. */
const LARGEST_EXPONENT = 400;

/** Why `v` is not a quantity greater than zero, or undefined. */
export function quantityProblem(v: string): string | undefined {
  const parsed = read(v);
  if (parsed === undefined) {
    return EXPECTED;
  }
  if (parsed.negative || parsed.milli === 0n) {
    return NOT_POSITIVE;
  }
  return parsed.milli > LARGEST_MILLI ? TOO_LARGE : undefined;
}

/** Why `v` is not a number of bytes greater than zero, or undefined. */
export function bytesProblem(v: string): string | undefined {
  const problem = quantityProblem(v);
  if (problem !== undefined) return problem;
  const isFraction = /^\+?[0-9.]+$/.test(v) && parseQuantity(v) % 1000n !== 0n;
  return isFraction || /[num]$|[eE]-[0-9]+$/.test(v) ? NOT_BYTES : undefined;
}

/** Why `v` is not a number of CPUs greater than zero, or undefined. */
export function cpuProblem(v: string): string | undefined {
  return quantityProblem(v) ?? (/[kKMGTPEi]$/.test(v) ? NOT_CPU : undefined);
}

/** Why `v` is not a quantity of at least zero, or undefined. */
export function quantityTextProblem(v: string): string | undefined {
  const parsed = read(v);
  if (parsed === undefined) return EXPECTED;
  if (parsed.negative && parsed.milli > 0n) return 'expected a quantity of at least zero such as 8Gi, 500m or 1.5Gi';
  return parsed.milli > LARGEST_MILLI ? TOO_LARGE : undefined;
}

/** The value of a valid quantity in thousandths, rounded up. */
export function parseQuantity(v: string): bigint {
  const parsed = read(v);
  if (parsed === undefined) {
    throw new Error(EXPECTED);
  }
  return parsed.negative ? -parsed.milli : parsed.milli;
}

/** The value of a valid quantity in whole bytes, rounded up. */
export function quantityBytes(v: string): number {
  return Number(ceilDivide(parseQuantity(v), 1000n));
}

function read(v: string): { negative: boolean; milli: bigint } | undefined {
  const match = QUANTITY.exec(v);
  if (match === null) {
    return undefined;
  }
  const [, sign, whole, fraction = '', suffix = ''] = match;
  const digits = whole + fraction;
  if (digits === '') {
    return undefined;
  }
  const { exponent, factor } = scaleOf(suffix);
  const power = exponent + 3 - fraction.length;
  const value = BigInt(digits) * factor;
  const milli = power >= 0 ? value * 10n ** BigInt(power) : ceilDivide(value, 10n ** BigInt(-power));
  return { negative: sign === '-', milli };
}

function scaleOf(suffix: string): { exponent: number; factor: bigint } {
  const binary = BINARY_SUFFIXES.indexOf(suffix);
  if (binary >= 0) {
    return { exponent: 0, factor: 1024n ** BigInt(binary + 1) };
  }
  if (suffix.length > 1) {
    // Limit the exponent: 1e999999999 would fill the memory.
    const exponent = Number(suffix.slice(1));
    return { exponent: Math.max(-LARGEST_EXPONENT, Math.min(LARGEST_EXPONENT, exponent)), factor: 1n };
  }
  return { exponent: DECIMAL_EXPONENT[suffix] ?? 0, factor: 1n };
}

function ceilDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return quotient * divisor < dividend ? quotient + 1n : quotient;
}
