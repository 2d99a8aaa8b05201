import type { Problems } from '../checks/problems';
import type { ClusterConfig } from '../config/cluster';
import type { JobConfig } from '../config/cron-job';
import { hasCredential, isCredential } from '../grammar/credentials';
import { expansionProblem } from '../grammar/expansion';
import { goRuntimeProblem } from '../grammar/go-runtime';

/** Variables in what the library writes into the environment and the arguments of members. */
export function checkExpansions({ etcd }: ClusterConfig, problems: Problems): void {
  checkVariables(etcd.extraEnv, problems);
  etcd.extraArgs.forEach((argument, i) => {
    const problem = expansionProblem(argument);
    if (problem !== undefined && !problems.touch(`extraArgs[${i}]`)) problems.add(`extraArgs[${i}]`, problem, argument);
  });
}

/** References, credentials and variables of Go's runtime in `extraEnv` of members and jobs. */
export function checkVariables(variables: JobConfig['extraEnv'], problems: Problems): void {
  variables.forEach(({ name, value }, i) => {
    if (problems.touch(`extraEnv[${i}]`)) return;
    const isSecret = isCredential(name) && !name.startsWith('ETCD_'); // etcd's own settings name files
    if (value && (isSecret || hasCredential(value))) {
      problems.add(
        `extraEnv[${i}].value`,
        `a credential must not be in YAML; put ${name} into a Secret, and use valueFrom`,
      );
      return;
    }
    if (value === undefined) return;
    const expansion = expansionProblem(value);
    const problem = expansion === undefined ? goRuntimeProblem(name, value) : `${expansion}, or use valueFrom`;
    if (problem !== undefined) problems.add(`extraEnv[${i}].value`, problem, value);
  });
}
