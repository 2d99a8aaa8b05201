import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { documentedFields } from '../support/docs';

/** The rules of the public API that a machine can check: those of jsii, and what readers of the docs need. */
const SRC = join(__dirname, '..', '..', 'src');
const members = documentedFields();

test('there are props to check', () => {
  expect(members.length).toBeGreaterThan(100);
});

test.each(members.map((m) => [`${m.of}.${m.name}`, m] as const))('%s', (_where, { node, doc }) => {
  expect(node.modifiers?.map((m) => m.kind)).toContain(ts.SyntaxKind.ReadonlyKeyword);
  expect(doc).toMatch(/\/\*\*/);
  if (node.questionToken) expect(doc).toMatch(/@default \S/);
  else expect(doc).not.toMatch(/@default/);
  const type = node.type;
  expect(type).toBeDefined();
  if (!type) return;
  expect(ts.isUnionTypeNode(type) || ts.isTupleTypeNode(type) || ts.isFunctionTypeNode(type)).toBe(false);
  if (ts.isTypeReferenceNode(type)) expect(type.typeArguments).toBeUndefined();
});

test('scripts use $var, never ${var}, which Flux would rewrite where the annotation is lost', () => {
  const folder = join(SRC, 'scripts');
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (['job', 'member', 'shared'].includes(file)) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    expect(`${file}: ${String(/\$\{/.exec(text))}`).toBe(`${file}: null`);
    if (!file.endsWith('.sh')) throw new Error(`${file} is no script`);
  }
});

test('the files that package.json names exist', () => {
  const root = join(SRC, '..');
  for (const name of [
    'package.json',
    'tsconfig.json',
    'cdk8s.yaml',
    'src',
    'imports',
    'dist',
    'test',
    'examples',
    'LICENSE',
  ]) {
    expect(readdirSync(root)).toContain(name);
  }
});
