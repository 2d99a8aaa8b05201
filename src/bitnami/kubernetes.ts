import { writerOf, type WriterName } from '../kubernetes';
import { Expression, type Plain } from './expression';
import { describe } from '../checks/problems';
import type { Json, JsonObject } from './json';

/** Keys with an IntOrString. All other classes with a `value` are quantities. */
const INT_OR_STRING = ['port', 'targetPort', 'maxSurge', 'maxUnavailable', 'minAvailable'];

/**
 * Kubernetes' JSON as props of cdk8s-plus-28, which has another spelling for some keys, and classes for quantities and
 * ports. Its writer is run on the JSON to record which keys and classes it reads.
 * @param wrong is called for each unknown key and each wrong type, with the path and the problem
 */
export function kubernetesProps(type: WriterName, json: Json, wrong: Wrong): Plain {
  return propsBy(writerOf(type) as (value: never) => unknown, json, wrong);
}

/** The same for a writer in `imports/`. */
export function propsBy(write: (value: never) => unknown, json: Json, wrong: Wrong): Plain {
  const seen = watch(json);
  write(seen.proxy as never);
  return seen.read('', '', wrong);
}

/** `problem` is undefined for an unknown key. */
export type Wrong = (path: string, problem?: string) => void;

interface Watched {
  readonly proxy: unknown;
  read(path: string, key: string, wrong: Wrong): Plain;
}

function watch(json: Json): Watched {
  if (Array.isArray(json)) return watchList(json);
  return typeof json === 'object' && json !== null ? watchObject(json as JsonObject) : watchLeaf(json);
}

function watchList(items: readonly Json[]): Watched {
  const watched = items.map(watch);
  let [asList, asMap] = [false, false];
  const proxy = new Proxy(
    watched.map((item) => item.proxy),
    {
      get: (target, name) => {
        if (name === 'map') asList = true;
        else if (!(name in target)) asMap = true;
        return Reflect.get(target, name) as unknown;
      },
      ownKeys: (target) => {
        asMap = true;
        return Reflect.ownKeys(target);
      },
    },
  );
  return {
    proxy,
    read: (path, key, wrong) => {
      if (asMap) wrong(path, `expected a map, got ${describe(items)}`);
      else if (!asList) wrong(path, `expected a single value, got ${describe(items)}`);
      else return watched.map((item, i) => item.read(`${path}[${i}]`, key, wrong));
      return [];
    },
  };
}

function watchObject(json: JsonObject): Watched {
  const watched = new Map(Object.entries(json).flatMap(([key, v]) => (v === null ? [] : [[key, watch(v)] as const])));
  const byName = new Map([...watched.keys()].map((key) => [key.toLowerCase(), key]));
  /** The keys of the JSON, by the writer's spelling. */
  const spelled = new Map<string, string>();
  const proxy = new Proxy(Object.fromEntries([...watched].map(([key, w]) => [key, w.proxy])), {
    get: (_target, name) => {
      const key = typeof name === 'string' ? byName.get(name.toLowerCase()) : undefined;
      if (key === undefined) return undefined;
      spelled.set(key, name as string);
      return watched.get(key)?.proxy;
    },
    ownKeys: () => [...watched.keys()],
  });
  return {
    proxy,
    read: (path, _key, wrong) => {
      const props: { [key: string]: Plain } = {};
      for (const [key, item] of watched) {
        const name = spelled.get(key);
        const at = path === '' ? key : `${path}.${key}`;
        if (name === undefined) wrong(at);
        else props[name] = item.read(at, key, wrong);
      }
      return props;
    },
  };
}

function watchLeaf(leaf: string | number | boolean | null): Watched {
  let [asClass, asMap] = [false, false];
  const proxy = new Proxy(
    {},
    {
      get: (_target, name) => {
        if (name === 'value') asClass = true;
        else asMap = true;
        return name === 'value' ? leaf : undefined;
      },
      ownKeys: () => {
        asMap = true;
        return [];
      },
    },
  );
  return {
    proxy,
    read: (path, key, wrong) => {
      if (asMap) wrong(path, `expected a map, got ${describe(leaf)}`);
      if (leaf === null || asMap) return undefined;
      return asClass ? k8sClass(INT_OR_STRING.includes(key) ? 'IntOrString' : 'Quantity', leaf) : leaf;
    },
  };
}

/** `k8s.Quantity.fromString('1Gi')`. */
function k8sClass(name: 'Quantity' | 'IntOrString', leaf: string | number | boolean): Expression {
  const factory = typeof leaf === 'number' ? 'fromNumber' : 'fromString';
  const value = { value: leaf };
  return new Expression('cdk8s-plus-28', `k8s.${name}.${factory}`, [leaf], () => value);
}

/** `k8s.IntOrString.fromString('metrics')`. */
export function portName(name: string): Expression {
  return k8sClass('IntOrString', name);
}
