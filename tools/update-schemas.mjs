#!/usr/bin/env node
// Makes the strict JSON schemas of test/schemas/ from those that Kubernetes and prometheus-operator publish.
//
//   node tools/update-schemas.mjs 1.28 swagger.json              -> test/schemas/kubernetes-1.28.json
//   node tools/update-schemas.mjs crds imports/crds/GROUP.yaml   -> test/schemas/GROUP.json
//   node tools/update-schemas.mjs greptimedb 0.6.0 crd.yaml      -> test/schemas/greptimedb-0.6.0.json
//
// Strict means: an object with named fields accepts no others. An unknown keyword stops this tool, so that
// no rule of the source is lost unnoticed.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

const OUTPUT = join(dirname(fileURLToPath(import.meta.url)), '..', 'test', 'schemas');
const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** apiVersion and kind of every Kubernetes object that a manifest of this library may hold. */
const KINDS = [
  'apps/v1 StatefulSet',
  'batch/v1 CronJob',
  'batch/v1 Job',
  'networking.k8s.io/v1 NetworkPolicy',
  'policy/v1 PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1 Role',
  'rbac.authorization.k8s.io/v1 RoleBinding',
  'v1 ConfigMap',
  'v1 Namespace',
  'v1 PersistentVolumeClaim',
  'v1 Pod',
  'v1 Secret',
  'v1 Service',
  'v1 ServiceAccount',
];

/** What every manifest must have, although the published schemas do not require it. */
const MANIFEST_FIELDS = ['apiVersion', 'kind', 'metadata'];

/** Types of Kubernetes whose published schema differs from what the API server accepts. */
const SPECIAL = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': {
    type: ['string', 'number'],
    pattern: '^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$',
  },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: ['string', 'integer'] },
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': { type: 'object' },
};

const COPIED = [
  'type',
  'format',
  'enum',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
];
const HANDLED = ['properties', 'required', 'items', 'additionalProperties', '$ref', 'anyOf'];
const DROPPED = ['description', 'default', 'title'];

const byCodeUnit = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => byCodeUnit(a, b)));

/** The strict form of one published schema; `child` makes the schema of a part from the part and its step in the path. */
function strict(source, where, child) {
  for (const key of Object.keys(source)) {
    if (!key.startsWith('x-') && ![COPIED, HANDLED, DROPPED].some((keys) => keys.includes(key))) {
      throw new Error(`${where}: the keyword ${key} is not handled`);
    }
  }
  if (source.$ref) {
    return { $ref: source.$ref };
  }
  const schema = Object.fromEntries(COPIED.filter((key) => key in source).map((key) => [key, source[key]]));
  if (schema.pattern) {
    schema.pattern = javascript(schema.pattern, where);
    new RegExp(schema.pattern, 'u'); // throws here rather than in every test
  }
  if (source['x-kubernetes-int-or-string']) {
    schema.type = ['string', 'integer'];
  } else if (source.anyOf) {
    throw new Error(`${where}: anyOf is handled only next to x-kubernetes-int-or-string`);
  }
  if (source.items) {
    schema.items = child(source.items, '-item');
  }
  if (source.properties) {
    schema.properties = sorted(
      Object.fromEntries(Object.entries(source.properties).map(([name, part]) => [name, child(part, `.${name}`)])),
    );
    if (!source['x-kubernetes-preserve-unknown-fields']) {
      schema.additionalProperties = false;
    }
  }
  if (source.required) {
    schema.required = [...source.required].sort(byCodeUnit);
  }
  if (typeof source.additionalProperties === 'object') {
    if (source.properties) {
      throw new Error(`${where}: has both properties and additionalProperties`);
    }
    schema.additionalProperties = child(source.additionalProperties, '-value');
  }
  return schema;
}

/** A Go pattern for JavaScript, which has no `(?i)`: each letter becomes a pair. */
function javascript(pattern, where) {
  const folded = pattern.replace('(?i)', '');
  if (folded === pattern) {
    return pattern;
  }
  if (/[[\\]/.test(folded)) {
    throw new Error(`${where}: the pattern ${pattern} has (?i) next to a class or an escape, which is not handled`);
  }
  return folded.replace(/[a-zA-Z]/g, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}

/** The schema of a manifest: it names its apiVersion, its kind and its metadata. */
function manifest(schema) {
  return { ...schema, required: [...new Set([...MANIFEST_FIELDS, ...(schema.required ?? [])])].sort(byCodeUnit) };
}

function kubernetes(version, file) {
  const published = JSON.parse(readFileSync(file, 'utf8')).definitions;
  const nameOf = new Map();
  for (const [name, { 'x-kubernetes-group-version-kind': list = [] }] of Object.entries(published)) {
    if (list.length === 1) {
      const [{ group, version: v, kind }] = list;
      nameOf.set(`${group ? `${group}/` : ''}${v} ${kind}`, name);
    }
  }
  const kinds = {};
  const definitions = {};
  const reach = (name) => {
    if (name in definitions) {
      return;
    }
    if (!published[name]) {
      throw new Error(`${file}: has no definition ${name}`);
    }
    definitions[name] = SPECIAL[name] ?? {}; // the entry ends the recursion of a definition that contains itself
    if (SPECIAL[name]) {
      return;
    }
    const child = (part, step) => {
      if (part.$ref) {
        reach(part.$ref.replace('#/definitions/', ''));
      }
      return strict(part, name + step, child);
    };
    definitions[name] = strict(published[name], name, child);
  };
  for (const kind of KINDS) {
    const name = nameOf.get(kind);
    if (!name) {
      throw new Error(`${file}: has no kind ${kind}`);
    }
    kinds[kind] = name;
    reach(name);
  }
  for (const name of Object.values(kinds)) {
    definitions[name] = manifest(definitions[name]);
  }
  // A claim template of a StatefulSet is a PersistentVolumeClaim that needs to name neither apiVersion nor kind.
  const claim = kinds['v1 PersistentVolumeClaim'];
  const { required, ...template } = definitions[claim];
  definitions[`${claim}Template`] = { ...template, required: required.filter((field) => field === 'metadata') };
  definitions['io.k8s.api.apps.v1.StatefulSetSpec'].properties.volumeClaimTemplates.items.$ref += 'Template';
  write(`kubernetes-${version}.json`, kinds, definitions);
}

function crds(file) {
  const kinds = {};
  const definitions = {};
  const groups = new Set();
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
    const crd = document.toJS();
    if (crd?.kind !== 'CustomResourceDefinition') {
      continue;
    }
    const { group, names, versions } = crd.spec;
    groups.add(group);
    for (const { name: version, schema } of versions) {
      const root = versions.length > 1 ? `${version}.${names.kind}` : names.kind;
      // Every object with fields becomes a definition of its own, named by its path: one line each in the file.
      const define = (part, path) => {
        const made = strict(part, path, (inner, step) => define(inner, path + step));
        if (!made.properties || path === root) {
          return made;
        }
        definitions[path] = made;
        return { $ref: `#/definitions/${path}` };
      };
      const made = manifest(define(schema.openAPIV3Schema, root));
      made.properties.metadata = { $ref: `kubernetes.json#/definitions/${OBJECT_META}` };
      definitions[root] = made;
      kinds[`${group}/${version} ${names.kind}`] = root;
    }
  }
  if (groups.size !== 1) {
    throw new Error(`${file}: expected CustomResourceDefinitions of one group, got ${groups.size} groups`);
  }
  write(`${[...groups][0]}.json`, kinds, definitions);
}

/** The part of GreptimeDBCluster's schema, which has more than a megabyte, that is kept whole: its metadata store. */
const GREPTIMEDB_KEPT = ['', '.spec', '.spec.meta', '.spec.meta.backendStorage', '.spec.meta.etcdEndpoints'];

/** The rest keeps names and types only. */
function greptimedb(release, file) {
  const crd = parseAllDocuments(readFileSync(file, 'utf8'))[0].toJS();
  const { group, names, versions } = crd.spec;
  const kept = (path) => GREPTIMEDB_KEPT.some((p) => p === path || (p.split('.').length > 3 && path.startsWith(p)));
  const define = (part, path) =>
    kept(path) ? strict(part, path, (inner, step) => define(inner, path + step)) : { type: part.type };
  const definitions = { [names.kind]: manifest(define(versions[0].schema.openAPIV3Schema, '')) };
  write(`greptimedb-${release}.json`, { [`${group}/${versions[0].name} ${names.kind}`]: names.kind }, definitions);
}

/** Compact JSON with one definition in each line, so that a diff shows which one changed. */
function write(name, kinds, definitions) {
  const lines = (object) =>
    Object.entries(sorted(object)).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  const block = (object) => `{\n${lines(object).join(',\n')}\n}`;
  const text = `{"kinds":${block(kinds)},\n"definitions":${block(definitions)}}\n`;
  JSON.parse(text);
  const file = join(OUTPUT, name);
  writeFileSync(file, text);
  const { length } = Object.keys(definitions);
  console.log(
    `${relative(process.cwd(), file)}: ${Object.keys(kinds).length} kinds, ${length} definitions, ${text.length} bytes`,
  );
}

const [what, file, third] = process.argv.slice(2);
if (what === 'crds' && file) {
  crds(file);
} else if (what === 'greptimedb' && third) {
  greptimedb(file, third);
} else if (/^\d+\.\d+$/.test(what ?? '') && file) {
  kubernetes(what, file);
} else {
  console.error(
    'usage: node tools/update-schemas.mjs VERSION swagger.json | crds imports/crds/GROUP.yaml | greptimedb RELEASE crd.yaml',
  );
  process.exitCode = 2;
}
