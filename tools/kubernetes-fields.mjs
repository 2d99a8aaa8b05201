#!/usr/bin/env node
// npm run update:fields: imports/kubernetes-fields.ts, the fields of Kubernetes' types that props take, from the schemas
// that Kubernetes publishes (test/schemas). With --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SCHEMAS = fileURLToPath(new URL('../test/schemas/kubernetes-1.28.json', import.meta.url));
const OUTPUT = fileURLToPath(new URL('../imports/kubernetes-fields.ts', import.meta.url));

/** The types of props. */
const ROOTS = [
  'Affinity',
  'ConfigMapKeySelector',
  'Container',
  'EnvFromSource',
  'EnvVar',
  'HostAlias',
  'LabelSelector',
  'NetworkPolicyEgressRule',
  'NetworkPolicyIngressRule',
  'PersistentVolumeClaim',
  'SELinuxOptions',
  'SecretKeySelector',
  'ServicePort',
  'Sysctl',
  'Toleration',
  'TopologySpreadConstraint',
  'Volume',
  'VolumeMount',
];

/** Written by the API server alone. */
const NOT_GIVEN = ['PersistentVolumeClaimStatus', 'ManagedFieldsEntry'];

const { definitions } = JSON.parse(readFileSync(SCHEMAS, 'utf8'));
const byName = new Map();
for (const [full, definition] of Object.entries(definitions)) {
  const name = full.split('.').at(-1);
  if (byName.has(name)) throw new Error(`two types are named ${name}`);
  byName.set(name, definition);
}

// test/schemas has the claim templates of StatefulSets under this name, which are whole claims.
byName.set('PersistentVolumeClaimTemplate', {
  properties: {
    metadata: { $ref: 'ObjectMeta' },
    spec: { $ref: 'PersistentVolumeClaimSpec' },
  },
  required: ['spec'],
});

const found = new Map();

/** `string`, `Probe`, `Probe[]` or `{Quantity}`. */
function typeOf({ type, format, items, additionalProperties, $ref }) {
  if ($ref) return named($ref.split('.').at(-1));
  if (type === 'array') return `${typeOf(items)}[]`;
  if (type === 'object' && typeof additionalProperties === 'object') return `{${typeOf(additionalProperties)}}`;
  if (['string', 'boolean'].includes(type)) return type;
  if (type === 'integer') return format;
  throw new Error(`no type for ${JSON.stringify({ type, format })}`);
}

function named(name) {
  if (['Quantity', 'IntOrString', 'FieldsV1', 'Time'].includes(name)) return name === 'Time' ? 'string' : name;
  if (!NOT_GIVEN.includes(name)) visit(name);
  return name;
}

function visit(name) {
  if (found.has(name)) return;
  found.set(name, '');
  const { properties = {}, required = [] } = byName.get(name);
  const fields = Object.entries(properties).map(
    ([field, schema]) => `${field}${required.includes(field) ? '!' : ''}:${typeOf(schema)}`,
  );
  found.set(name, fields.join(' '));
}

ROOTS.forEach(visit);
const lines = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, fields]) => `  ${name}: '${fields}',`);
const page = `// Made by tools/kubernetes-fields.mjs from the schemas of Kubernetes 1.28. Do not edit.

/** The fields of Kubernetes' types, with the types of the fields. \`!\` marks those that are required. */
export const FIELDS: { readonly [type: string]: string } = {
${lines.join('\n')}
};
`;
if (!process.argv.includes('--check')) writeFileSync(OUTPUT, page);
else if (page !== readFileSync(OUTPUT, 'utf8')) {
  console.error('imports/kubernetes-fields.ts is not current: run npm run update:fields');
  process.exitCode = 1;
}
