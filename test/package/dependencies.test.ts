import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** `npm run lint` checks src/ against these rules. Here they are broken on purpose. */
const ROOT = join(__dirname, '..', '..');
const DEPCRUISE = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');

/** A tree in which each file breaks the rule that it is under, or none. */
const FILES: { readonly [rule: string]: { readonly [file: string]: string } } = {
  'props-imports-only-what-is-before-it': {
    'src/props/upward.ts': "import { right } from '../config/right';\nexport const left = right;\n",
  },
  'grammar-imports-only-what-is-before-it': {
    'src/grammar/upward-type.ts': "import type { Left } from '../checks/type';\nexport type Right = Left;\n",
  },
  'config-imports-only-what-is-before-it': {
    'src/config/upward-reexport.ts': "export { manifest } from '../manifests/manifest';\n",
  },
  'manifests-imports-only-what-is-before-it': {
    'src/manifests/upward-require.ts': "export const late = () => require('../constructs/construct');\n",
  },
  'no-cycle': {
    'src/rules/one.ts': "import type { Two } from './two';\nexport interface One {\n  two: Two;\n}\n",
  },
  'every-file-has-a-layer': {
    'src/constructs/astray.ts': "import { helper } from '../helpers/helper';\nexport const helped = helper;\n",
  },
  'src-imports-no-tests-and-no-tools': {
    'src/constructs/tested.ts': "export { fixture } from '../../test/fixture';\n",
  },
  'io-in-few-files': {
    'src/manifests/reads.ts':
      "import { readFileSync } from 'node:fs';\nexport const text = readFileSync('a', 'utf8');\n",
  },
  '(none)': {
    'src/rules/two.ts': "import type { One } from './one';\nexport interface Two {\n  one: One;\n}\n",
    'src/cli/downward.ts': "import { right } from '../config/right';\nexport const used = right;\n",
    'src/config/right.ts': 'export const right = 1;\n',
    'src/checks/type.ts': 'export type Left = string;\n',
    'src/manifests/manifest.ts': "import { right } from '../config/right';\nexport const manifest = right;\n",
    'src/constructs/construct.ts': 'export const construct = 1;\n',
    'src/helpers/helper.ts': 'export const helper = 1;\n',
    'test/fixture.ts': 'export const fixture = 1;\n',
  },
};

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'cdk8s-etcd-'))));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('lint fails, and reports each broken rule at the file that breaks it, and nothing else', () => {
  writeFileSync(join(folder, 'tsconfig.json'), '{}');
  for (const [file, text] of Object.values(FILES).flatMap((files) => Object.entries(files))) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { lint: string } };
  expect(scripts.lint).toContain('depcruise src ');
  const args = ['--config', join(ROOT, '.dependency-cruiser.mjs'), 'src', 'test'];
  const run = spawnSync(process.execPath, [DEPCRUISE, ...args], { cwd: folder, encoding: 'utf8' });
  const found = [...run.stdout.matchAll(/error ([a-z-]+: \S+)/g)].map(([, violation]) => violation);
  const { '(none)': _fine, ...broken } = FILES;
  const expected = Object.entries(broken).flatMap(([rule, files]) => Object.keys(files).map((f) => `${rule}: ${f}`));
  expect(found.sort()).toEqual(expected.sort());
  expect(run.status).not.toBe(0);
});

test('CONTRIBUTING says the order', () => {
  const config = readFileSync(join(ROOT, '.dependency-cruiser.mjs'), 'utf8');
  const layers = [...config.matchAll(/\{ name: '([a-z]+)', path: /g)].map(([, name]) => name);
  const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  expect(text).toContain(layers.join(' → '));
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(layers).toEqual(expect.arrayContaining(folders.map(({ name }) => name)));
});
