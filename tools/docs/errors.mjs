// npm run docs:errors: docs/errors.md, every error and warning, from the source. With --check it only compares.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { Messages } from './messages.mjs';
import { errorsOf } from './scripts.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = join(ROOT, 'docs', 'errors.md');

const filesBelow = (folder, end) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(end))
    .sort()
    .map((file) => join(ROOT, folder, file));

/** Every message in src/: { kind, where, text }. */
function allSaid() {
  const options = { noLib: true, target: ts.ScriptTarget.ES2022 };
  const program = ts.createProgram(filesBelow('src', '.ts'), options);
  const messages = new Messages(program);
  const found = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) found.push(...said(node, messages));
    ts.forEachChild(node, visit);
  };
  program
    .getSourceFiles()
    .filter(({ fileName }) => relative(ROOT, fileName).startsWith('src/'))
    .forEach(visit);
  return { found, warnings: warningsOf(program) };
}

/** The errors or warnings that one call can add. */
function said(call, messages) {
  const callee = call.expression.getText();
  const [first, second] = call.arguments ?? [];
  const all = (kind, where, node) => messages.textsOf(node).map((text) => ({ kind, where, text }));
  const at = () => messages.textsOf(first)[0] ?? '';
  if (/(^|\.)problems(At\(.*\))?\.add$/.test(callee)) return all('props', at(), second);
  if (/(^|\.)warnings\.add$/.test(callee)) return all('warning', first.getText().split('.').pop(), second);
  if (/^(text|mapOf)$/.test(callee)) return call.arguments.flatMap((grammar) => all('props', propOf(call), grammar));
  if (callee === 'rule') return all('props', at(), call.arguments[2]);
  if (callee === 'distinct') return all('props', second.text, call.arguments[2]);
  // The importer has another function of this name, which writes code.
  if (callee === 'made' && !call.getSourceFile().fileName.includes('/bitnami/'))
    return messages.textsOf(second).map((how) => ({ kind: 'props', where: propOf(call), text: `expected ${how}` }));
  if (/\.addValidation$/.test(callee))
    return messages.textsOf(validateOf(first)).map((text) => ({ kind: 'props', ...withPath(text) }));
  if (/\.refuse$/.test(callee)) return all('chart', at(), second);
  if (callee === 'refused') return all('chart', propOf(call), first);
  if (/^(Usage|File)Error$/.test(callee)) return all('command', '', first);
  return [];
}

/** Of `{ validate: () => ... }`, the function. */
function validateOf(validation) {
  return validation?.properties?.find(({ name }) => name.getText() === 'validate')?.initializer;
}

/** A text that begins with the path itself. */
function withPath(text) {
  const [, where, rest] = /^(… …\/…|[^ ]+): (.*)$/s.exec(text) ?? [];
  return rest === undefined ? { where: '', text } : { where, text: rest };
}

/** The key of the table that a call stands in, after the section that `under('section', …)` names. */
function propOf(node) {
  let key = '';
  for (let parent = node.parent; parent; parent = parent.parent) {
    if (ts.isPropertyAssignment(parent) && key === '') key = keyOf(parent);
    if (ts.isCallExpression(parent) && parent.expression.getText() === 'under') return `${keyOf(parent)}.${key}`;
    if (ts.isVariableDeclaration(parent) || ts.isFunctionLike(parent)) return key;
  }
  return key;
}

/** Of a property, its name; of a call, its first argument. */
function keyOf({ name, arguments: [section] = [] }) {
  return (name ?? section)
    .getText()
    .replace(/['`[\]]/g, '')
    .replace(/\$\{\w+\}/g, '…');
}

/** Every code, and what its docstring says. */
function warningsOf(program) {
  const source = program.getSourceFiles().find(({ fileName }) => fileName.endsWith('props/warning.ts'));
  const { members } = source.statements.find(ts.isEnumDeclaration);
  return members.map((member) => ({
    name: member.name.getText(),
    code: member.initializer.text,
    cause: ts
      .getJSDocCommentsAndTags(member)
      .map(({ comment }) => comment)
      .join(' '),
  }));
}

/** What to do, for messages that do not end with it. */
const REMEDIES = [
  [/^cannot read /, 'check the name of the file, and that you may read it'],
  [/^expected a command/, 'see `cdk8s-etcd --help`'],
  [/^expected one of /, 'use one of these'],
  [/^expected /, 'give a value of this form'],
  [/^unknown /, 'correct the name, or remove it'],
  [/^is required/, 'give it a value'],
  [/^needs /, 'set what it needs, or remove it'],
  [/^(is set by the library|cannot be|is used by)/, 'remove it'],
  [/(already|too)$/, 'choose another value'],
];

const IMPERATIVE =
  /; ((?:add|call|change|choose|correct|create|delete|did|first|fix|give|import|keep|leave|lower|merge|move|put|raise|remove|rename|replace|run|set|start|stay|take|turn|upgrade|use|write)\b.*)$/;

/** The message, and what to do, which is printed after it. */
function messageOf(text) {
  return text.replace(IMPERATIVE, '');
}

/** What to do about a message, from all texts in which it occurs. */
function remedyOf(texts, otherwise) {
  const written = [...new Set(texts.map((text) => IMPERATIVE.exec(text)?.[1]))].filter(Boolean);
  if (written.length > 0) return written.filter((remedy) => !isShortForm(remedy, written)).join(' / ');
  return REMEDIES.find(([pattern]) => pattern.test(texts[0]))?.[1] ?? otherwise;
}

/** Whether another remedy says the same and more: one that only inserts another text, or goes on. */
function isShortForm(remedy, all) {
  const parts = remedy.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*')}`);
  return all.some((other) => other !== remedy && pattern.test(other));
}

/** What to do when no pattern matches. */
const REMEDY = {
  props: 'change the value, or remove it',
  chart: 'change the parameter, or remove it',
  command: 'see `cdk8s-etcd --help`',
  warning: 'change the value, or acknowledge the warning',
};

/** The page about a script's errors. */
const PAGES = [
  [/^recover-quorum/, '[recover-quorum.md](recover-quorum.md)'],
  [/^(drill)/, '[restore drills](back-up.md#restore-drills)'],
  [/^(defrag\.)/, '[the defragmentation job](defragment.md#the-job)'],
  [/^(serve-snapshot|all-lost|prepare-restore|restore-member)/, '[restore.md](restore.md#what-can-go-wrong)'],
  [
    /^(snapshot|store|verify-snapshot|remote-copies|interruptible)/,
    '[what the snapshot job does](back-up.md#what-the-job-does)',
  ],
  [/^versions/, '[upgrade-etcd.md](upgrade-etcd.md)'],
  [/^leave/, '[leaving](members.md#leaving)'],
  [/./, '[troubleshoot.md](troubleshoot.md#a-pod-does-not-become-ready)'],
];

const cell = (text) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();
const code = (text) => (text === '' ? '' : text.includes('`') ? `\`\` ${cell(text)} \`\`` : `\`${cell(text)}\``);
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Several values that are inserted one after another are one "…". */
const inserted = (text) => text.replace(/…(?: ?…)+/g, '…');

/** Rows of one kind: a message, every place where it can occur, and what to do. */
function rowsOf(found, kind) {
  const places = new Map();
  for (const { where, text: raw } of found.filter((one) => one.kind === kind)) {
    const text = inserted(raw);
    // Of props, the value is printed before what to do: see Problems.add.
    const message = kind === 'props' ? (text.split('; ')[0] ?? '') : messageOf(text);
    if (!/[a-z]{2} [a-z]/i.test(text) || !/[a-z]{3}/i.test(message)) continue;
    const all = places.get(message) ?? { texts: [], where: new Set() };
    all.texts.push(text);
    if (/[a-z]/i.test(where)) all.where.add(where);
    places.set(message, all);
  }
  return [...places]
    .sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
    .map(([message, { texts, where }]) => [
      code(message),
      [...where].sort().map(code).join(', '),
      cell(remedyOf(texts, REMEDY[kind])),
    ]);
}

function warningRows({ found, warnings }) {
  return warnings.flatMap(({ name, code: shown, cause }) => {
    const texts = found
      .filter(({ kind, where }) => kind === 'warning' && where === name)
      .map(({ text }) => inserted(text));
    if (texts.length === 0) return [[code(shown), 'names the parameter and its line', cell(cause), 'read the report']];
    return [...new Set(texts.map(messageOf))].map((message) => {
      const same = texts.filter((text) => messageOf(text) === message);
      return [code(shown), code(message), cell(cause), cell(remedyOf(same, REMEDY.warning))];
    });
  });
}

function scriptRows() {
  return filesBelow('src/scripts', '.sh').flatMap((file) => {
    const [, page] = PAGES.find(([pattern]) => pattern.test(basename(file)));
    return [...new Set(errorsOf(readFileSync(file, 'utf8')))].map((text) => [code(text), code(basename(file)), page]);
  });
}

function page() {
  const all = allSaid();
  const errors = ['Message', 'Where', 'What to do'];
  return `# Reference: errors and warnings

Search for the words of a message, without its values: “…” is what is inserted at run time. Most messages end with
what to do, after a semicolon; it has its own column here, with “/” between what different values need. Generated from
the source by \`npm run docs:errors\`.

## Warnings

Printed to standard error at synth, as \`warning: [PATH] MESSAGE; WHAT TO DO [CODE; …]\`. The YAML is written all the
same. \`acknowledgeWarnings: [EtcdWarning.NAME]\` says that it is intended.

${table(['Code', 'Message', 'Cause', 'What to do'], warningRows(all))}

## Props

Printed by \`cdk8s synth\` as \`[CONSTRUCT PATH] PROP: MESSAGE, got VALUE; WHAT TO DO\`: all problems at once, and no
file is written. The cause is a value that is not as the message expects it, or a prop that contradicts another one.
Where the column “Where” is empty, many props can have the problem.

${table(errors, rowsOf(all.found, 'props'))}

## Values of Bitnami's chart

Printed by \`from-bitnami\` and \`EtcdCluster.fromBitnamiValues\`, with the parameter and its line. The cause is a
parameter that this library cannot adopt as it is.

${table(errors, rowsOf(all.found, 'chart'))}

## The command

Printed by \`cdk8s-etcd\`, which then ends with status 2. The cause is an argument or a file.

${table(
  errors.filter((head) => head !== 'Where'),
  rowsOf(all.found, 'command').map(([message, , remedy]) => [message, remedy]),
)}

## Members and jobs

Logged by pods: jobs end with a line \`error: MESSAGE\`; members wait, with the message in their phase and their log.

${table(['Message', 'Script', 'Read on'], scriptRows())}
`;
}

const current = page();
if (!process.argv.includes('--check')) writeFileSync(PAGE, current);
else if (current !== readFileSync(PAGE, 'utf8')) {
  console.error('docs/errors.md is not current: run npm run docs:errors');
  process.exitCode = 1;
}
