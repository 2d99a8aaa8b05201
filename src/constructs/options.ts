import { checkStruct, type Fields } from '../validation/check';
import { Problems } from '../validation/problems';
import { Warnings } from '../validation/warnings';
import type { EtcdCluster } from './etcd-cluster';

/** Checks the options of what is added to a cluster; warnings are acknowledged at the cluster. */
export function checkOptions<T extends object>(
  cluster: EtcdCluster,
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
