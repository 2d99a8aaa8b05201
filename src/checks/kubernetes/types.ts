import { quantityTextProblem } from '../../grammar/quantity';
import { fieldsOf } from '../../kubernetes';
import type { Problems } from '../problems';

/** Types that cdk8s-plus-28 spells in another way than Kubernetes. */
const NAMES: { readonly [type: string]: string } = {
  KubePersistentVolumeClaimProps: 'PersistentVolumeClaim',
  SeLinuxOptions: 'SELinuxOptions',
};

/** Written by the library, or by the API server. */
const NOT_GIVEN = ['apiVersion', 'kind'];

/** What the writer of a type makes of an object, whatever it was given. */
interface Written {
  readonly [key: string]: unknown;
}

/**
 * The types of all fields of a Kubernetes type, and that those are there which it requires.
 * @param value what its writer has written: a list for each list, and an object for each map
 */
export function checkTypes(type: string, value: unknown, path: string, problems: Problems): void {
  checkType(NAMES[type] ?? type, value, path, problems);
}

function checkType(type: string, value: unknown, path: string, problems: Problems): void {
  if (problems.touch(path)) return;
  const fields = fieldsOf(type);
  if (type.endsWith('[]'))
    (value as unknown[]).forEach((item, i) => checkType(type.slice(0, -2), item, `${path}[${i}]`, problems));
  else if (type.startsWith('{'))
    for (const [key, v] of Object.entries(value as Written))
      checkType(type.slice(1, -1), v, `${path}.${key}`, problems);
  else if (fields !== undefined) checkFields(fields, value as Written, path, problems);
  else {
    const problem = leafProblem(type, value);
    if (problem !== undefined) problems.add(path, problem, value);
  }
}

function checkFields(fields: string, value: Written, path: string, problems: Problems) {
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
