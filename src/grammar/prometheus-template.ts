/** Templates in the labels and annotations of alerts: https://prometheus.io/docs/prometheus/latest/configuration/template_reference/ */

const FUNCTIONS = [
  ...['args', 'externalURL', 'first', 'graphLink', 'humanize', 'humanize1024', 'humanizeDuration'],
  ...['humanizePercentage', 'humanizeTimestamp', 'label', 'match', 'now', 'parseDuration', 'pathPrefix', 'query'],
  ...['reReplaceAll', 'safeHtml', 'sortByLabel', 'stripDomain', 'stripPort', 'strvalue', 'tableLink', 'title'],
  ...['toDuration', 'toLower', 'toTime', 'toUpper', 'tmpl', 'urlQueryEscape', 'value'],
  ...['and', 'call', 'html', 'index', 'slice', 'js', 'len', 'not', 'or', 'print', 'printf', 'println', 'urlquery'],
  ...['eq', 'ne', 'lt', 'le', 'gt', 'ge'],
];
const NILADIC = ['externalURL', 'now', 'pathPrefix', 'print', 'println'];
const OPERANDS =
  /^("[^"\\]*"|`[^`]*`|-?\d+(\.\d+)?|\$(labels|externalLabels)(\.\w+)?|\$(value|externalURL)|\.|\.(Labels|ExternalLabels)(\.\w+)?|\.(Value|ExternalURL))$/;

/** An action that only inserts: a pipe of variables and functions. Control structures are not needed in a label. */
const WORD = /"[^"\\]*"|`[^`]*`|\$\w+(?:\.\w+)*|\.\w*(?:\.\w+)*|[A-Za-z]\w*|-?\d+(?:\.\d+)?|[|()]/g;

/** Why Prometheus could not expand `v`, or undefined. */
export function templateProblem(v: string): string | undefined {
  const actions = [...v.matchAll(/\{\{-?((?:[^}]|\}(?!\}))*?)-?\}\}/g)];
  const rest = v.replace(/\{\{-?((?:[^}]|\}(?!\}))*?)-?\}\}/g, '');
  if (rest.includes('{{')) return 'expected }} after {{, as in {{ $labels.pod }}';
  const wrong = actions.map(([, action = '']) => action.trim()).find((action) => !isKnown(action));
  return wrong === undefined
    ? undefined
    : `expected variables and functions of Prometheus only, as in {{ $labels.pod }}`;
}

function isKnown(action: string): boolean {
  const words = action.match(WORD) ?? [];
  return action.replace(WORD, '').trim() === '' && afterPipe(words, 0) === words.length;
}

/** The index behind the pipe that begins at `start`, or -1. */
function afterPipe(words: readonly string[], start: number, isPiped = false): number {
  const first = words[start] ?? '';
  const isCall = FUNCTIONS.includes(first);
  let next = isCall ? start + 1 : isPiped ? -1 : afterOperand(words, start);
  const begin = next;
  while (isCall && next >= 0 && ![undefined, '|', ')'].includes(words[next])) next = afterOperand(words, next);
  if (next < 0 || (isCall && next === begin && !isPiped && !NILADIC.includes(first))) return -1;
  return words[next] === '|' ? afterPipe(words, next + 1, true) : next;
}

function afterOperand(words: readonly string[], start: number): number {
  const word = words[start] ?? '';
  if (word !== '(') return OPERANDS.test(word) || NILADIC.includes(word) ? start + 1 : -1;
  const end = afterPipe(words, start + 1);
  if (end < 0 || words[end] !== ')') return -1;
  return /^\.\w/.test(words[end + 1] ?? '') ? end + 2 : end + 1; // a field of what is in the parentheses
}
