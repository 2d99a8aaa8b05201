import type { Problems } from '../checks/problems';
import { APP_ARMOR } from '../checks/pod-annotations';
import type { ClusterConfig } from '../config/cluster';
import { memberNames } from '../config/etcd-options';
import { CONTAINER, type StringMap } from '../constants/names';
import { annotationsSizeProblem } from '../grammar/annotations-size';
import { ofMember } from '../grammar/member-pattern';

/** Annotations of one object come from several props. */
export function checkAnnotations(config: ClusterConfig, problems: Problems): void {
  const { clientService, headlessService, memberServices, externalAccess, serviceAccount } = config;
  const each = { clientService, headlessService, memberServices, externalAccess, serviceAccount };
  if (!problems.touch('annotations'))
    for (const [prop, options] of Object.entries(each))
      if (options) checkSize(config, `${prop}.annotations`, options.annotations, problems);
  const { pod } = config;
  checkProfiles('podAnnotations', pod.annotations, problems, [
    CONTAINER.etcd,
    CONTAINER.toolbox,
    ...[...pod.initContainers, ...pod.sidecars].map(({ name }) => name),
  ]);
}

/** Annotations of one object, together with those of all objects. */
export function checkSize(config: ClusterConfig, path: string, annotations: StringMap, problems: Problems): void {
  if (Object.keys(annotations).length === 0) return;
  const member = memberNames(config, 1)[0] ?? '';
  const filled = Object.entries(annotations).map(([key, value]) => [key, ofMember(value, member, 0)]);
  const problem = annotationsSizeProblem(config.annotations, Object.fromEntries(filled) as StringMap);
  if (problem !== undefined && !problems.touch(path)) problems.add(path, problem);
}

/** The API server refuses an AppArmor profile of a container that the pod does not have. */
export function checkProfiles(
  path: string,
  annotations: StringMap,
  problems: Problems,
  containers: readonly string[],
): void {
  for (const key of Object.keys(annotations)) {
    const [at, container] = [`${path}.${key}`, key.slice(APP_ARMOR.length)];
    if (key.startsWith(APP_ARMOR) && !containers.includes(container) && !problems.touch(at))
      problems.add(at, `unknown container; use one of ${containers.join(', ')}`, container);
  }
}
