import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EtcdWarning, type EtcdClusterProps } from '../../src';
import { problemsOf, synthCluster } from '../support/synth';

/** docs/errors.md is generated from the source. */
const ROOT = join(__dirname, '..', '..');
const page = readFileSync(join(ROOT, 'docs', 'errors.md'), 'utf8');

test('docs/errors.md is current: else run npm run docs:errors', () => {
  const run = spawnSync(process.execPath, [join(ROOT, 'tools', 'docs', 'errors.mjs'), '--check'], { encoding: 'utf8' });
  expect([run.status, run.stderr]).toEqual([0, '']);
}, 180_000);

test('it has every warning, and no row without a message and what to do', () => {
  for (const code of Object.values(EtcdWarning)) expect(page).toContain(`| \`${code}\` |`);
  expect(page).not.toMatch(/\| *\|$/m);
});

/** The messages of the page's first columns, as patterns: "…" is anything. */
const patterns = [...page.matchAll(/^\| (`+) ?(.+?) ?\1 \|/gm)].map(([, , text = '']) => {
  const parts = text.replaceAll('\\|', '|').split('…');
  return new RegExp(
    `^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}(, got .*)?(; .*)?$`,
    's',
  );
});

test('it has no row that fits every message', () => {
  expect(patterns.filter((pattern) => pattern.test('a text that is in no source; change it'))).toEqual([]);
});

test.each<[string, object]>([
  ['a number', { replicas: 11 }],
  ['a name', { name: 'Etcd' }],
  ['an unknown key', { replica: 1 }],
  ['a type', { existingCluster: 'yes' }],
  ['a quantity', { quotaBackend: '8GiB' }],
  ['an enum', { logLevel: 'loud' }],
  ['a class', { image: 'etcd' }],
  ['a list', { extraArgs: {} }],
  ['a Kubernetes type', { tolerations: [{ kee: 'a' }] }],
  ['a label', { labels: { 'app.kubernetes.io/name': 'a' } }],
  ['a variable that is taken', { extraEnv: [{ name: 'ETCD_NAME', value: 'a' }] }],
  ['a prop beside another one', { onTotalLoss: 'restore' }],
  ['two ports of one number', { ports: { client: 2380 } }],
  ['a step of versions', { upgradeFrom: '3.5.21' }],
])('it has the messages about %s', (_name, wrong) => {
  const problems = problemsOf(() => synthCluster(wrong as Partial<EtcdClusterProps>));
  expect(problems.length).toBeGreaterThan(0);
  const messages = problems.map((problem) => problem.replace(/^(\[.*?\] )?[\w.[\]/-]+: /, ''));
  expect(messages.filter((message) => !patterns.some((pattern) => pattern.test(message)))).toEqual([]);
});
