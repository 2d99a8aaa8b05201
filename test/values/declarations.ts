import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');
const KUBERNETES = join(ROOT, 'node_modules', 'cdk8s-plus-28', 'lib', 'imports', 'k8s.d.ts');

/** Where a name is looked up: in the source of this library, or in Kubernetes' types. */
export type Scope = 'etcd' | 'k8s';

export interface Field {
  readonly name: string;
  readonly optional: boolean;
  readonly type: ts.TypeNode;
}

/** A static method that makes an instance of its class. */
export interface Factory {
  readonly name: string;
  readonly parameters: readonly Field[];
}

/** Fields that Kubernetes needs, although their type leaves them out: they are nearly always set. */
export const NEEDED: readonly string[] = [
  'Container.image',
  'HostAlias.ip',
  'HostAlias.hostnames',
  'KubePersistentVolumeClaimProps.metadata',
  'KubePersistentVolumeClaimProps.spec',
  'ObjectMeta.name',
  'PersistentVolumeClaimSpec.accessModes',
  'PersistentVolumeClaimSpec.resources',
  'VolumeResourceRequirements.requests',
  'NetworkPolicyIngressRule.ports',
  'LabelSelectorRequirement.values',
  'NodeSelectorRequirement.values',
  'ServicePort.name',
];

/** The declarations from which values are made, as the sources have them: nothing is compiled. */
export class Declarations {
  private readonly structs = new Map<string, { scope: Scope; node: ts.InterfaceDeclaration }>();
  private readonly classes = new Map<string, ts.ClassDeclaration>();
  private readonly enums = new Set<string>();

  public constructor() {
    const folders = ['props', 'constructs'].map((folder) => join(ROOT, 'src', folder));
    const files = folders.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
    for (const file of files) this.read(file, 'etcd');
    this.read(KUBERNETES, 'k8s');
  }

  public isEnum(name: string): boolean {
    return this.enums.has(name);
  }

  public isStruct(scope: Scope, name: string): boolean {
    return this.structs.has(`${scope}.${name}`);
  }

  /** All fields of a struct, with those that it inherits. */
  public fieldsOf(scope: Scope, name: string): readonly Field[] {
    const node = this.structs.get(`${scope}.${name}`)?.node;
    if (!node) throw new Error(`${scope}.${name} is no struct`);
    const inherited = this.parentsOf(scope, name).flatMap((parent) => this.fieldsOf(scope, parent));
    return [...inherited, ...node.members.flatMap(fieldOf)];
  }

  public parentsOf(scope: Scope, name: string): readonly string[] {
    const clauses = this.structs.get(`${scope}.${name}`)?.node.heritageClauses ?? [];
    return clauses.flatMap((clause) => clause.types.map((type) => type.expression.getText()));
  }

  /** Structs of constructs, such as EtcdDefragProps: the options, and the cluster that they are about. */
  public propsOfConstructs(): readonly string[] {
    const names = [...this.structs].filter(([, { scope }]) => scope === 'etcd').map(([key]) => key.split('.')[1] ?? '');
    return names.filter((name) => /^(Etcd|GreptimeDb)\w+Props$/.test(name));
  }

  /** The static methods of a class that make instances of it. */
  public factoriesOf(name: string): readonly Factory[] {
    const methods = [...(this.classes.get(name)?.members ?? [])].filter((m) => ts.isMethodDeclaration(m));
    const statics = methods.filter((method) => isStatic(method) && method.type?.getText() === name);
    return statics.map((method) => ({
      name: method.name.getText(),
      parameters: method.parameters.map((parameter) => ({
        name: parameter.name.getText(),
        optional: parameter.initializer !== undefined || parameter.questionToken !== undefined,
        type: parameter.type ?? ts.factory.createKeywordTypeNode(ts.SyntaxKind.NumberKeyword),
      })),
    }));
  }

  private read(file: string, scope: Scope): void {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
    for (const node of source.statements) {
      if (ts.isInterfaceDeclaration(node)) this.structs.set(`${scope}.${node.name.text}`, { scope, node });
      if (ts.isEnumDeclaration(node)) this.enums.add(node.name.text);
      if (ts.isClassDeclaration(node) && node.name) this.classes.set(node.name.text, node);
    }
  }
}

function fieldOf(member: ts.TypeElement): Field[] {
  if (!ts.isPropertySignature(member) || !member.type) return [];
  return [{ name: member.name.getText(), optional: member.questionToken !== undefined, type: member.type }];
}

function isStatic(method: ts.MethodDeclaration): boolean {
  return method.modifiers?.some((m) => m.kind === ts.SyntaxKind.StaticKeyword) ?? false;
}
