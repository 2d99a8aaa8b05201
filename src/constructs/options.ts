import { checkStruct, type Checked, type Fields } from '../checks/struct';
import { Problems } from '../checks/problems';
import { Warnings } from '../rules/warnings';
import type { IEtcdCluster } from './interfaces';

/** Checks the options of what is added to a cluster; warnings are acknowledged at the cluster. */
export function checkOptions<F extends Fields<object>>(
  cluster: IEtcdCluster,
  options: object,
  fields: F,
  required: readonly (keyof F & string)[] = [],
) {
  // Types say so; JavaScript does not ask them.
  if (cluster?._config === undefined) throw new Error('cluster: required, expected an EtcdCluster');
  const problems = new Problems();
  const checked: Checked<F> = checkStruct(options, fields, required, '', problems) ?? {};
  return { checked, problems, warnings: new Warnings(cluster._config.acknowledged) };
}
