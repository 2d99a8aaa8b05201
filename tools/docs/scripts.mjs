// Texts with which the scripts of pods end, or say why a member must not start: what is inserted at run time is "…".

/** Words after which a text is an error; functions that print why a member or restore has to wait, not errors of removal. */
const SAYS = /\b(?:(?:die|stop|wait_with refusing) |reason=)"(?!\$\()/g;
const REASONS = /^(why_(?!remove\b)\w+)\(\) \{[^]*?^\}/gm;

/** [text] of every error in a script. */
export function errorsOf(script) {
  const code = script.replace(/^\s*#.*$/gm, '');
  const reasons = [...code.matchAll(REASONS)].flatMap(([body]) => quotedAfter(body, /\becho "/g));
  return [...quotedAfter(code, SAYS), ...reasons]
    .map((text) => text.replace(/^; /, '').replace(/(\w)… /g, '$1 … '))
    .filter((text) => /[a-z]{3}/.test(text));
}

function quotedAfter(code, opening) {
  return [...code.matchAll(opening)].map(({ 0: { length }, index }) => quoted(code, index + length));
}

/** The text up to the closing quote; $x, ${x}, $(x) and $((x)) are "…". */
function quoted(code, start) {
  let text = '';
  for (let at = start; code[at] !== '"'; at++) {
    if (code[at] === '\\') text += code[++at];
    else if (code[at] === '$') {
      at = expansionEnd(code, at);
      text += '…';
    } else text += code[at];
  }
  return text;
}

function expansionEnd(code, at) {
  const pairs = { '(': ')', '{': '}' };
  const open = code[at + 1];
  if (!(open in pairs)) return at + (/^\$(\w+|.)/.exec(code.slice(at))?.[0].length ?? 1) - 1;
  let depth = 0;
  for (let i = at + 1; ; i++) {
    if (code[i] === open) depth++;
    if (code[i] === pairs[open] && --depth === 0) return i;
  }
}
