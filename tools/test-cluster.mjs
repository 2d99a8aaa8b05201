#!/usr/bin/env node
// npm run test:cluster: a real API server checks the manifests, with a strict server-side dry run. Nothing
// is stored. Needs kubectl and a KUBECONFIG.
//
//   node tools/test-cluster.mjs [FILE.yaml]...
//
// Without files: dist/*.yaml and the output of every other compiled example. Missing namespaces are created
// and removed at the end; missing CustomResourceDefinitions of imports/crds are created and stay.
// A duplicate key in a YAML map is not found, because kubectl keeps the last one before it asks the server.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const DIST_EXAMPLE = 'greptimedb'; // cdk8s.yaml: its output is dist/
const EXAMPLE_ARGUMENTS = { fleet: ['3'] };
const DRY_RUN = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '--field-manager=cdk8s-etcd-test'];
const COMPLAINT = /^Warning:|unknown field|duplicate field/i;
const WRONG_FIELD = 'terminationGracePeriodSecond';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'cdk8s-etcd-cluster-'));
const madeNamespaces = new Set();
let interrupted = false;

class Failure extends Error {}

function kubectl(args, input) {
  const { status, error, stdout, stderr } = spawnSync('kubectl', args, {
    encoding: 'utf8',
    input: input ?? '',
    maxBuffer: 2 ** 28,
  });
  if (error) {
    throw new Failure(`kubectl does not run: ${error.message}`);
  }
  return { ok: status === 0, stdout, stderr, lines: stdout.split('\n').filter((line) => line !== '') };
}

function must(args, input) {
  const result = kubectl(args, input);
  if (!result.ok) {
    throw new Failure(`kubectl ${args.join(' ')}: ${result.stderr.trim()}`);
  }
  return result;
}

function yamlFiles(directory) {
  if (!existsSync(directory)) {
    return [];
  }
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Every file to test as [name to print, path]. */
function manifests() {
  const files = yamlFiles(join(root, 'dist')).map((file) => [relative(root, file), file]);
  const examples = join(root, 'lib', 'examples');
  const names = existsSync(examples) ? readdirSync(examples).sort() : [];
  for (const name of names) {
    const main = join(examples, name, 'main.js');
    if (!existsSync(main) || (name === DIST_EXAMPLE && files.length > 0)) {
      continue;
    }
    const outdir = join(scratch, name);
    const env = { ...process.env, CDK8S_OUTDIR: outdir };
    const args = [main, ...(EXAMPLE_ARGUMENTS[name] ?? [])];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
    const written = yamlFiles(outdir);
    if (status !== 0 || written.length === 0) {
      throw new Failure(`example ${name}: ${status === 0 ? 'wrote no YAML to CDK8S_OUTDIR' : stderr}`);
    }
    files.push(...written.map((file) => [`examples/${name}: ${relative(outdir, file)}`, file]));
  }
  return files;
}

function installCrds() {
  for (const file of yamlFiles(join(root, 'imports', 'crds'))) {
    const names = must(['create', '--dry-run=client', '--validate=false', '-o', 'name', '-f', file]).lines;
    if (kubectl(['get', ...names]).ok) {
      continue;
    }
    kubectl(['create', '-f', file]); // not apply: an existing definition, perhaps a newer one, is left alone
    const wait = ['wait', '--for=condition=Established', '--timeout=60s', ...names];
    if (!kubectl(wait).ok) must(wait); // it fails while a definition has no status yet
    console.log(`created the missing of ${names.join(', ')}`);
  }
}

/** The objects of a file as [kind, name, namespace], read by kubectl. */
function objectsOf(file) {
  const format = 'jsonpath={.kind}{" "}{.metadata.name}{" "}{.metadata.namespace}{"\\n"}';
  const result = must(['create', '--dry-run=client', '--validate=false', '-o', format, '-f', file]);
  return result.lines.map((line) => line.split(' '));
}

function createNamespaces(objects) {
  const named = objects.map(([kind, name, namespace]) => (kind === 'Namespace' ? name : namespace));
  for (const namespace of new Set(named.filter(Boolean))) {
    if (!madeNamespaces.has(namespace) && !kubectl(['get', 'namespace', namespace]).ok) {
      must(['create', 'namespace', namespace]);
      madeNamespaces.add(namespace);
    }
  }
}

/** The API server's objections to a file. Empty if there are none. */
function problemsOf(file, objects) {
  const { ok, stderr, lines } = kubectl([...DRY_RUN, '-f', file]);
  const messages = stderr.split('\n').filter((line) => line.trim() !== '');
  if (!ok) {
    return messages.length > 0 ? messages : ['kubectl failed without a message'];
  }
  if (lines.length !== objects.length) {
    return [`has ${objects.length} objects, of which the API server took ${lines.length}`];
  }
  return messages.filter((line) => COMPLAINT.test(line));
}

/** The check itself must be able to fail: a manifest with a misspelt field is refused for that field. */
function checkTheCheck() {
  const pod = (field) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'cdk8s-etcd-test', namespace: 'default' },
      spec: { [field]: 30, containers: [{ name: 'etcd', image: 'example.org/etcd' }] },
    });
  const right = kubectl([...DRY_RUN, '-f', '-'], pod(`${WRONG_FIELD}s`));
  const wrong = kubectl([...DRY_RUN, '-f', '-'], pod(WRONG_FIELD));
  if (!right.ok) {
    throw new Failure(`self-check: a right manifest is refused: ${right.stderr.trim()}`);
  }
  if (wrong.ok || !wrong.stderr.includes(WRONG_FIELD)) {
    throw new Failure(`self-check: the misspelt field ${WRONG_FIELD} is not refused: ${wrong.stderr.trim()}`);
  }
  console.log('self-check: a misspelt field is refused');
}

/** Removes only what this run created. */
function cleanUp() {
  rmSync(scratch, { recursive: true, force: true });
  for (const namespace of madeNamespaces) {
    const { ok, stderr } = kubectl(['delete', 'namespace', namespace, '--timeout=120s']);
    if (!ok) {
      console.error(`namespace ${namespace} is left behind: ${stderr.trim()}`);
    }
  }
}

async function main() {
  const server = kubectl(['get', '--raw', '/readyz', '--request-timeout=10s']);
  if (!server.ok) {
    throw new Failure(`no cluster answers, nothing was tested: ${server.stderr.trim().split('\n').pop()}`);
  }
  const given = process.argv.slice(2);
  const files = given.length > 0 ? given.map((file) => [file, file]) : manifests();
  if (files.length === 0) {
    throw new Failure('there is no YAML to test: run npm run build and npm run synth first');
  }
  installCrds();
  checkTheCheck();
  let failed = 0;
  for (const [name, file] of files) {
    await setImmediate(); // lets signals be handled
    if (interrupted) {
      throw new Failure('interrupted');
    }
    let count = 0;
    let problems;
    try {
      const objects = objectsOf(file);
      count = objects.length;
      createNamespaces(objects);
      problems = count > 0 ? problemsOf(file, objects) : ['has no objects'];
    } catch (error) {
      problems = [error.message];
    }
    failed += problems.length > 0 ? 1 : 0;
    console.log(`${problems.length > 0 ? 'FAIL' : 'ok  '} ${name} (${count} objects)`);
    for (const problem of problems) {
      console.log(`       ${problem}`);
    }
  }
  return { passed: files.length - failed, failed };
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true;
  });
}
let outcome;
try {
  outcome = await main();
} catch (error) {
  if (!(error instanceof Failure)) {
    throw error;
  }
  console.error(`test:cluster: ${error.message}`);
} finally {
  cleanUp();
}
if (outcome) {
  console.log(`${outcome.passed} passed, ${outcome.failed} failed`);
}
process.exitCode = outcome?.failed === 0 ? 0 : 1;
