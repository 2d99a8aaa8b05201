import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

/** The Kubernetes versions whose published schemas are kept in test/schemas. */
export type KubernetesVersion = '1.28' | '1.36';

interface SchemaFile {
  /** Definition by `apiVersion kind`. */
  readonly kinds: { readonly [kind: string]: string };
  readonly definitions: object;
}

const DIRECTORY = join(__dirname, '..', 'schemas');
const KUBERNETES = 'kubernetes.json';
const CRDS = ['monitoring.coreos.com.json', 'cert-manager.io.json'];

const validators = new Map<KubernetesVersion, (kind: string) => ValidateFunction | undefined>();

/**
 * Violations of the schemas of Kubernetes, prometheus-operator and cert-manager in a manifest, each with its path. Empty if none.
 * Unknown fields and unknown kinds count. What no schema can say (names, references, duplicates) is not looked at.
 */
export function schemaProblems(object: unknown, version: KubernetesVersion): string[] {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    return [`expected a manifest, got ${JSON.stringify(object)}`];
  }
  const { apiVersion, kind } = object as { apiVersion?: unknown; kind?: unknown };
  const name = `${String(apiVersion)} ${String(kind)}`;
  const validate = validatorOf(version)(name);
  if (!validate) {
    return [`kind: ${name} is unknown; tools/update-schemas.mjs lists the kinds`];
  }
  validate(object);
  return (validate.errors ?? []).map(describe);
}

function validatorOf(version: KubernetesVersion): (kind: string) => ValidateFunction | undefined {
  let validator = validators.get(version);
  if (!validator) {
    validator = createValidator(version);
    validators.set(version, validator);
  }
  return validator;
}

/** Violations of the CRD of a release of GreptimeDB's operator in a GreptimeDBCluster. Only its metadata store is checked. */
export function greptimeDbProblems(object: unknown, release: '0.3.1' | '0.6.0'): string[] {
  const ajv = createAjv();
  const { kinds, definitions } = JSON.parse(
    readFileSync(join(DIRECTORY, `greptimedb-${release}.json`), 'utf8'),
  ) as SchemaFile;
  const { apiVersion, kind } = object as { apiVersion: string; kind: string };
  ajv.addSchema({ definitions }, 'greptimedb');
  const validate = ajv.getSchema(`greptimedb#/definitions/${kinds[`${apiVersion} ${kind}`] ?? ''}`);
  if (!validate) return [`kind: ${apiVersion} ${kind} is unknown`];
  validate(object);
  return (validate.errors ?? []).map(describe);
}

function createValidator(version: KubernetesVersion): (kind: string) => ValidateFunction | undefined {
  const ajv = createAjv();
  const references = new Map<string, string>();
  for (const [id, file] of [
    [KUBERNETES, `kubernetes-${version}.json`],
    ...CRDS.map((file) => [file, file] as const),
  ] as const) {
    const { kinds, definitions } = JSON.parse(readFileSync(join(DIRECTORY, file), 'utf8')) as SchemaFile;
    ajv.addSchema({ definitions }, id);
    for (const [kind, definition] of Object.entries(kinds)) {
      references.set(kind, `${id}#/definitions/${definition}`);
    }
  }
  return (kind) => {
    const reference = references.get(kind);
    return reference === undefined ? undefined : ajv.getSchema(reference);
  };
}

function createAjv(): Ajv {
  // Options for a fast first compile: our own tool wrote the files, and a validator runs only a few times.
  const ajv = new Ajv({
    strict: true,
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    inlineRefs: false,
    validateSchema: false,
    code: { optimize: false },
  });
  addFormats(ajv);
  return ajv;
}

/** The formats in the schemas. ajv fails on any other. */
function addFormats(ajv: Ajv): void {
  const integer = (limit: number) => (value: number) => Number.isInteger(value) && Math.abs(value) <= limit;
  ajv.addFormat('int32', { type: 'number', validate: integer(2 ** 31 - 1) });
  ajv.addFormat('int64', { type: 'number', validate: integer(Number.MAX_SAFE_INTEGER) });
  ajv.addFormat('double', { type: 'number', validate: Number.isFinite });
  ajv.addFormat('byte', /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
}

/** `spec.template.spec.containers[0].imagee: is not a field of the schema` */
function describe(error: ErrorObject): string {
  const path = jsonPath(error.instancePath);
  switch (error.keyword) {
    case 'additionalProperties':
      return `${append(path, String(error.params.additionalProperty))}: is not a field of the schema`;
    case 'required':
      return `${append(path, String(error.params.missingProperty))}: is required`;
    default:
      return `${path || 'the manifest'}: ${error.message ?? error.keyword}, got ${JSON.stringify(error.data)}`;
  }
}

function jsonPath(pointer: string): string {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')).reduce(append, '');
}

function append(path: string, step: string): string {
  if (/^\d+$/.test(step)) {
    return `${path}[${step}]`;
  }
  return path === '' ? step : `${path}.${step}`;
}
