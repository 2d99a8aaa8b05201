import { Yaml } from 'cdk8s';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appCode } from '../../src/bitnami/code';
import { importValues } from '../../src/bitnami/import';
import { CASES, imported } from './support';
import { ALIASES, PASSED, VERDICTS } from '../../src/bitnami/verdicts';

/** Names and defaults of the chart's parameters, as data. */
const CHART = JSON.parse(readFileSync(join(__dirname, 'parameters.json'), 'utf8')) as {
  readonly [name: string]: unknown;
};

test('all 296 parameters and 5 aliases have a verdict, and nothing else has', () => {
  expect(Object.keys(CHART)).toHaveLength(296);
  expect(ALIASES).toHaveLength(5);
  expect(Object.keys(VERDICTS).sort()).toEqual([...Object.keys(CHART), ...ALIASES, ...PASSED].sort());
});

test.each(Object.keys(CHART))('%s has the chart’s default', (name) => {
  const verdict = VERDICTS[name];
  expect(verdict?.default).toEqual(CHART[name]);
  // The chart's default must be a value that the import reads unchanged.
  expect(verdict?.shape.read(verdict.default)).toEqual(verdict?.default);
});

const ALL = CASES.map((one) => imported(one).values);
const mapped = Object.entries(VERDICTS).filter(([, verdict]) => verdict.kind === 'mapped');

test.each(mapped)('%s: is tested with two values', (parameter, verdict) => {
  const values = ALL.filter((v) => v.isRead(parameter));
  const tried = new Set(
    values.filter((v) => v.line(parameter) !== undefined).map((v) => JSON.stringify(v.get(parameter))),
  );
  // A boolean has no third value, so its default is one of the two.
  if (typeof verdict.default === 'boolean') tried.add(JSON.stringify(verdict.default));
  expect(tried.size).toBeGreaterThanOrEqual(2);
});

test('a file with every default is imported as an empty file', () => {
  const off = 'auth.rbac.create';
  const tree: { [key: string]: unknown } = {};
  for (const [path, value] of Object.entries(CHART)) {
    // Keys of annotations contain dots.
    const [, section = '', key = ''] = /^(.*?)\.?(prometheus\.io\/\w+|[^.]+)$/.exec(path) ?? [];
    const parent = section.split('.').reduce<{ [key: string]: unknown }>((at, name) => {
      return name === '' ? at : ((at[name] ??= {}) as { [key: string]: unknown });
    }, tree);
    parent[key] = path === off ? false : value;
  }
  const release = { name: 'etcd', namespace: 'storage' };
  const spelled = importValues(Yaml.stringify(tree), { release });
  const silent = importValues(`auth: { rbac: { create: false } }`, { release });
  expect(spelled.problems).toEqual([]);
  expect(spelled.values.named).toHaveLength(296);
  expect(appCode(spelled)).toBe(appCode(silent));
  // Only a parameter that the file sets can be reported as overridden.
  const texts = ({ findings }: typeof spelled): string[] =>
    findings.filter(({ kind }) => kind !== 'unused').map(({ text }) => text);
  expect(texts(spelled)).toEqual(texts(silent));
});
