import { parseImageReference } from '../grammar/image-reference';
import { parseQuantity } from '../grammar/quantity';
import type { Json, k8s } from '../kubernetes';
import type { EtcdResources } from '../props/resources';

/** Memory is request and limit, so that what is promised is there; CPU has a limit only when asked for. */
export function containerResources(
  given: EtcdResources = {},
  defaults: { readonly cpuRequest: string; readonly memory: string },
): Json<k8s.ResourceRequirements> {
  const memory = given.memory ?? defaults.memory;
  return {
    requests: {
      cpu: given.cpuRequest ?? lower(defaults.cpuRequest, given.cpuLimit),
      memory,
      ...optional('ephemeral-storage', given.ephemeralStorageRequest),
    },
    limits: {
      ...optional('cpu', given.cpuLimit),
      memory,
      ...optional('ephemeral-storage', given.ephemeralStorageLimit),
    },
  };
}

/** A default request gives way to a limit that was asked for. */
function lower(request: string, limit: string | undefined): string {
  return limit !== undefined && parseQuantity(limit) < parseQuantity(request) ? limit : request;
}

function optional(name: string, value: string | undefined): { [name: string]: Json<k8s.Quantity> } {
  return value === undefined ? {} : { [name]: value };
}

/** The same image from a mirror: only the registry changes, so a mirror that keeps repositories' names works for all. */
export function mirrored(reference: string, registry: string | undefined): string {
  if (registry === undefined) return reference;
  const { repository, tag, digest } = parseImageReference(reference);
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
