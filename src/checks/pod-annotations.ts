import type { StringMap } from '../constants/names';
import { annotationKeyProblem } from '../grammar/labels';
import type { Check } from './struct';
import { mapOf, text, withinSize } from './values';

/** Of a container's AppArmor profile. Kubernetes 1.28 has no field for it. */
export const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';

/** Annotations that Kubernetes or the library reads, and why pods of this library cannot have them. */
const TAKEN: readonly (readonly [key: RegExp, problem: string])[] = [
  [/^cdk8s-etcd\/scripts$/, 'is set by the library; choose another annotation'],
  [/^kubernetes\.io\/config\.mirror$/, 'is for static pods only; remove it'],
  [/^controller\.kubernetes\.io\/pod-deletion-cost$/, 'has no effect on these pods; remove it'],
  [/^scheduler\.alpha\.kubernetes\.io\/tolerations$/, 'is read no more; use the prop tolerations'],
  [/^(container\.)?seccomp\.security\.alpha\.kubernetes\.io\//, 'is read no more; use securityContext.seccompProfile'],
];

function keyProblem(key: string): string | undefined {
  return annotationKeyProblem(key) ?? TAKEN.find(([taken]) => taken.test(key))?.[1];
}

const PROFILE = /^$|^runtime\/default$|^unconfined$|^localhost\//;

/** Annotations of pods. */
export const podAnnotationMap: Check<StringMap> = (value, path, problems) => {
  const annotations = withinSize(mapOf(keyProblem, text()))(value, path, problems);
  for (const [key, profile] of Object.entries(annotations ?? {}))
    if (key.startsWith(APP_ARMOR) && profile !== undefined && !PROFILE.test(profile))
      problems.add(`${path}.${key}`, 'expected runtime/default, localhost/<profile> or unconfined', profile);
  return annotations;
};
