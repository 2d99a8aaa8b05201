import * as cdk8s from 'cdk8s';
import * as plus from 'cdk8s-plus-28';
import fc, { type Arbitrary } from 'fast-check';
import ts from 'typescript';
import * as etcd from '../../src';
import type { Call } from './call';
import { call } from './call';
import { Declarations, NEEDED, type Factory, type Field, type Scope } from './declarations';
import { DURATIONS, NUMBERS } from './amounts';
import { MAPS } from './maps';
import { STRANGE, STRINGS } from './strings';

/** What is given by mistake, in the place of anything. */
const JUNK = [null, 0, '', 'text', [], {}, [null], Number.NaN, new Date(0), [[]], { x: 1 }];

const NUMBER = [0, 1, 2, 3, 5, 10, 50, 80, 100, 1000, 2379, 8443, 30_000, 30_500, 65_535];
const DURATION = [
  ['seconds', 0],
  ['seconds', 10],
  ['seconds', 60],
  ['minutes', 5],
  ['hours', 1],
  ['millis', 1],
  ['millis', 1500],
  ['days', 1],
  ['days', 400],
] as const;
const WRONG_NUMBERS = [-1, 65_536, 1.5, 2 ** 31, 2 ** 53, Number.POSITIVE_INFINITY, 1e21];

/** How often a value is one that is wrong, or none at all of its kind: one of so many. */
const WRONG = 40;
const MISTAKEN = 500;

/** Makes arbitraries of the types of props, as their declarations have them. */
export class Arbitraries {
  private readonly declarations = new Declarations();
  private readonly made = new Map<string, Arbitrary<unknown>>();
  /** Fields and parameters of this library that are texts and have none in STRINGS. */
  public readonly missing = new Set<string>();

  /** A struct of which some fields are set. `without` names fields that the caller sets. */
  public struct(name: string, without: readonly string[] = []): Arbitrary<{ readonly [field: string]: unknown }> {
    return this.fields('etcd', name, without);
  }

  private fields(scope: Scope, name: string, without: readonly string[] = []) {
    const fields = this.declarations.fieldsOf(scope, name).filter((field) => !without.includes(field.name));
    const few = Math.max(1, Math.round(fields.length / 4));
    const entries = fields.map((field) => {
      const value = this.of(field.type, scope, name, field.name);
      if (NEEDED.includes(`${name}.${field.name}`)) return [field.name, nearlyAlways(value)] as const;
      return [field.name, field.optional ? maybe(value, few) : value] as const;
    });
    return fc.record(Object.fromEntries(entries), { noNullPrototype: true }).map(withoutUndefined);
  }

  private of(type: ts.TypeNode, scope: Scope, owner: string, field: string): Arbitrary<unknown> {
    const key = `${scope} ${type.getText()} ${owner}.${field}`;
    const known = this.made.get(key);
    if (known) return known;
    const made = mistaken(this.make(type, scope, owner, field));
    this.made.set(key, made);
    return made;
  }

  private make(type: ts.TypeNode, scope: Scope, owner: string, field: string): Arbitrary<unknown> {
    if (type.kind === ts.SyntaxKind.BooleanKeyword) return fc.boolean();
    if (type.kind === ts.SyntaxKind.NumberKeyword) return number(owner, field);
    if (type.kind === ts.SyntaxKind.StringKeyword) return this.text(scope, owner, field);
    if (ts.isArrayTypeNode(type))
      return fc.array(this.of(type.elementType, scope, owner, field), { maxLength: 3, size: 'xsmall' });
    if (ts.isTypeLiteralNode(type)) return this.map(type, owner, field);
    if (type.kind === ts.SyntaxKind.AnyKeyword) return fc.constant({});
    if (ts.isTypeReferenceNode(type)) return this.named(type.typeName.getText(), scope, field);
    throw new Error(`${owner}.${field}: no generator for ${type.getText()}`);
  }

  private text(scope: Scope, owner: string, field: string): Arbitrary<unknown> {
    const texts = STRINGS[`${owner}.${field}`] ?? STRINGS[field];
    if (!texts && scope === 'etcd') this.missing.add(`${owner}.${field}`);
    return choice(texts?.good ?? ['a', 'x-1', ''], [...(texts?.bad ?? []), ...STRANGE]);
  }

  private map(type: ts.TypeLiteralNode, owner: string, field: string): Arbitrary<unknown> {
    const [signature] = type.members;
    if (!signature || !ts.isIndexSignatureDeclaration(signature)) throw new Error(`${owner}.${field}: no map`);
    const kind = /nnotation/.test(field) ? 'annotations' : /^(limits|requests)$/.test(field) ? 'resources' : 'labels';
    const quantities = signature.type.getText() === 'Quantity';
    const { good, bad } = MAPS[kind];
    const entry = choice(good, bad).map((given) => {
      const [key, value] = given as readonly [string, string];
      return [key, quantities ? call(plus.k8s.Quantity, 'Quantity', 'fromString', [value]) : value];
    });
    return fc.array(entry, { maxLength: 3 }).map((entries) => Object.fromEntries(entries) as unknown);
  }

  private named(name: string, scope: Scope, field: string): Arbitrary<unknown> {
    if (name === 'Duration') return duration(field);
    if (name === 'Date') return fc.constant('2025-01-01T00:00:00Z');
    const [outer, inner] = name.split('.');
    if (inner !== undefined && outer === 'k8s') return this.named(inner, 'k8s', field);
    if (name === 'Quantity') return this.factories(plus.k8s.Quantity, name, scope);
    if (name === 'IntOrString') return this.factories(plus.k8s.IntOrString, name, scope);
    if (this.declarations.isEnum(name)) return constants((etcd as never)[name]);
    if (this.declarations.isStruct(scope, name)) return this.fields(scope, name);
    return this.factories((etcd as never)[name], name, scope);
  }

  private factories(of: unknown, name: string, scope: Scope): Arbitrary<unknown> {
    const factories = this.declarations.factoriesOf(name);
    if (factories.length === 0) throw new Error(`${name}: no generator`);
    return fc.oneof(...factories.map((factory) => this.factory(of, name, factory, scope)));
  }

  private factory(of: unknown, name: string, factory: Factory, scope: Scope): Arbitrary<Call> {
    const parameters = factory.parameters.map((parameter) => this.parameter(parameter, name, scope));
    return fc.tuple(...parameters).map((values) => call(of, name, factory.name, values));
  }

  private parameter({ name, optional, type }: Field, owner: string, scope: Scope): Arbitrary<unknown> {
    const untyped = type.pos < 0; // a number: its type follows from its default
    const value = untyped ? number(owner, name) : this.of(type, scope, owner, name);
    return optional ? maybe(value, 1) : value;
  }
}

function number(owner: string, field: string): Arbitrary<unknown> {
  return choice(NUMBERS[`${owner}.${field}`] ?? NUMBERS[field] ?? NUMBER, [...NUMBER, ...WRONG_NUMBERS]);
}

function duration(field: string): Arbitrary<unknown> {
  return choice(DURATIONS[field] ?? DURATION, DURATION).map((given) => {
    const [unit, amount] = given as (typeof DURATION)[number];
    return call(cdk8s.Duration, 'Duration', unit, [amount]);
  });
}

function constants(values: { readonly [name: string]: unknown }): Arbitrary<unknown> {
  return choice(Object.values(values), ['none of them']);
}

/** A value, or rarely one that is wrong. */
function choice(good: readonly unknown[], bad: readonly unknown[]): Arbitrary<unknown> {
  return fc.oneof(
    { arbitrary: fc.constantFrom(...good), weight: WRONG - 1 },
    { arbitrary: fc.constantFrom(...(bad.length > 0 ? bad : good)), weight: 1 },
  );
}

/** Undefined, or one time of so many a value. Shrinks to undefined. */
function maybe(value: Arbitrary<unknown>, of: number): Arbitrary<unknown> {
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant(undefined), weight: of },
    { arbitrary: value, weight: 1 },
  );
}

/** A value, or rarely undefined. */
function nearlyAlways(value: Arbitrary<unknown>): Arbitrary<unknown> {
  return fc.oneof({ arbitrary: value, weight: WRONG }, { arbitrary: fc.constant(undefined), weight: 1 });
}

function mistaken(value: Arbitrary<unknown>): Arbitrary<unknown> {
  return fc.oneof({ arbitrary: value, weight: MISTAKEN }, { arbitrary: fc.constantFrom(...JUNK), weight: 1 });
}

function withoutUndefined(object: { readonly [field: string]: unknown }): { readonly [field: string]: unknown } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
