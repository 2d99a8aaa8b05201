import { parseImageReference } from '../grammar/image-reference';
import { parseQuantity } from '../grammar/quantity';
import type { Json, k8s } from '../kubernetes';
import type { EtcdResources } from '../props/resources';

/** Memory is both request and limit, so that it is guaranteed. CPU has a limit only if one is set. */
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

/** Lowers a default request to a limit that is set. */
function lower(request: string, limit: string | undefined): string {
  return limit !== undefined && parseQuantity(limit) < parseQuantity(request) ? limit : request;
}

function optional(name: string, value: string | undefined): { [name: string]: Json<k8s.Quantity> } {
  return value === undefined ? {} : { [name]: value };
}

/** The same image from a mirror. Only the registry changes: the mirror must keep the names of the repositories. */
export function mirrored(reference: string, registry: string | undefined): string {
  if (registry === undefined) return reference;
  const { repository, tag, digest } = parseImageReference(reference);
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
