import { checkStruct, type Fields } from '../checks/struct';
import { Problems } from '../checks/problems';
import { Warnings } from '../rules/warnings';
import type { IEtcdCluster } from './interfaces';

/** Checks the options of what is added to a cluster; warnings are acknowledged at the cluster. */
export function checkOptions<T extends object>(
  cluster: IEtcdCluster,
  options: T,
  fields: Fields<T>,
  required: (keyof T & string)[] = [],
) {
  // Types say so; JavaScript does not ask them.
  if (cluster?._config === undefined) throw new Error('cluster: required, expected an EtcdCluster');
  const problems = new Problems();
  const checked = checkStruct<T>(options, fields, required, '', problems) as T;
  return { checked, problems, warnings: new Warnings(cluster._config.acknowledged) };
}
