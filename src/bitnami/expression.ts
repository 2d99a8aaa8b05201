import { Duration } from 'cdk8s';
import { EtcdAuthToken, EtcdRoot, EtcdSignMethod } from '../props/auth';
import { EtcdAutoCompaction, EtcdLogLevel } from '../props/etcd';
import { EtcdUpdateStrategy } from '../props/rollout';
import { EtcdAntiAffinity } from '../props/scheduling';
import { EtcdDefragMethod } from '../props/defrag';
import { EtcdImage, EtcdImagePullPolicy } from '../props/image';
import { EtcdRelabelAction } from '../props/relabeling';
import { EtcdRestore, EtcdTotalLoss } from '../props/restore';
import { EtcdMemberAddresses } from '../props/member-services';
import { EtcdServiceType, EtcdTrafficPolicy } from '../props/service';
import { EtcdSnapshotStore } from '../props/snapshot-store';
import { EtcdTls } from '../props/tls';
import { EtcdAccessMode, EtcdClaimRetention, EtcdStorage } from '../props/storage';

/** The result of an import: plain data, and expressions where code needs more than a literal. */
export type Plain = string | number | boolean | Expression | readonly Plain[] | PlainObject | undefined;
export interface PlainObject {
  readonly [key: string]: Plain;
}

/** A value that is more than a literal in code. Code and value come from the same data, so they agree. */
export class Expression {
  public constructor(
    /** The package that exports it. */
    public readonly from: 'cdk8s' | 'cdk8s-etcd' | 'cdk8s-plus-28',
    /** The name in code, such as `Duration.seconds`. */
    public readonly name: string,
    /** Undefined if it is not a call. */
    public readonly args: readonly Plain[] | undefined,
    private readonly make: (...args: never[]) => unknown,
  ) {}

  public get value(): unknown {
    return this.make(...((this.args ?? []).map(valueOf) as never[]));
  }
}

/** The value for a construct. Keys without a value are left out. */
export function valueOf(plain: Plain): unknown {
  if (plain instanceof Expression) return plain.value;
  if (Array.isArray(plain)) return (plain as readonly Plain[]).map(valueOf);
  if (typeof plain !== 'object') return plain;
  return Object.fromEntries(
    Object.entries(plain as PlainObject).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, valueOf(value)]],
    ),
  );
}

/** Classes with static factories, and enums. */
const FACTORIES = {
  EtcdRoot,
  EtcdAuthToken,
  EtcdTls,
  EtcdImage,
  EtcdStorage,
  EtcdSnapshotStore,
  EtcdRestore,
  EtcdAutoCompaction,
  EtcdUpdateStrategy,
};
const ENUMS = {
  EtcdAccessMode,
  EtcdAntiAffinity,
  EtcdClaimRetention,
  EtcdDefragMethod,
  EtcdImagePullPolicy,
  EtcdLogLevel,
  EtcdMemberAddresses,
  EtcdRelabelAction,
  EtcdServiceType,
  EtcdSignMethod,
  EtcdTotalLoss,
  EtcdTrafficPolicy,
};

type Factory = keyof typeof FACTORIES;

/** `made('EtcdStorage', 'emptyDir')` is `EtcdStorage.emptyDir()`. Empty options are left out. */
export function made(type: Factory, factory: string, ...args: Plain[]): Expression {
  const last = args.at(-1);
  const given = isObject(last) && isUnset(last) ? args.slice(0, -1) : args;
  const owner = FACTORIES[type] as unknown as { readonly [name: string]: (...args: never[]) => unknown };
  return new Expression('cdk8s-etcd', `${type}.${factory}`, given, (...values) => owner[factory]?.(...values));
}

/** The enum member with this value, or undefined. */
export function member(type: keyof typeof ENUMS, value: string): Expression | undefined {
  const name = Object.entries(ENUMS[type]).find(([, v]) => v === value)?.[0];
  return name === undefined ? undefined : new Expression('cdk8s-etcd', `${type}.${name}`, undefined, () => value);
}

/** A Duration in the largest unit that gives a whole number. */
export function duration(seconds: number): Expression {
  if (!Number.isInteger(seconds)) return new Expression('cdk8s', 'Duration.millis', [seconds * 1000], Duration.millis);
  if (seconds > 0 && seconds % 3600 === 0)
    return new Expression('cdk8s', 'Duration.hours', [seconds / 3600], Duration.hours);
  if (seconds > 0 && seconds % 60 === 0)
    return new Expression('cdk8s', 'Duration.minutes', [seconds / 60], Duration.minutes);
  return new Expression('cdk8s', 'Duration.seconds', [seconds], Duration.seconds);
}

/** Whether no option is set. */
export function isUnset(object: PlainObject): boolean {
  return Object.values(object).every((v) => v === undefined);
}

/** Whether it is a map, and not an expression. */
export function isObject(plain: Plain): plain is PlainObject {
  return typeof plain === 'object' && !Array.isArray(plain) && !(plain instanceof Expression);
}
