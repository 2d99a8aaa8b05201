import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Manifest } from '../manifests/object';

/** The objects of each chart: kind, namespace and name, with the path of the construct that created it. */
const emitted = new WeakMap<Chart, Map<string, string>>();

/**
 * Creates an ApiObject. Unlike the generated classes, it keeps everything that a JSON patch adds. Two objects with the
 * same name are a problem.
 */
export function emit(scope: Construct, id: string, manifest: Manifest): ApiObject {
  const chart = Chart.of(scope);
  const known = emitted.get(chart) ?? new Map<string, string>();
  emitted.set(chart, known);
  const name = `${manifest.kind} ${manifest.metadata.namespace}/${manifest.metadata.name}`;
  const other = known.get(name);
  if (other !== undefined) {
    scope.node.addValidation({ validate: () => [`${name}: is also created by ${other}; choose another name`] });
  }
  known.set(name, scope.node.path);
  return new ApiObject(scope, id, manifest);
}
