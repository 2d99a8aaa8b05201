import { Chart, Testing } from 'cdk8s';
import { createContext, runInContext } from 'node:vm';
import {
  EtcdCluster,
  EtcdDefrag,
  EtcdMonitoring,
  EtcdRestoreDrill,
  EtcdSnapshots,
  EtcdSnapshotStore,
  GreptimeDbMetadataStore,
} from '../../src';
import { problemsOf, synthCluster } from '../support/synth';

/** As a caller from JavaScript would: nothing is checked by a compiler. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- wrong types are the point
type Anything = any;

const chart = (): Chart => new Chart(Testing.app(), 'test', { namespace: 'ns' });
const PARTS: [string, Anything, string][] = [
  ['EtcdSnapshots', EtcdSnapshots, 'cluster: is required; set it to an EtcdCluster'],
  ['EtcdDefrag', EtcdDefrag, 'cluster: is required; set it to an EtcdCluster'],
  ['EtcdMonitoring', EtcdMonitoring, 'cluster: is required; set it to an EtcdCluster'],
  ['GreptimeDbMetadataStore', GreptimeDbMetadataStore, 'cluster: is required; set it to an EtcdCluster'],
  ['EtcdRestoreDrill', EtcdRestoreDrill, 'snapshots: is required; set it to an EtcdSnapshots'],
];

test.each(PARTS)('%s without props', (_name, Part, expected) => {
  expect(() => new Part(chart(), 'Part')).toThrow(new Error(expected));
  expect(() => new Part(chart(), 'Part', {})).toThrow(new Error(expected));
});

test.each(PARTS)('%s with a text for props', (_name, Part) => {
  expect(() => new Part(chart(), 'Part', 'etcd')).toThrow(new Error('props: expected an object, got "etcd"'));
});

test.each(['etcd', 7, ['etcd'], null, () => 'etcd'])(
  'EtcdCluster with %p for props: one problem',
  (props: Anything) => {
    const parent = chart();
    new EtcdCluster(parent, 'Etcd', props);
    expect(problemsOf(() => Testing.synth(parent))).toEqual([
      expect.stringContaining('[test/Etcd] props: expected an object, got '),
    ]);
  },
);

test('EtcdCluster without props', () => {
  const parent = chart();
  new EtcdCluster(parent, 'Etcd', undefined as Anything);
  expect(problemsOf(() => Testing.synth(parent))).toEqual(['[test/Etcd] name: is required; set it']);
});

const store = EtcdSnapshotStore.existingClaim('claim');

test('a part that is added twice: one problem each, and the first part', () => {
  const problems = problemsOf(() =>
    synthCluster({}, (c) => {
      const snapshots = c.addSnapshots({ store });
      expect(c.addSnapshots({ store })).toBe(snapshots);
      expect(snapshots.addRestoreDrill()).toBe(snapshots.addRestoreDrill());
      expect(c.addDefrag()).toBe(c.addDefrag());
      expect(c.addMonitoring()).toBe(c.addMonitoring());
    }),
  );
  expect(problems).toEqual([
    '[test/Etcd] addSnapshots: was called before; call it once',
    '[test/Etcd] addDefrag: was called before; call it once',
    '[test/Etcd] addMonitoring: was called before; call it once',
    '[test/Etcd/Snapshots] addRestoreDrill: was called before; call it once',
  ]);
});

describe('objects of another realm', () => {
  const realm = createContext({});
  const foreign = (code: string): Anything => runInContext(`(${code})`, realm);

  test('are objects', () => {
    const props = foreign(
      "{ labels: { a: 'b' }, resources: { memory: '3Gi' }, extraEnv: [{ name: 'A', value: 'b' }], networkPolicy: { clients: [{ podLabels: { a: 'b' } }] } }",
    );
    expect(problemsOf(() => synthCluster(props))).toEqual([]);
    expect(synthCluster(props)).toEqual(synthCluster(JSON.parse(JSON.stringify(props)) as Anything));
  });

  test('and classes of it are none', () => {
    const labels = foreign('new (class Labels {})()');
    expect(problemsOf(() => synthCluster({ labels }))).toEqual([
      '[test/Etcd] labels: expected an object of strings, got a Labels',
    ]);
  });
});

test.each([
  [{ sidecars: [{ name: 'a', image: 'a:1', env: [undefined] }] }, 'sidecars[0].env[0]'],
  [{ sidecars: [{ name: 'a', image: 'a:1', volumeMounts: [undefined] }] }, 'sidecars[0].volumeMounts[0]'],
  [{ extraVolumes: [{ name: 'a', projected: { sources: [undefined] } }] }, 'extraVolumes[0].projected.sources[0]'],
  [{ networkPolicy: { extraIngress: [{ from: [undefined] }] } }, 'networkPolicy.extraIngress[0].from[0]'],
  [
    { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [undefined] } } },
    'affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]',
  ],
])('nothing in a list of a Kubernetes type: %j', (props: Anything, path) => {
  expect(problemsOf(() => synthCluster(props))).toEqual([
    expect.stringMatching(new RegExp(`${path.replace(/[[\].]/g, '.')}: expected an item, got undefined; remove it$`)),
  ]);
});

test('an object without a constructor is described', () => {
  const labels = Object.create(Object.create(null) as object) as Anything;
  expect(problemsOf(() => synthCluster({ labels }))).toEqual([
    expect.stringContaining('labels: expected an object of strings'),
  ]);
});
