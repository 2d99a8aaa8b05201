// What .ci/run does, step by step: the commands for a fresh machine, lint, dist/ against a fresh synth, and, where there
// is a test cluster, the scripts, the smoke tier and the server-side dry run.
import { readFileSync } from 'node:fs';
import { stoppingAll, TestCluster } from './cluster.mjs';
import { Results } from './results.mjs';
import { Steps } from './steps.mjs';

process.env.CDK8S_CHECK_UPGRADE = 'false';
const steps = new Steps();
const results = new Results();
const { cluster, missing } = TestCluster.find();

/** CONTRIBUTING's commands for a fresh machine. */
function freshMachineCommands() {
  const [, commands] = /<!-- fresh machine -->\n```sh\n([^]*?)```\n<!-- end -->/.exec(
    readFileSync('CONTRIBUTING.md', 'utf8'),
  );
  return commands.trim().split('\n');
}

async function withoutCluster() {
  const [synth, test] = freshMachineCommands();
  await steps.run('synth', synth);
  await steps.run('dist/ is what a fresh synth writes', 'git diff --exit-code -- dist');
  await steps.run('test', test);
  await steps.run('lint', 'npm run lint');
}

async function onCluster() {
  const env = { ...cluster.environment, ...results.environment };
  await steps.run('scripts against real etcd', `npm run test:scripts -- ${results.options('scripts')}`, { env });
  const { ok } = await steps.ended('the test cluster starts', cluster.up());
  if (!ok) return;
  await steps.run('the API server takes every object', 'npm run test:cluster', { env });
  await steps.run('kubeconform takes every object', 'npm run lint:manifests -- kubeconform', { env });
  await steps.run('smoke', `npm run test:smoke -- ${results.options('smoke')}`, { env });
}

await stoppingAll(cluster, async () => {
  const building = cluster?.build(); // in parallel with what needs only Node
  await withoutCluster();
  if (cluster) {
    const { ok } = await steps.ended('programs and images of the test cluster', building);
    if (ok) await onCluster();
  } else {
    steps.remark(`not run: scripts, smoke and the server-side dry run, since ${missing} (see tools/tiers/cluster.mjs)`);
  }
});
results.print();
process.exitCode = steps.summarize() ? 0 : 1;
