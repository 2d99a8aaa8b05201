// What Bitnami's chart renders for test/bitnami/values/*.yaml, as data: `node tools/render-bitnami.mjs --chart PATH [--helm PATH]`
// writes test/bitnami/rendered/*.json, one object a line. Scripts, commands and secrets of the chart are left out.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseAllDocuments } from 'yaml';

const FOLDER = fileURLToPath(new URL('../test/bitnami/', import.meta.url));
const { values: options } = parseArgs({
  options: { chart: { type: 'string' }, helm: { type: 'string', default: 'helm' }, output: { type: 'string' } },
});
if (!options.chart) {
  console.error(
    'usage: node tools/render-bitnami.mjs --chart PATH-OF-THE-CHART-ETCD-11.3.4 [--helm PATH] [--output DIR]',
  );
  process.exit(2);
}
const output = options.output ?? join(FOLDER, 'rendered');
mkdirSync(output, { recursive: true });

const SECRET_KINDS = ['Secret', 'ConfigMap', 'Job'];
/** Containers whose command and environment are the chart's own programs. */
const OWN_CONTAINERS = ['etcd', 'etcd-snapshotter', 'etcd-defrag', 'volume-permissions'];
const OWN_VOLUMES = ['empty-dir', 'configuration'];
const HELM_LABELS = ['helm.sh/chart', 'app.kubernetes.io/managed-by', 'app.kubernetes.io/version'];
const BITNAMI_ENV = /^(BITNAMI_DEBUG|MY_.*|ALLOW_NONE_AUTHENTICATION|ETCDCTL_API|ETCD_ON_K8S|ETCD_CLUSTER_DOMAIN)$/;

for (const file of readdirSync(join(FOLDER, 'values')).sort()) {
  const path = join(FOLDER, 'values', file);
  const [, release, namespace] = /^# release (\S+) in (\S+)/.exec(readFileSync(path, 'utf8'));
  // Without users, nothing reads the key of tokens.
  const token = file.startsWith('users') ? '' : 'auth.token.enabled=false,';
  const quiet = ['--set', `${token}global.security.allowInsecureImages=true`];
  const text = execFileSync(
    options.helm,
    [
      'template',
      release,
      options.chart,
      '--namespace',
      namespace,
      '--values',
      path,
      '--kube-version',
      '1.34.0',
      ...quiet,
    ],
    { encoding: 'utf8' },
  );
  const objects = parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter((object) => object && !SECRET_KINDS.includes(object.kind))
    .map(pruned)
    .sort((a, b) => (a.kind + a.metadata.name < b.kind + b.metadata.name ? -1 : 1));
  const lines = objects.map((object) => JSON.stringify(object));
  writeFileSync(join(output, file.replace('.yaml', '.json')), `[\n${lines.join(',\n')}\n]\n`);
}

function pruned(object) {
  unlabelled(object.metadata);
  const template = object.kind === 'CronJob' ? object.spec.jobTemplate.spec.template : object.spec?.template;
  if (template) {
    unlabelled(template.metadata);
    template.metadata.annotations = without(template.metadata.annotations, (key) => key.startsWith('checksum/'));
    const { spec } = template;
    for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
      if (!OWN_CONTAINERS.includes(container.name)) continue;
      delete container.command;
      delete container.args;
      container.env = container.env?.filter(({ name }) => !BITNAMI_ENV.test(name));
      container.volumeMounts = container.volumeMounts?.filter(({ name }) => !OWN_VOLUMES.includes(name));
    }
    spec.initContainers = spec.initContainers?.filter(({ name }) => name !== 'volume-permissions');
    spec.volumes = spec.volumes?.filter(({ name }) => !OWN_VOLUMES.includes(name));
  }
  return object;
}

function unlabelled(metadata) {
  if (metadata) metadata.labels = without(metadata.labels, (key) => HELM_LABELS.includes(key));
}

function without(map, isOurs) {
  return map && Object.fromEntries(Object.entries(map).filter(([key]) => !isOurs(key)));
}
