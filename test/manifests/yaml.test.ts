import { App, Chart, Yaml } from 'cdk8s';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtcdCluster, EtcdSnapshotStore, FleetApp } from '../../src';
import { YamlWriter } from '../../src/constructs/yaml';

/** Texts that YAML treats specially, alone and combined. */
const PIECES = [
  ...[
    'a',
    'e',
    'E',
    'x',
    'y',
    'No',
    'on',
    'true',
    'False',
    'null',
    'nan',
    '.inf',
    '0',
    '7',
    '08',
    '0x1f',
    '0b1',
    '1e3',
    '1_0',
  ],
  ...[
    '-',
    '--',
    '---',
    '...',
    '?',
    ':',
    ': ',
    ',',
    '[',
    ']',
    '{',
    '}',
    '#',
    ' #',
    '&',
    '*',
    '!',
    '|',
    '>',
    "'",
    '"',
    '%',
    '@',
    '`',
  ],
  ...[
    '~',
    '<<',
    '=',
    '/',
    '\\',
    '$',
    '+',
    '.',
    '_',
    '\t',
    ' ',
    '  ',
    '\n',
    '\n\n',
    ' \n',
    '\n ',
    '\n\t',
    '\r',
    '\0',
    '\x1b',
    '\x85',
  ],
  ...[
    'é',
    '’',
    '…',
    '\u2028',
    '\ufeff',
    '\u00a0',
    '😀',
    '\ud800',
    '2001-12-14',
    'T',
    '21:59:43',
    '10m',
    '8Gi',
    '3.5.21',
    '059e3dae',
  ],
  'etcd_server_has_leader{pod=~"etcd-[0-9]+"}',
];

/** Pseudorandom numbers, the same in each run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const random = numbers(14);
const below = (count: number): number => Math.floor(random.next().value * count);
const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
const many = <T>(most: number, make: () => T): T[] => Array.from({ length: below(most + 1) }, make);
const text = (): string => many(5, () => pick(PIECES)).join('');

function value(depth: number): unknown {
  if (depth > 0 && below(3) > 0)
    return below(2) === 0
      ? many(3, () => value(depth - 1))
      : Object.fromEntries(
          many(3, () => [below(4) === 0 ? text() : pick(['a', 'b', 'c-d', 'e.f/g']), value(depth - 1)]),
        );
  return below(6) > 0
    ? text()
    : pick([true, false, null, 0, -0, 1, -7, 0.5, 1e21, 2 ** 53, Infinity, NaN, undefined, new Date(0)]);
}

const SCRIPT = '#!/bin/sh\n\nset -e\n  echo "’"\n';

describe('YamlWriter writes byte for byte what cdk8s writes', () => {
  const writeYaml = (documents: readonly object[]): string => new YamlWriter([SCRIPT]).write(documents);

  test.each(['generated texts', 'generated values'])('%s', (kind) => {
    for (let i = 0; i < 2000; i++) {
      const document = kind === 'generated texts' ? { a: text(), b: [text()] } : { a: value(4) };
      const [ours, theirs] = [writeYaml([document]), Yaml.stringify(document)];
      if (ours !== theirs) expect({ document, text: ours }).toEqual({ document, text: theirs });
    }
  });

  test.each([
    [
      'each piece',
      PIECES.flatMap((piece) => [{ a: piece }, { a: `${piece}b` }, { a: `b${piece}` }, { [piece]: [piece] }]),
    ],
    [
      'long keys and values',
      [{ ['k'.repeat(1030)]: 'v' }, { k: 'long '.repeat(500) }, { k: `${'long '.repeat(500)}\nand more\n` }],
    ],
    ['documents', [{}, [], { a: {} }, { a: [] }, { a: [[], {}, [['x']], [{ b: 1, c: [2] }]] }]],
  ])('%s', (_name, documents) => {
    expect(writeYaml(documents)).toBe(Yaml.stringify(...documents));
  });

  test('a known script, as a value of a ConfigMap and elsewhere', () => {
    const documents = [{ data: { 'a.sh': SCRIPT } }, { a: SCRIPT, b: [{ c: { d: SCRIPT } }] }, { data: ['x', SCRIPT] }];
    expect(writeYaml(documents)).toBe(Yaml.stringify(...documents));
  });

  test('an object that occurs twice, which is an alias in YAML', () => {
    const shared = { a: 1 };
    const documents = [{ one: shared, two: shared }, { one: shared }];
    expect(writeYaml(documents)).toBe(Yaml.stringify(...documents));
    expect(writeYaml(documents)).toContain('*a1');
  });
});

describe('FleetApp', () => {
  let outdir: string;
  beforeEach(() => (outdir = mkdtempSync(join(tmpdir(), 'cdk8s-etcd-'))));
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(outdir, { recursive: true, force: true });
  });

  function synthesize(app: App, clusters: number): void {
    for (let i = 0; i < clusters; i++) {
      const chart = new Chart(app, `etcd-${i}`, { namespace: `team-${i}` });
      const etcd = new EtcdCluster(chart, 'Etcd', { name: 'etcd' });
      etcd.addSnapshots({ store: EtcdSnapshotStore.persistentVolumeClaim() });
      etcd.addDefrag();
      etcd.addMonitoring();
    }
    app.synth();
  }

  test('asks cdk8s for a few short texts, for any number of clusters', () => {
    const asked = jest.spyOn(Yaml, 'stringify');
    synthesize(new FleetApp({ outdir }), 1);
    expect(asked.mock.calls.filter(([document]) => !Array.isArray(document))).toEqual([]);
    expect(asked.mock.calls.length).toBeLessThan(20);
    const once = asked.mock.calls.length;
    asked.mockClear();
    synthesize(new FleetApp({ outdir }), 10);
    expect(asked.mock.calls.length).toBe(once);
    expect(readdirSync(outdir)).toHaveLength(10);
  });

  test('writes what App writes', () => {
    synthesize(new App({ outdir: join(outdir, 'app') }), 2);
    synthesize(new FleetApp({ outdir: join(outdir, 'fleet') }), 2);
    const written = (app: string): string[] =>
      [0, 1].map((i) => readFileSync(join(outdir, app, `etcd-${i}.k8s.yaml`), 'utf8'));
    expect(written('fleet')).toEqual(written('app'));
  });
});
