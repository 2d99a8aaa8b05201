import { parseQuantity, quantityProblem } from '../grammar/quantity';
import { parseFile } from './document';
import type { LiveComparison, LiveDifference } from './live-comparison';
import { compareIdentity } from './live-identity';
import { at, isMap, same, type Json, type JsonObject } from './json';

/**
 * Mutable fields of a StatefulSet's spec.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/
 */
const MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

const STATEFUL_SET = 'a StatefulSet, from kubectl get statefulset --output yaml';

/**
 * Finds the StatefulSet in the output of `kubectl get statefulset --output yaml`: one, or a list. Returns a message if
 * it is missing.
 */
export function findStatefulSet(text: string, name: string, fileName: string): JsonObject | string {
  const file = parseFile(text, STATEFUL_SET);
  if (!file.root) return file.problems.map((p) => `${fileName}:${p.line}: ${p.text}`).join('; ');
  const root = file.root.value as JsonObject;
  const items = Array.isArray(root.items) ? (root.items as Json[]).filter(isMap) : [root];
  const sets = items.filter((item) => item.kind === 'StatefulSet');
  const found = sets.find((item) => at(item, 'metadata', 'name') === name);
  if (found) return found;
  const others = sets.map((item) => String(at(item, 'metadata', 'name') as string));
  return others.length === 0
    ? `${fileName}: expected ${STATEFUL_SET}`
    : `${fileName}: expected a StatefulSet ${name}, but found only ${others.join(', ')}; set --release to the name in helm list`;
}

export function compareLive(live: JsonObject, imported: JsonObject): LiveComparison {
  return { refused: differences(fixed(live), fixed(imported)), ...compareIdentity(live, imported) };
}

function differences(live: JsonObject, imported: JsonObject): LiveDifference[] {
  return [...new Set([...Object.keys(live), ...Object.keys(imported)])]
    .filter((field) => !same(live[field] ?? null, imported[field] ?? null))
    .map((field) => ({ field, live: written(live[field]), imported: written(imported[field]) }));
}

/** All immutable fields, as the API server stores them. */
function fixed(set: JsonObject): JsonObject {
  const spec = at(set, 'spec');
  const entries = Object.entries(isMap(spec) ? spec : {}).filter(([key]) => !MUTABLE.includes(key));
  const { volumeClaimTemplates, podManagementPolicy, ...rest } = Object.fromEntries(entries);
  const claims = Array.isArray(volumeClaimTemplates) ? (volumeClaimTemplates as Json[]).filter(isMap) : [];
  return {
    'metadata.name': at(set, 'metadata', 'name'),
    'metadata.namespace': at(set, 'metadata', 'namespace'),
    ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [`spec.${key}`, value])),
    'spec.podManagementPolicy': podManagementPolicy ?? 'OrderedReady',
    ...Object.fromEntries(claims.map((claim, i) => [`spec.volumeClaimTemplates[${i}]`, claimOf(claim)])),
  };
}

/** Without what the API server adds, and with sizes as numbers. */
function claimOf(claim: JsonObject): Json {
  const metadata = at(claim, 'metadata');
  const spec = at(claim, 'spec');
  const { creationTimestamp: _created, ...named } = isMap(metadata) ? metadata : {};
  const requests = at(spec, 'resources', 'requests');
  const size = at(requests, 'storage');
  return {
    metadata: filled(named),
    spec: filled({
      volumeMode: 'Filesystem',
      ...(isMap(spec) ? spec : {}),
      resources: { ...(isMap(requests) ? requests : {}), storage: amount(size) },
    }),
  };
}

function filled(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(
      ([, v]) => v !== null && v !== undefined && !(isMap(v) && Object.keys(v).length === 0),
    ),
  );
}

function amount(size: Json): Json {
  const text = String(size as string);
  return quantityProblem(text) === undefined ? `${parseQuantity(text) / 1000n} bytes` : size;
}

function written(value: Json | undefined): string {
  return value === undefined || value === null
    ? '(nothing)'
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}
