import { compareLive } from '../../src/bitnami/live';
import { isRefused } from '../../src/bitnami/live-comparison';
import type { JsonObject } from '../../src/bitnami/json';
import { CASES, rendered, synthImport } from './support';

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/ */
const CHANGEABLE = [
  'replicas',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'minReadySeconds',
  'persistentVolumeClaimRetentionPolicy',
];
/** The parts that factsOf reads and that the differential test compares. */
const COMPARED = ['serviceName', 'selector', 'podManagementPolicy', 'volumeClaimTemplates'];
const IDENTITY = ['ETCD_INITIAL_ADVERTISE_PEER_URLS', 'ETCD_DATA_DIR'];

interface StatefulSet {
  spec: { [key: string]: unknown; template: { spec: { containers: { name: string; env?: Variable[] }[] } } };
}
interface Variable {
  name: string;
  value: string;
}

function set(objects: object[]): StatefulSet {
  return objects.find((object) => 'kind' in object && object.kind === 'StatefulSet') as unknown as StatefulSet;
}

function compare(live: StatefulSet, ours: StatefulSet) {
  return compareLive(live as unknown as JsonObject, ours as unknown as JsonObject);
}

/** Copies of an object, each with one changed leaf below `keys`. */
function changed(
  object: StatefulSet,
  keys: readonly string[],
): { readonly path: string; readonly copy: StatefulSet }[] {
  const paths = (value: unknown, path: string[]): string[][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, v]) => paths(v, [...path, key]))
      : [path];
  return keys
    .flatMap((key) => paths(object.spec[key], [key]))
    .map((path) => {
      const copy = structuredClone(object);
      const parent = path.slice(0, -1).reduce<{ [key: string]: unknown }>((at, key) => at[key] as never, copy.spec);
      const last = path.at(-1) ?? '';
      parent[last] = last === 'storage' ? '123Gi' : `${String(parent[last])}x`;
      return { path: path.join('.'), copy };
    });
}

describe.each(CASES.map((one) => [one.name, one] as const))('%s', (_name, one) => {
  const live = set(rendered(one.name));
  const ours = set(synthImport(one));

  test('the live StatefulSet can become ours', () => {
    const { refused, breaks, differs } = compare(live, ours);
    expect([...refused, ...breaks]).toEqual([]);
    // The version of an image by digest is unknown; without a podSecurityContext, volumes still need a group.
    expect(differs.filter(({ field, live }) => !live.includes('@sha256:') && field !== 'fsGroup')).toEqual([]);
  });

  // no --namespace on the command line, because a PodMonitor may be in another namespace.
  test('the commands to go back name the namespace of each object', () => {
    expect(rendered(one.name).filter(({ metadata }) => !metadata.namespace)).toEqual([]);
  });

  test('neither StatefulSet has a field that is not compared', () => {
    const fields = [...Object.keys(live.spec), ...Object.keys(ours.spec)];
    expect(fields.filter((field) => ![...CHANGEABLE, ...COMPARED].includes(field))).toEqual([]);
  });

  test('a change of a single immutable field is refused, at any depth', () => {
    const keys = Object.keys(live.spec).filter((key) => !CHANGEABLE.includes(key));
    // The API server adds kind and apiVersion to claims.
    const copies = changed(live, keys).filter(({ path }) => !/\d\.(kind|apiVersion)$/.test(path));
    expect(copies.length).toBeGreaterThan(3);
    expect(copies.filter(({ copy }) => compare(copy, ours).refused.length === 0).map(({ path }) => path)).toEqual([]);
  });

  test.each(IDENTITY)('another %s is refused', (name) => {
    const copy = structuredClone(live);
    const variables = copy.spec.template.spec.containers.flatMap((c) => c.env ?? []).filter((v) => v.name === name);
    expect(variables).not.toEqual([]);
    for (const variable of variables) variable.value += 'x';
    expect(isRefused(compare(copy, ours))).toBe(true);
  });
});
