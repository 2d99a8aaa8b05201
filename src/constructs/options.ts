import { checkStruct, type Checked, type Fields } from '../checks/struct';
import { Problems } from '../checks/problems';
import { Warnings } from '../rules/warnings';
import type { IEtcdCluster } from './interfaces';

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
