// Checks dist/ and the golden files with other projects' programs: kubeconform (the schemas of test/schemas, strictly)
// and kube-linter (its default checks). Both must be on the PATH, or only those that are named:
//
//   node tools/lint/manifests.mjs [kubeconform] [kube-linter]
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { output, report } from './report.mjs';

const VERSIONS = ['1.28', '1.36'];
const TOOLS = { kubeconform: kubeconformFindings, 'kube-linter': kubeLinterFindings };

const folder = mkdtempSync(join(tmpdir(), 'cdk8s-etcd-manifests-'));

function yamlFiles(directory) {
  const names = readdirSync(directory).filter((name) => name.endsWith('.yaml'));
  if (names.length === 0) throw new Error(`${directory} has no YAML`);
  return names.sort().map((name) => join(directory, name));
}

function schemas(file) {
  return JSON.parse(readFileSync(join('test', 'schemas', file), 'utf8').replaceAll('kubernetes.json#/', '#/'));
}

/** A folder with one schema for each kind, named as kubeconform expects: `statefulset-apps-v1.json`. */
function schemaFolder(version) {
  const kubernetes = schemas(`kubernetes-${version}.json`);
  const files = [kubernetes, schemas('monitoring.coreos.com.json'), schemas('cert-manager.io.json')];
  const directory = join(folder, version);
  const definitions = Object.assign({}, ...files.map((file) => file.definitions));
  mkdirSync(directory);
  for (const [kind, definition] of files.flatMap(({ kinds }) => Object.entries(kinds))) {
    const [apiVersion, name] = kind.split(' ');
    const parts = apiVersion.split('/').map((part) => part.split('.')[0]);
    const file = `${[name.toLowerCase(), ...parts].join('-')}.json`;
    writeFileSync(join(directory, file), JSON.stringify({ $ref: `#/definitions/${definition}`, definitions }));
  }
  return directory;
}

function kubeconform(directory, files) {
  const location = join(directory, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
  const args = ['-strict', '-output', 'json', '-summary', '-schema-location', location, ...files];
  return JSON.parse(output('kubeconform', args, [0, 1]));
}

function kubeconformFindings() {
  const files = [...yamlFiles('dist'), ...yamlFiles(join('test', 'golden'))];
  return VERSIONS.flatMap((version) => {
    const directory = schemaFolder(version);
    checkKubeconform(directory);
    const { resources, summary } = kubeconform(directory, files);
    if (summary.valid === 0) throw new Error('kubeconform looked at no object');
    console.log(`kubeconform, Kubernetes ${version}: ${summary.valid} valid objects in ${files.length} files`);
    return resources.map(
      ({ filename, kind, name, status, msg }) =>
        `kubeconform ${status.replace('status', '')}: ${filename} ${kind} ${name} (Kubernetes ${version}): ${msg}`,
    );
  });
}

/** The check itself must be able to fail: a StatefulSet with a misspelt field is refused. */
function checkKubeconform(directory) {
  const file = join(folder, 'wrong.yaml');
  const right = readFileSync(join('dist', 'etcd.k8s.yaml'), 'utf8');
  writeFileSync(file, right.replace('terminationGracePeriodSeconds', 'terminationGracePeriodSecond'));
  const { summary } = kubeconform(directory, [file]);
  if (summary.invalid !== 1) throw new Error('kubeconform takes a misspelt field');
}

function kubeLinterFindings() {
  const args = ['lint', '--format', 'json', ...yamlFiles('dist'), join('test', 'golden', 'minimal.yaml')];
  const { Reports, Checks } = JSON.parse(output('kube-linter', args, [0, 1]));
  if (Checks.length === 0) throw new Error('kube-linter has no checks');
  return (Reports ?? []).map(({ Check, Diagnostic, Object: { Metadata, K8sObject } }) => {
    const { Name, GroupVersionKind } = K8sObject;
    const file = relative(process.cwd(), Metadata.FilePath);
    return `kube-linter ${Check}: ${file} ${GroupVersionKind.Kind} ${Name}: ${Diagnostic.Message}`;
  });
}

const named = process.argv.slice(2);
const tools = named.length > 0 ? named : Object.keys(TOOLS);
try {
  const findings = tools.flatMap((tool) => {
    if (!TOOLS[tool]) throw new Error(`${tool} is not one of ${Object.keys(TOOLS).join(', ')}`);
    return TOOLS[tool]();
  });
  report(tools, findings);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
