import { checkStruct, type Checked, type Fields } from '../checks/struct';
import { describe, isPlainObject, Problems } from '../checks/problems';
import type { Construct } from 'constructs';
import { Warnings } from '../rules/warnings';
import type { IEtcdCluster } from './interfaces';

/** The props, for callers from JavaScript: what is missing in them is said by name, and not by a TypeError. */
export function ofCaller<Props extends object>(props: Props): Props {
  if (props !== undefined && !isPlainObject(props))
    throw new Error(`props: expected an object, got ${describe(props)}`);
  return props ?? ({} as Props);
}

/** Adds a part of a cluster once. A second call is reported at App.synth(), and returns the first part. */
export function once<Part extends Construct>(
  parent: Construct,
  id: string,
  kind: { readonly prototype: Part; [Symbol.hasInstance](value: unknown): boolean },
  add: () => Part,
): Part {
  const before = parent.node.tryFindChild(id);
  if (before === undefined || !kind[Symbol.hasInstance](before)) return add();
  const name = id === 'Drill' ? 'addRestoreDrill' : `add${id}`;
  parent.node.addValidation({ validate: () => [`${name}: was called before; call it once`] });
  return before as Part;
}

/** Checks the options of a construct that belongs to a cluster. Warnings are acknowledged on the cluster. */
export function checkOptions<F extends Fields<object>>(
  cluster: IEtcdCluster,
  options: object,
  fields: F,
  required: readonly (keyof F & string)[] = [],
) {
  // For callers from JavaScript.
  if (cluster?._config === undefined) throw new Error('cluster: is required; set it to an EtcdCluster');
  const problems = new Problems();
  const checked: Checked<F> = checkStruct(options, fields, required, '', problems) ?? {};
  return { checked, problems, warnings: new Warnings(cluster._config.acknowledged) };
}
