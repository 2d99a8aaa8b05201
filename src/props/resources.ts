import { type Fields } from '../checks/struct';
import { cpus, size } from '../checks/values';
import { LEAST } from '../constants/least';

/** Resources of a container. @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ */
export interface EtcdResources {
  /**
   * CPU request, as a Kubernetes quantity. Sets `requests.cpu`.
   * @default - 250m for members, 50m for jobs
   */
  readonly cpuRequest?: string;

  /**
   * CPU limit. Do not set it for members: a member that is throttled misses heartbeats. Sets `limits.cpu`.
   * @default - no limit
   */
  readonly cpuLimit?: string;

  /**
   * Memory request and limit, as a Kubernetes quantity: at least 64Mi. Sets `requests.memory` and `limits.memory`.
   * @default - 2Gi for members, 256Mi for jobs, and the members' memory for drills
   */
  readonly memory?: string;

  /**
   * Request of ephemeral storage. Sets `requests.ephemeral-storage`.
   * @default - none
   */
  readonly ephemeralStorageRequest?: string;

  /**
   * Limit of ephemeral storage: at least 64Mi. Sets `limits.ephemeral-storage`.
   * @default - no limit
   */
  readonly ephemeralStorageLimit?: string;
}

export const RESOURCES = {
  cpuRequest: cpus,
  cpuLimit: cpus,
  memory: size(LEAST.memory),
  ephemeralStorageRequest: size(),
  ephemeralStorageLimit: size(LEAST.ephemeralStorage),
} satisfies Fields<EtcdResources>;
