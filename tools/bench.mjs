#!/usr/bin/env node
// npm run bench: how long the compiled example apps take, in ratios that do not depend on the machine.
//
//   node tools/bench.mjs [--rounds 11] [--helm PATH --chart PATH [--values FILE]...] [--check]
//
// The runs of a figure are interleaved and their order is reversed each round, so that load on the machine affects all
// alike. Limits apply to processor time, because a long run waits more often on a busy machine. With --check,
// the exit code is 1 when a limit is missed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const EXAMPLE = 'lib/examples/greptimedb/main.js';
const FLEET = 'lib/examples/fleet/main.js';
const FLEET_SIZES = [1, 10, 100, 1000];
const NO_TOKEN = '--set=auth.token.enabled=false'; // the chart at its fastest, without a new RSA key in each run
const LIMITS = {
  empty: 4, // the example app, of an empty Node: seen without Helm
  helm: 0.18, // the example app, of one helm template
  helmFleet: 0.15, // 100 clusters in one app, of 100 runs of helm template
  fleetEmpty: 20, // 100 clusters in one app, of an empty Node: seen without Helm
  growth: 15, // 1000 clusters, of 100
  rssMb: 1500, // 1000 clusters
};

const { values: options } = parseArgs({
  options: {
    chart: { type: 'string' },
    helm: { type: 'string' },
    rounds: { type: 'string', default: '11' },
    values: { type: 'string', multiple: true, default: [] },
    check: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  throw new Error(`--rounds: expected a whole number from 1, got ${options.rounds}`);
}
if (!options.helm !== !options.chart) {
  throw new Error('--helm and --chart are needed together');
}

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'cdk8s-etcd-bench-'));
const hook = join(scratch, 'max-rss.cjs');
writeFileSync(
  hook,
  `process.on('exit', () => require('node:fs').writeSync(3, String(process.resourceUsage().maxRSS)));\n`,
);

let missed = 0;

// "times" of a POSIX shell: its own user and system time, then those of its children, in hundredths of a second.
const SHELL = ['-c', '"$@" >/dev/null; status=$?; times; exit $status', 'bench'];

/** One complete run. Its output is discarded, so that reading it slows no run. */
function run(command, args, { outdir, rss = false } = {}) {
  if (outdir) {
    rmSync(outdir, { recursive: true, force: true });
  }
  const env = outdir ? { ...process.env, CDK8S_OUTDIR: outdir } : process.env;
  const stdio = ['ignore', 'pipe', 'pipe', rss ? 'pipe' : 'ignore'];
  const start = performance.now();
  const { status, error, stdout, stderr, output } = spawnSync('sh', [...SHELL, command, ...args], { env, stdio });
  const ms = performance.now() - start;
  if (error || status !== 0) {
    throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? `exit code ${status}\n${stderr}`}`);
  }
  if (outdir && !(existsSync(outdir) && readdirSync(outdir).length > 0)) {
    throw new Error(`${args.join(' ')}: wrote nothing to CDK8S_OUTDIR`);
  }
  const [, user, system] = /\n(\S+) (\S+)/.exec(String(stdout)) ?? [];
  return { ms, cpuMs: milliseconds(user) + milliseconds(system), rssMb: rss ? Number(output[3]) / 1024 : undefined };
}

/** 1m2.03s */
function milliseconds(text) {
  const [, minutes, seconds] = /^(\d+)m([\d.]+)s$/.exec(text ?? '') ?? [];
  if (seconds === undefined) throw new Error(`the shell's times: cannot read ${text}`);
  return (Number(minutes) * 60 + Number(seconds)) * 1000;
}

const empty = () => run(process.execPath, ['-e', '0']);
const app = (file, args = []) => run(process.execPath, [join(root, file), ...args], { outdir: join(scratch, 'out') });
const fleet = (size) =>
  run(process.execPath, ['--require', hook, join(root, FLEET), String(size)], {
    outdir: join(scratch, 'out'),
    rss: true,
  });
const helm = (...extra) =>
  run(options.helm, ['template', 'etcd', options.chart, '--namespace', 'etcd-cluster', ...valueFiles(), ...extra]);
const valueFiles = () => options.values.flatMap((file) => ['-f', file]);

/** The runs by name, `count` of each, interleaved. */
function interleave(subjects, count) {
  const results = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round < count; round++) {
    const names = Object.keys(subjects);
    for (const name of round % 2 === 0 ? names : names.reverse()) {
      results[name].push(subjects[name]());
    }
  }
  return results;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** Prints how long the runs took, and returns the processor time of one: the mean, since the shell counts in hundredths. */
function report(name, results) {
  const times = results.map(({ ms }) => ms);
  const cpu = mean(results.map(({ cpuMs }) => cpuMs));
  const [min, middle, max, used] = [Math.min(...times), median(times), Math.max(...times), cpu].map((ms) =>
    ms.toFixed(0).padStart(6),
  );
  console.log(`  ${name.padEnd(40)} CPU ${used}  min ${min}  median ${middle}  max ${max} ms  (${times.length} runs)`);
  return cpu;
}

function limit(what, value, most, unit = '') {
  const good = value <= most;
  missed += good ? 0 : 1;
  console.log(`  ${good ? 'ok    ' : 'MISSED'} ${what}: ${format(value)}${unit}, limit ${format(most)}${unit}`);
}

const format = (value) => (value < 10 ? value.toFixed(3) : value.toFixed(0));

function single() {
  console.log(`One cluster: node ${EXAMPLE}`);
  const subjects = { empty, app: () => app(EXAMPLE) };
  if (options.helm) {
    subjects.helm = () => helm();
    subjects.helmNoToken = () => helm(NO_TOKEN);
  }
  interleave(subjects, 1); // warms the file cache
  const results = interleave(subjects, rounds);
  const node = report('node -e 0', results.empty);
  const synth = report('example app, all manifests written', results.app);
  limit('app / empty node', synth / node, LIMITS.empty);
  if (options.helm) {
    const template = report(`helm template, ${options.values.length} values file(s)`, results.helm);
    const noToken = report('helm template, no token key', results.helmNoToken);
    limit('app / helm template', synth / template, LIMITS.helm);
    console.log(`  (no limit) app / helm template, no token key: ${format(synth / noToken)}`);
  }
}

function fleetAgainstHelm() {
  console.log('\n100 clusters: one app against 100 runs of helm template without token key');
  const results = interleave({ app: () => app(FLEET, ['100']), helm: () => helm(NO_TOKEN) }, Math.min(rounds, 10));
  const synth = report('fleet app, 100 clusters', results.app);
  const template = report('helm template, one cluster', results.helm);
  limit('fleet app / 100 x helm template', synth / (100 * template), LIMITS.helmFleet);
}

function growth() {
  console.log(`\nMany clusters: node ${FLEET} N`);
  const fleets = FLEET_SIZES.map((size) => [`fleet of ${size}`, () => fleet(size)]);
  const results = interleave({ empty, ...Object.fromEntries(fleets) }, Math.min(rounds, 3));
  const node = report('node -e 0', results.empty);
  const measured = FLEET_SIZES.map((size) => {
    const ms = report(`fleet of ${size}`, results[`fleet of ${size}`]);
    const rssMb = Math.max(...results[`fleet of ${size}`].map((result) => result.rssMb));
    console.log(`    CPU ${(ms / size).toFixed(2)} ms a cluster, peak RSS ${rssMb.toFixed(0)} MB`);
    return { ms, rssMb };
  });
  const [hundred, thousand] = measured.slice(-2);
  limit('fleet of 100 / empty node', hundred.ms / node, LIMITS.fleetEmpty);
  limit('time(1000) / time(100)', thousand.ms / hundred.ms, LIMITS.growth);
  limit('peak RSS of 1000', thousand.rssMb, LIMITS.rssMb, ' MB');
}

try {
  const load = loadavg()[0].toFixed(1);
  console.log(`Node ${process.version}, ${cpus().length} CPUs, load ${load}, ${rounds} rounds\n`);
  for (const file of [EXAMPLE, FLEET]) {
    if (!existsSync(join(root, file))) {
      throw new Error(`${file} is missing: run npm run build first`);
    }
  }
  single();
  if (options.helm) {
    fleetAgainstHelm();
  }
  growth();
  console.log(`\n${missed === 0 ? 'All limits kept' : `${missed} limit(s) missed`}.`);
  if (!options.helm) {
    console.log('The comparison with Helm was NOT run: give --helm PATH and --chart PATH.');
  }
  process.exitCode = options.check && missed > 0 ? 1 : 0;
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
