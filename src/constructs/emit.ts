import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Manifest } from '../manifests/object';
import { markEmitted } from './app-content';

/** Creates an ApiObject. Unlike the generated classes, it keeps everything that a JSON patch adds. */
export function emit(scope: Construct, id: string, manifest: Manifest): ApiObject {
  const object = new ApiObject(scope, id, manifest);
  markEmitted(object);
  return object;
}

/** The same for an object that not every cluster has. */
export function emitAny(scope: Construct, id: string, manifest: Manifest | undefined): ApiObject | undefined {
  return manifest && emit(scope, id, manifest);
}
