import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { quickstart } from '../support/readme';
import { synthCluster, toYaml } from '../support/synth';

/** These tests run the compiled package, as users do; `npm test` builds it first. */
const ROOT = join(__dirname, '..', '..');
const APP = join(ROOT, 'lib', 'examples', 'greptimedb', 'main.js');
const NODE = process.execPath;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cdk8s-etcd-'))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function contents(directory: string): { [file: string]: string } {
  if (!existsSync(directory)) return {};
  return Object.fromEntries(
    readdirSync(directory)
      .sort()
      .map((file) => [file, readFileSync(join(directory, file), 'utf8')]),
  );
}

function asCommonJs(code: string): string {
  return ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS } }).outputText;
}

describe('dist/', () => {
  const committed = contents(join(ROOT, 'dist'));

  test.each([
    ['here', {}, ROOT],
    ['again', {}, ROOT],
    [
      'in another directory, time zone and locale',
      { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
      tmpdir(),
    ],
    ['as another user at another home', { HOME: '/nonexistent', USER: 'nobody' }, tmpdir()],
  ])('is byte for byte what the compiled example writes %s', (_name, env, cwd) => {
    execFileSync(NODE, [APP], { cwd, env: { ...process.env, ...env, CDK8S_OUTDIR: folder } });
    expect(contents(folder)).toEqual(committed);
  });

  test('holds no secret, and no carriage return', () => {
    for (const text of Object.values(committed)) {
      expect(text).not.toMatch(/^kind: Secret$/m);
      expect(text).not.toContain('\r');
    }
  });
});

test('cdk8s synth with a wrong value: exits non-zero, prints every problem, writes no file', () => {
  writeFileSync(join(folder, 'cdk8s.yaml'), 'language: typescript\napp: node app.js\noutput: dist\n');
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist', 'old.k8s.yaml'), '');
  writeFileSync(
    join(folder, 'app.js'),
    `const { App, Chart } = require(${JSON.stringify(require.resolve('cdk8s'))});
     const { EtcdCluster } = require(${JSON.stringify(join(ROOT, 'lib', 'src'))});
     const app = new App();
     new EtcdCluster(new Chart(app, 'good', { namespace: 'a' }), 'Etcd', { name: 'etcd' });
     const bad = new EtcdCluster(new Chart(app, 'bad', { namespace: 'a' }), 'Etcd', { name: 'etcd', replicas: 11, quota: 1 });
     bad.addDefrag({ schedule: 'daily' });
     app.synth();`,
  );
  const run = spawnSync(NODE, [join(ROOT, 'node_modules', '.bin', 'cdk8s'), 'synth', '--no-check-upgrade'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(run.status).not.toBe(0);
  const said = run.stdout + run.stderr;
  expect(said).toContain('[bad/Etcd] replicas: expected a whole number from 1 to 9');
  expect(said).toContain('[bad/Etcd] quota: unknown key');
  expect(said).toContain('[bad/Etcd/Defrag] schedule: ');
  expect(existsSync(join(folder, 'dist')) ? readdirSync(join(folder, 'dist')) : []).toEqual([]);
});

test('FleetApp writes what App writes, and refuses what App refuses', () => {
  const app = (kind: string, props: string): string =>
    `const cdk8s = require(${JSON.stringify(require.resolve('cdk8s'))});
     const etcd = require(${JSON.stringify(join(ROOT, 'lib', 'src'))});
     const app = new (${kind})({ outdir: process.argv[2] });
     for (let i = 0; i < 5; i++) {
       const cluster = new etcd.EtcdCluster(new cdk8s.Chart(app, 'etcd-' + i, { namespace: 'n' + i }), 'Etcd', ${props});
       cluster.addDefrag();
       cluster.addMonitoring();
     }
     app.synth();`;
  const file = join(folder, 'app.js');
  const results = ['cdk8s.App', 'etcd.FleetApp'].map((kind) =>
    ["{ name: 'etcd' }", "{ name: 'etcd', replicas: 0 }"].map((props) => {
      const outdir = join(folder, `${kind}-${props.length}`);
      writeFileSync(file, app(kind, props));
      const { status, stderr } = spawnSync(NODE, [file, outdir], { encoding: 'utf8' });
      const problems = stderr
        .split('\n')
        .filter((line) => line.startsWith('  ['))
        .sort();
      return { status, problems, files: contents(outdir) };
    }),
  );
  expect(results[1]).toEqual(results[0]);
  expect(Object.keys(results[0]?.[0]?.files ?? {})).toHaveLength(5);
  expect(results[0]?.[1]).toMatchObject({ status: 1, files: {} });
  expect(results[0]?.[1]?.problems).toHaveLength(5);
});

test('the packed tarball installs into an empty folder and synthesizes from there, as the README says', () => {
  const npm = (args: string[], cwd: string) =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const tarball =
    npm(['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], ROOT).trim().split('\n').at(-1) ?? '';
  const user = join(folder, 'user');
  mkdirSync(user);
  const { app, commands } = quickstart();
  const [kind, install = '', synth = '', apply, wait] = commands;
  expect([kind, apply, wait]).toEqual([
    'kind create cluster',
    'kubectl apply --server-side -f dist/etcd.k8s.yaml',
    'kubectl rollout status statefulset/etcd --timeout=5m',
  ]);
  writeFileSync(join(user, 'main.js'), app);
  const sh = (command: string) => execFileSync('sh', ['-ec', command], { cwd: user, encoding: 'utf8', stdio: 'pipe' });
  expect(install).toContain(' cdk8s-etcd ');
  sh(`${install.replace(' cdk8s-etcd ', ` '${join(folder, tarball)}' `)} --prefer-offline --no-audit --no-fund`);
  sh(synth);
  const laptop = { resources: { cpuRequest: '50m', memory: '256Mi' }, quotaBackend: '256Mi' };
  expect(contents(join(user, 'dist'))).toEqual({
    'etcd.k8s.yaml': toYaml(synthCluster({ namespace: 'default', ...laptop })),
  });
  const installed = join(user, 'node_modules', 'cdk8s-etcd');
  expect(readdirSync(installed).sort()).toEqual(
    ['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'docs', 'examples', 'lib', 'package.json'].sort(),
  );
  cpSync(join(ROOT, 'lib', 'examples', 'minimal', 'main.js'), join(user, 'main.js'));
  execFileSync(NODE, ['main.js'], { cwd: user });
  // The golden file only names the scripts.
  const cluster = toYaml(synthCluster({ namespace: 'default' }));
  expect(contents(join(user, 'dist'))).toEqual({ 'etcd.k8s.yaml': cluster });

  const page = readFileSync(join(ROOT, 'docs', 'getting-started.md'), 'utf8');
  const started = /^ *```ts\n([^]*?)```/m.exec(page)?.[1] ?? '';
  writeFileSync(join(user, 'started.js'), asCommonJs(started));
  execFileSync(NODE, ['started.js'], { cwd: user, stdio: 'pipe' });
  expect(contents(join(user, 'dist'))['etcd.k8s.yaml']).toContain('name: etcd-snapshotter');

  const command = join(user, 'node_modules', '.bin', 'cdk8s-etcd');
  const cli = (...args: string[]) => execFileSync(command, args, { cwd: user, encoding: 'utf8', stdio: 'pipe' });
  expect(cli('from-bitnami', '--help')).toMatch(/^Usage: cdk8s-etcd from-bitnami/);
  const values = join(ROOT, 'test', 'bitnami', 'values', 'guide-etcd-backup.yaml');
  writeFileSync(join(user, 'imported.js'), asCommonJs(cli('from-bitnami', values, '--code')));
  execFileSync(NODE, ['imported.js'], { cwd: user, stdio: 'pipe' });
  expect(contents(join(user, 'dist'))['etcd.k8s.yaml']).toContain('claimName: nfs-etcd-backup');
}, 120_000);
