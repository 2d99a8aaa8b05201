import type { Problems } from '../checks/problems';
import { made, text } from '../checks/values';
import { keyProblem } from '../grammar/users';

const KEY = text(keyProblem);
/** etcd's end of a range that has no end. */
const OPEN = Buffer.from([0]);

/** Keys of etcd, as UTF-8. @see https://etcd.io/docs/v3.6/learning/api/#key-ranges */
export class EtcdKeyRange {
  /** One key. */
  public static key(key: string): EtcdKeyRange {
    return new EtcdKeyRange('key', [key]);
  }

  /** All keys that begin with this, such as `/app/`. An empty prefix is refused: use `all()`. */
  public static prefix(prefix: string): EtcdKeyRange {
    return new EtcdKeyRange('prefix', [prefix]);
  }

  /** All keys from `first`, and before `end`. */
  public static between(first: string, end: string): EtcdKeyRange {
    return new EtcdKeyRange('between', [first, end]);
  }

  /** All keys from `first`. */
  public static from(first: string): EtcdKeyRange {
    return new EtcdKeyRange('from', [first]);
  }

  /** All keys. */
  public static all(): EtcdKeyRange {
    return new EtcdKeyRange('all', []);
  }

  private constructor(
    /** @internal */
    public readonly _kind: string,
    private readonly keys: readonly string[],
  ) {}

  /** @internal */
  public _check(path: string, problems: Problems): void {
    const valid = this.keys.map((key) => KEY(key, path, problems)).every((key) => key !== undefined);
    if (!valid || this._kind !== 'between') return;
    const [first, end] = this._bytes;
    if (end && Buffer.compare(first, end) >= 0)
      problems.add(path, `expected an end after ${JSON.stringify(this.keys[0])}`, this.keys[1]);
  }

  /**
   * As the user wrote it.
   * @internal
   */
  public get _written(): string {
    return [this._kind, ...this.keys].join(' ');
  }

  /**
   * The first key and the end, as etcd stores them. There is no end for one key.
   * @internal
   */
  public get _bytes(): [Buffer, Buffer?] {
    const [first = '', end = ''] = this.keys;
    const key = Buffer.from(first);
    switch (this._kind) {
      case 'all':
        return [OPEN, OPEN];
      case 'key':
        return [key];
      case 'from':
        return [key, OPEN];
      case 'prefix':
        return [key, afterPrefix(key)];
      default:
        return [key, Buffer.from(end)];
    }
  }
}

/** The first key after all keys with a prefix. No byte of UTF-8 is 0xff. */
function afterPrefix(prefix: Buffer): Buffer {
  const end = Buffer.from(prefix);
  const last = end.length - 1;
  if (last >= 0) end[last] = end.readUInt8(last) + 1;
  return end;
}

/** What a role may do with keys. */
export class EtcdPermission {
  /** May read these keys, and watch them. */
  public static read(range: EtcdKeyRange): EtcdPermission {
    return new EtcdPermission('read', range);
  }

  /** May write and delete these keys. */
  public static write(range: EtcdKeyRange): EtcdPermission {
    return new EtcdPermission('write', range);
  }

  /** May read, write and delete these keys. */
  public static readWrite(range: EtcdKeyRange): EtcdPermission {
    return new EtcdPermission('readwrite', range);
  }

  private constructor(
    /** @internal */
    public readonly _access: string,
    private readonly range: EtcdKeyRange,
  ) {}

  /** @internal */
  public _check(path: string, problems: Problems): void {
    RANGE(this.range, path, problems);
  }

  /** @internal */
  public get _allKeys(): boolean {
    return this.range._kind === 'all';
  }

  /** @internal */
  public get _written(): string {
    return this.range._written;
  }

  /**
   * The first key and the end in base64. The end is `-` for one key.
   * @internal
   */
  public get _range(): [string, string] {
    const [key, end] = this.range._bytes;
    return [key.toString('base64'), end?.toString('base64') ?? '-'];
  }
}

const RANGE = made(EtcdKeyRange, 'EtcdKeyRange.key(...), .prefix(...), .between(...), .from(...) or .all()');

export const PERMISSION = made(
  EtcdPermission,
  'EtcdPermission.read(...), EtcdPermission.write(...) or EtcdPermission.readWrite(...)',
);
