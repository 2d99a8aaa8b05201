/** Keys and values of labels, and keys of annotations. */

import { dnsSubdomainProblem } from './names';

const NAME_PART = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const NAME_LENGTH = 63;

/** Why Kubernetes would refuse the label key `v`, or undefined. */
export function labelKeyProblem(v: string): string | undefined {
  return isQualifiedName(v)
    ? undefined
    : 'expected a label key: up to 63 letters, digits, -, _ or . with a letter or digit at both ends, ' +
        'after an optional lower-case DNS prefix and /, such as example.com/team';
}

/** Why Kubernetes would refuse the label value `v`, or undefined. */
export function labelValueProblem(v: string): string | undefined {
  return v === '' || isNamePart(v)
    ? undefined
    : 'expected a label value: empty, or up to 63 letters, digits, -, _ or . with a letter or digit at both ends; ' +
        'use an annotation for other text';
}

/** Why Kubernetes would refuse the annotation key `v`, or undefined. */
export function annotationKeyProblem(v: string): string | undefined {
  // Kubernetes converts the key to lower case before it checks it.
  return isQualifiedName(v.toLowerCase())
    ? undefined
    : 'expected an annotation key: up to 63 letters, digits, -, _ or . with a letter or digit at both ends, ' +
        'after an optional DNS prefix and /, such as example.com/owner';
}

function isQualifiedName(v: string): boolean {
  const [first, second, ...more] = v.split('/');
  if (second === undefined) {
    return isNamePart(first);
  }
  return more.length === 0 && dnsSubdomainProblem(first) === undefined && isNamePart(second);
}

function isNamePart(v: string): boolean {
  return v.length <= NAME_LENGTH && NAME_PART.test(v);
}
