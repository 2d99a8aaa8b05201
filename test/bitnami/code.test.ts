import { Testing } from 'cdk8s';
import * as cdk8s from 'cdk8s';
import * as plus from 'cdk8s-plus-28';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import * as library from '../../src';
import { appCode } from '../../src/bitnami/code';
import type { Written } from '../support/synth';
import { CASES, imported, synthImport } from './support';

/** The printed app of each values file. */
const SOURCES = CASES.map((one) => ({ one, code: appCode(imported(one)) }));
const ROOT = join(__dirname, '..', '..');

/** Runs the app without writing files. */
function run(code: string): Written[] {
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  let charts: cdk8s.Chart[] = [];
  class App extends cdk8s.App {
    public override synth(): void {
      charts = this.charts;
    }
  }
  const modules: { readonly [name: string]: unknown } = {
    cdk8s: { ...cdk8s, App },
    'cdk8s-plus-28': plus,
    'cdk8s-etcd': library,
  };
  const load = new Function('require', 'exports', outputText) as (require: unknown, exports: object) => void;
  load((name: string) => modules[name], {});
  return charts.flatMap((chart) => Testing.synth(chart) as Written[]);
}

let warned: jest.SpyInstance;
beforeAll(() => (warned = jest.spyOn(process.stderr, 'write').mockReturnValue(true)));
afterAll(() => {
  warned.mockRestore();
});

test.each(SOURCES.map((s) => [s.one.name, s] as const))(
  '%s: the printed app writes what the import writes',
  (_name, s) => {
    expect(run(s.code)).toStrictEqual(synthImport(s.one));
  },
);

test('the printed apps compile, and import what they use and nothing else', () => {
  const files = new Map(SOURCES.map(({ one, code }) => [join(ROOT, 'test', 'bitnami', `${one.name}.app.ts`), code]));
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    ROOT,
  );
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.getSourceFile = (file, ...rest) => {
    const code = files.get(file);
    return code === undefined
      ? getSourceFile(file, ...rest)
      : ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true);
  };
  const program = ts.createProgram(
    [...files.keys()],
    { ...options, noEmit: true, exactOptionalPropertyTypes: true },
    host,
  );
  const problems = [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  expect(
    problems.map((p) => `${p.file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(p.messageText, ' ')}`),
  ).toEqual([]);
}, 60_000);

test('the printed apps are formatted as Prettier formats them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bitnami-'));
  try {
    for (const { one, code } of SOURCES) writeFileSync(join(folder, `${one.name}.ts`), code);
    const bin = join(ROOT, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
    const run = spawnSync(process.execPath, [
      bin,
      '--config',
      join(ROOT, '.prettierrc.json'),
      '--list-different',
      folder,
    ]);
    expect(`${String(run.stdout)}${String(run.stderr)}`).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
