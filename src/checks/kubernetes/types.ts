import { quantityTextProblem } from '../../grammar/quantity';
import { fieldsOf } from '../../kubernetes';
import { isPlainObject, type Problems } from '../problems';

/** Types that cdk8s-plus-28 spells in another way than Kubernetes. */
const NAMES: { readonly [type: string]: string } = {
  KubePersistentVolumeClaimProps: 'PersistentVolumeClaim',
  SeLinuxOptions: 'SELinuxOptions',
};

/** Written by the library, or by the API server. */
const NOT_GIVEN = ['apiVersion', 'kind'];

/** The types of all fields of a Kubernetes type, and that those are there which it requires. */
export function checkTypes(type: string, value: unknown, path: string, problems: Problems): void {
  checkType(NAMES[type] ?? type, value, path, problems);
}

function checkType(type: string, value: unknown, path: string, problems: Problems): void {
  if (problems.touch(path)) return;
  if (type.endsWith('[]')) {
    if (!Array.isArray(value)) problems.add(path, 'expected a list', value);
    else value.forEach((item: unknown, i) => checkType(type.slice(0, -2), item, `${path}[${i}]`, problems));
  } else if (type.startsWith('{')) {
    if (!isPlainObject(value)) problems.add(path, 'expected an object', value);
    else for (const [key, v] of Object.entries(value)) checkType(type.slice(1, -1), v, `${path}.${key}`, problems);
  } else {
    const fields = fieldsOf(type);
    const problem = fields === undefined ? leafProblem(type, value) : objectProblem(value);
    if (problem !== undefined) problems.add(path, problem, value);
    else if (fields !== undefined) checkFields(fields, value as { readonly [key: string]: unknown }, path, problems);
  }
}

function objectProblem(value: unknown): string | undefined {
  return isPlainObject(value) ? undefined : 'expected an object';
}

function checkFields(fields: string, value: { readonly [key: string]: unknown }, path: string, problems: Problems) {
  for (const field of fields.split(' ')) {
    const [name = '', type = ''] = field.split(':');
    const key = name.replace('!', '');
    if (value[key] !== undefined) checkType(type, value[key], `${path}.${key}`, problems);
    else if (name !== key && !NOT_GIVEN.includes(key) && !problems.touch(`${path}.${key}`))
      problems.add(`${path}.${key}`, 'is required; set it');
  }
}

function leafProblem(type: string, value: unknown): string | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? undefined : 'expected a string';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'expected true or false';
    case 'int32':
      return isWhole(value, 2 ** 31 - 1) ? undefined : 'expected a whole number of at most 2147483647';
    case 'int64':
      return isWhole(value, Number.MAX_SAFE_INTEGER) ? undefined : 'expected a whole number';
    case 'Quantity':
      return quantityTextProblem(String(value));
    case 'IntOrString':
      return typeof value === 'string' || isWhole(value, 2 ** 31 - 1)
        ? undefined
        : 'expected a whole number or a string';
    default:
      return undefined;
  }
}

function isWhole(value: unknown, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= most;
}
