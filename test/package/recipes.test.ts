import { transformSync } from '@swc/core';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { EtcdAlert } from '../../src';

/** Follows CONTRIBUTING's recipes. */
const ROOT = join(__dirname, '..', '..');
const CONTRIBUTING = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');

/** Paths that a section of CONTRIBUTING names, in order. */
function filesOf(title: string): string[] {
  const section = CONTRIBUTING.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
  return [...section.matchAll(/`((?:src|test|docs)\/[^`]+)`/g)].map(([, path = '']) => path);
}

test.each(['To add an option', 'To add an alert'])('%s: the files that are named exist', (title) => {
  expect(filesOf(title).length).toBeGreaterThan(4);
  for (const path of filesOf(title)) expect(`${path}: ${existsSync(join(ROOT, path))}`).toBe(`${path}: true`);
});

/** A text to insert after another one, in a file that the recipe names. */
interface Step {
  readonly file: string;
  readonly after: string;
  readonly write: string;
}

/** `--max-wals`, which no prop sets so far. */
const PROP: Step = {
  file: 'src/props/etcd.ts',
  after: 'export interface EtcdServerOptions {',
  write: '\n  /**\n   * Sets `--max-wals`.\n   * @default 5\n   */\n  readonly maxWals?: number;\n',
};
const CHECK: Step = {
  file: 'src/props/etcd.ts',
  after: 'export const SERVER = {',
  write: '\n  maxWals: whole(0, 1000),',
};
const VALUE: Step = {
  file: 'test/manifests/everything.ts',
  after: 'export const ALL_PROPS: Required<EtcdClusterProps> = {',
  write: '\n  maxWals: 9,',
};
const DEFAULT: Step = { file: 'src/constants/defaults.ts', after: '\n  etcd: {', write: '\n    maxWals: 5,' };
const FIELD: Step = {
  file: 'src/config/etcd.ts',
  after: 'export interface EtcdConfig {',
  write: '\n  readonly maxWals: number;',
};
const RESOLVED: Step = {
  file: 'src/config/etcd.ts',
  after: '): EtcdConfig {\n  const { etcd, ports, defragmentation } = DEFAULTS;\n  return {',
  write: '\n    maxWals: props.maxWals ?? etcd.maxWals,',
};
const FLAG: Step = {
  file: 'src/config/etcd-options.ts',
  after: 'export const ETCD_OPTIONS: readonly EtcdOption[] = [',
  write: "\n  { env: 'ETCD_MAX_WALS', prop: 'maxWals', value: (c) => String(c.etcd.maxWals) },",
};
const STEPS = [PROP, CHECK, VALUE, DEFAULT, FIELD, RESOLVED, FLAG];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cdk8s-etcd-'));
  for (const path of [
    'src',
    'imports',
    'test/manifests/everything.ts',
    'test/manifests/everything-auth.ts',
    'test/manifests/everything-network.ts',
    'tsconfig.json',
    'package.json',
  ])
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Only files that the steps change are read again. */
const CHANGED = [...new Set(STEPS.map((step) => step.file))];

function write(steps: readonly Step[]): void {
  for (const file of CHANGED) {
    let text = readFileSync(join(ROOT, file), 'utf8');
    for (const step of steps.filter((s) => s.file === file)) {
      expect(text.split(step.after)).toHaveLength(2);
      text = text.replace(step.after, () => step.after + step.write);
    }
    writeFileSync(join(folder, file), text);
  }
}

const parsed = new Map<string, ts.SourceFile | undefined>();
let program: ts.Program | undefined;

/** The files of the recipe with compiler errors after these steps. */
function wrong(steps: readonly Step[]): string[] {
  write(steps);
  const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (path, ...rest) => {
    if (CHANGED.some((file) => path === join(folder, file))) return getSourceFile(path, ...rest);
    if (!parsed.has(path)) parsed.set(path, getSourceFile(path, ...rest));
    return parsed.get(path);
  };
  const roots = ['src/index.ts', 'test/manifests/everything.ts'].map((path) => join(folder, path));
  const compiled = ts.createProgram(roots, options, host, program);
  program = compiled;
  return CHANGED.filter(
    (file) => compiled.getSemanticDiagnostics(compiled.getSourceFile(join(folder, file))).length > 0,
  );
}

/** Compiles these files of the library, or all of them the first time. */
function compile(changed: readonly string[]): void {
  const lib = join(folder, 'lib');
  const isFirst = !existsSync(lib);
  if (isFirst) for (const tree of ['src', 'imports']) cpSync(join(folder, tree), join(lib, tree), { recursive: true });
  const all = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  for (const file of isFirst ? all : all.filter((path) => changed.includes(path))) {
    const { code } = transformSync(readFileSync(join(folder, file), 'utf8'), {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    });
    writeFileSync(join(lib, file.replace(/\.ts$/, '.js')), code);
  }
}

/** The lines that the new prop adds to the YAML of a cluster. */
function difference(steps: readonly Step[]): string {
  write(steps);
  compile(CHANGED);
  const app = `
    const { Chart, Testing } = require('cdk8s');
    const { EtcdCluster } = require('./lib/src');
    const yaml = (props) => {
      const chart = new Chart(Testing.app(), 'test');
      const cluster = new EtcdCluster(chart, 'Etcd', { name: 'etcd', namespace: 'a', ...props });
      const { env } = cluster.statefulSet.toJson().spec.template.spec.containers[0];
      return [...env.map((e) => e.name + '=' + e.value), ...cluster.node.validate()];
    };
    const without = yaml({});
    console.log(yaml({ maxWals: 9 }).filter((line) => !without.includes(line)).join(' '));
  `;
  return execFileSync(process.execPath, ['-e', app], { cwd: folder, encoding: 'utf8' }).trim();
}

test('To add an option: the steps go through the files that the recipe names, in its order', () => {
  const order = filesOf('To add an option').filter((path) => STEPS.some((step) => step.file === path));
  expect(CHANGED).toEqual(order);
});

test.each([
  ['the check', [CHECK], ['src/props/etcd.ts', 'src/config/etcd.ts']],
  ['the value for the tests', [VALUE], ['test/manifests/everything.ts']],
  ['the default', [DEFAULT], ['src/config/etcd.ts']],
  ['the field', [FIELD], ['src/config/etcd.ts', 'src/config/etcd-options.ts']],
  ['the line that resolves it', [RESOLVED], ['src/config/etcd.ts']],
  ['nothing', [], []],
])('To add an option: the compiler finds a missing step: %s', (_name, left: Step[], expected: string[]) => {
  expect(wrong(STEPS.filter((step) => !left.includes(step)))).toEqual(expected);
});

test('To add an option: with the row, and not before, the YAML changes with the prop', () => {
  expect(difference(STEPS.filter((step) => step !== FLAG))).toBe('');
  expect(difference(STEPS)).toBe('ETCD_MAX_WALS=9');
});

test.each(Object.entries(EtcdAlert))('To add an alert: %s is wherever the recipe says', (key, name) => {
  const below = (path: string): string =>
    path.endsWith('/')
      ? readdirSync(join(ROOT, path))
          .map((file) => readFileSync(join(ROOT, path, file), 'utf8'))
          .join('\n')
      : readFileSync(join(ROOT, path), 'utf8');
  const [names = '', rules = '', page = '', cases = ''] = filesOf('To add an alert');
  expect(below(names)).toContain(`${key} = '${name}'`);
  expect(below(rules)).toContain(`name: EtcdAlert.${key},`);
  expect(below(page)).toMatch(new RegExp(`^\\| \\[${name}\\]`, 'm'));
  expect(below(page)).toMatch(new RegExp(`^## ${name}$`, 'm'));
  expect(below(cases)).toContain(`EtcdAlert.${key},`);
});
