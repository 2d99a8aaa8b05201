/** Regular expressions of Go (RE2): https://github.com/google/re2/wiki/Syntax */

const EXPECTED = 'expected a regular expression of Go (RE2)';

/** Escapes that Go has. Each stands for one character here. */
const ESCAPE =
  /\\(?:[pP](?:\{\^?\w+\}|[A-Z])|x[0-9a-fA-F]{2}|x\{[0-9a-fA-F]{1,6}\}|0[0-7]{0,2}|[1-7][0-7]{1,2}|[AzbBdDsSwWafnrtv]|[!-/:-@[-`{-~])/g;
/** What is taken literally. */
const QUOTED = /\\Q[^]*?(?:\\E|$)|\\[^]/g;
const CLASS = /\\(?:[pP](?:\{\^?(\w+)\}|([A-Za-z]))|[^])/g;
/** Groups that Go has: named ones, flags, and those that capture nothing. */
const GROUP = /\(\?(?:P?<\w+>|[imsU]*(?:-[imsU]+)?:)/g;
const FLAGS = /\(\?[imsU]*(?:-[imsU]+)?\)/g;
const LARGEST_REPEAT = 1000;

/** Why Go cannot compile `v`, or undefined. */
export function goRegexProblem(v: string): string | undefined {
  const unquoted = v.replace(QUOTED, (found) => (found.startsWith('\\Q') ? 'x' : found));
  const classes = [...unquoted.matchAll(CLASS)].flatMap(([, long, short]) => long ?? short ?? []);
  const unknown = classes.find((name) => !isClass(name));
  if (unknown !== undefined) return `${EXPECTED}, which has no class ${unknown}`;
  const plain = unquoted
    .replace(ESCAPE, (escape) => (/^\\[AzbB]$/.test(escape) ? '\\b' : 'x'))
    .replace(FLAGS, '(?:)')
    .replace(GROUP, '(?:')
    .replace(/\[:\^?[a-z]+:\]/g, 'x') // only inside of [...]
    .replace(/\[(\^?)\]/g, '[$1x'); // a first ] is a character
  if (/\\(?!b)/.test(plain)) return `${EXPECTED}, which has no such escape`;
  if (/\(\?(?!:)/.test(plain)) return `${EXPECTED}, which has no such group`;
  const repeats = [...plain.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].flatMap(([, ...counts]) => counts);
  if (repeats.some((count) => Number(count ?? 0) > LARGEST_REPEAT)) return `${EXPECTED}: it repeats at most 1000 times`;
  try {
    new RegExp(plain);
    return undefined;
  } catch {
    return `${EXPECTED}, such as go_.*`;
  }
}

/** A category of Unicode, such as Lu, or a script, such as Greek. */
function isClass(name: string): boolean {
  return name === 'Any' || isUnicode(/^[A-Z][a-z]?$/.test(name) ? name : `Script=${name}`);
}

function isUnicode(property: string): boolean {
  try {
    return new RegExp(`\\p{${property}}`, 'u').source !== '';
  } catch {
    return false;
  }
}
