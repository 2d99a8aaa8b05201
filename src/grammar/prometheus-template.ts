/** Templates in the labels and annotations of alerts: https://prometheus.io/docs/prometheus/latest/configuration/template_reference/ */

const FUNCTIONS = [
  ...['args', 'externalURL', 'first', 'graphLink', 'humanize', 'humanize1024', 'humanizeDuration'],
  ...['humanizePercentage', 'humanizeTimestamp', 'label', 'match', 'now', 'parseDuration', 'pathPrefix', 'query'],
  ...['reReplaceAll', 'safeHtml', 'sortByLabel', 'stripDomain', 'stripPort', 'strvalue', 'tableLink', 'title'],
  ...['toDuration', 'toLower', 'toTime', 'toUpper', 'tmpl', 'urlQueryEscape', 'value'],
  ...['and', 'call', 'html', 'index', 'slice', 'js', 'len', 'not', 'or', 'print', 'printf', 'println', 'urlquery'],
  ...['eq', 'ne', 'lt', 'le', 'gt', 'ge'],
];
const VARIABLES = ['$labels', '$value', '$externalLabels', '$externalURL'];

/** An action that only inserts: a variable, then functions in a pipe. Control structures are not needed in a label. */
const WORD = /"[^"\\]*"|`[^`]*`|\$\w+(\.\w+)?|\.\w*|[A-Za-z]\w*|-?\d+(\.\d+)?|[|()]/g;

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
  return words.length > 0 && action.replace(WORD, '').trim() === '' && words.every(isKnownWord);
}

function isKnownWord(word: string): boolean {
  if (/^[A-Za-z]/.test(word)) return FUNCTIONS.includes(word);
  return !word.startsWith('$') || VARIABLES.includes(word.split('.')[0] ?? '');
}
