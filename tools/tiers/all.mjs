// npm run test:all: every tier, with the cluster that it needs, and a table of all cases at the end. No retries.
import { spawnSync } from 'node:child_process';
import { stoppingAll, TestCluster } from './cluster.mjs';
import { Results } from './results.mjs';
import { Steps } from './steps.mjs';

process.env.CDK8S_CHECK_UPGRADE = 'false';
const steps = new Steps();
const results = new Results();

async function withoutCluster() {
  await steps.run('synth', 'npm run synth');
  await steps.run('dist/ is what a fresh synth writes', 'git diff --exit-code -- dist');
  await steps.run('test', `npm test -- ${results.options('node')}`);
  await steps.run('lint', 'npm run lint');
  await steps.run('20,000 generated apps', 'npm run test:values');
}

async function onCluster(cluster) {
  const env = { ...cluster.wholeEnvironment, ...results.environment };
  const run = (name, command) => steps.run(name, command, { env });
  await run('scripts against real etcd', `npm run test:scripts -- ${results.options('scripts')}`);
  const { ok } = await steps.ended('the test cluster starts', cluster.up());
  if (!ok) return;
  await steps.ended('what Prometheus, Argo CD and Flux take', cluster.extras());
  await run('the API server takes every object', 'npm run test:cluster');
  await run('kubeconform takes every object', 'npm run lint:manifests -- kubeconform');
  await run('the API server’s own validation, offline', 'validator dist/*.yaml');
  await run('cron grammar agrees with the API server', 'node tools/check-cron-against-kubernetes.mjs');
  await run(
    'rules and queries against promtool',
    `npx jest --ci ${results.options('promtool')} test/alerts test/dashboard`,
  );
  await run('e2e', `npm run test:e2e -- ${results.options('e2e')}`);
}

/** What must be installed before. */
const PROGRAMS = ['git', 'redis-server', 'shellcheck'];

const { cluster, missing } = TestCluster.find();
if (!cluster) throw new Error(`test:all takes a test cluster: ${missing} (see tools/tiers/cluster.mjs)`);
const absent = PROGRAMS.filter((program) => spawnSync(program, ['--version']).error);
if (absent.length > 0) throw new Error(`test:all takes programs that are not on the PATH: ${absent.join(', ')}`);
await stoppingAll(cluster, async () => {
  const building = cluster.build(); // in parallel with what needs only Node
  await withoutCluster();
  const { ok } = await steps.ended('programs and images of the test cluster', building);
  if (ok) await onCluster(cluster);
});
results.print();
process.exitCode = steps.summarize() ? 0 : 1;
