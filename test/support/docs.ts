import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const SRC = join(__dirname, '..', '..', 'src');

/** A field of a struct of the public API, as in its source. */
export interface DocumentedField {
  /** The struct's name. */
  readonly of: string;
  readonly name: string;
  readonly node: ts.PropertySignature;
  /** The whole docstring. */
  readonly doc: string;
  /** Text of `@default`, on one line. */
  readonly defaultText: string | undefined;
}

/** Every field of every exported struct below src/props and src/constructs. */
export function documentedFields(): DocumentedField[] {
  return ['props', 'constructs'].flatMap((folder) =>
    readdirSync(join(SRC, folder)).flatMap((file) => fieldsIn(join(SRC, folder, file))),
  );
}

function fieldsIn(file: string): DocumentedField[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const structs = source.statements.filter(
    (s): s is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(s) && isExported(s) && /^(Etcd|GreptimeDb)/.test(s.name.text),
  );
  return structs.flatMap((struct) =>
    struct.members.filter(ts.isPropertySignature).map((node) => ({
      of: struct.name.text,
      name: node.name.getText(),
      node,
      doc: ts
        .getJSDocCommentsAndTags(node)
        .map((d) => d.getText())
        .join('\n'),
      defaultText: defaultOf(node),
    })),
  );
}

function defaultOf(node: ts.PropertySignature): string | undefined {
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === 'default');
  return tag
    ?.getText()
    .replace(/^@default\s+/, '')
    .replace(/\s*\n\s*\*\s*/g, ' ')
    .trim();
}

function isExported(node: ts.InterfaceDeclaration): boolean {
  return node.modifiers?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword) ?? false;
}
