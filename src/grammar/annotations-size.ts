/** Annotations of an object together: https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/ */

const LIMIT = 256 * 1024;
/** For those that the library adds. */
const OWN = 1024;

/** Why Kubernetes would refuse an object with all these annotations, or undefined. */
export function annotationsSizeProblem(...maps: { readonly [key: string]: string }[]): string | undefined {
  const size = Object.entries(Object.assign({}, ...maps) as { readonly [key: string]: string })
    .map(([key, value]) => Buffer.byteLength(key) + Buffer.byteLength(value))
    .reduce((sum, bytes) => sum + bytes, 0);
  return size + OWN > LIMIT
    ? `expected at most ${LIMIT - OWN} bytes of annotations on an object, and these have ${size}; use shorter ones, or a ConfigMap`
    : undefined;
}
