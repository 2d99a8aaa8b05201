import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Manifest } from '../manifests/object';

/** What was emitted into each chart: kind, namespace and name, and the path of the construct that did it. */
const emitted = new WeakMap<Chart, Map<string, string>>();

/** A plain ApiObject: unlike the generated classes it keeps whatever a JSON patch adds. Two of the same name are a problem. */
export function emit(scope: Construct, id: string, manifest: Manifest): ApiObject {
  const chart = Chart.of(scope);
  const known = emitted.get(chart) ?? new Map<string, string>();
  emitted.set(chart, known);
  const name = `${manifest.kind} ${manifest.metadata.namespace}/${manifest.metadata.name}`;
  const other = known.get(name);
  if (other !== undefined) {
    scope.node.addValidation({ validate: () => [`${name}: is made by ${other}, too; choose another name`] });
  }
  known.set(name, scope.node.path);
  return new ApiObject(scope, id, manifest);
}
