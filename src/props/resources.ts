import { type Fields } from '../checks/struct';
import { quantity } from '../checks/values';

/** What a container may use. @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ */
export interface EtcdResources {
  /**
   * CPU that the scheduler sets aside. Sets `requests.cpu`, a Kubernetes quantity.
   * @default - 250m for members, 50m for jobs
   */
  readonly cpuRequest?: string;

  /**
   * Sets `limits.cpu`. A member that is throttled misses heartbeats, so better leave it out.
   * @default - no limit
   */
  readonly cpuLimit?: string;

  /**
   * Memory, as request and as limit: what is promised is there. Sets `requests.memory` and `limits.memory`.
   * @default - 2Gi for members, 256Mi for jobs; for drills, a member's memory
   */
  readonly memory?: string;

  /**
   * Local disk that the scheduler sets aside. Sets `requests.ephemeral-storage`.
   * @default - none
   */
  readonly ephemeralStorageRequest?: string;

  /**
   * Local disk that the container may use. Sets `limits.ephemeral-storage`.
   * @default - no limit
   */
  readonly ephemeralStorageLimit?: string;
}

export const RESOURCES = {
  cpuRequest: quantity,
  cpuLimit: quantity,
  memory: quantity,
  ephemeralStorageRequest: quantity,
  ephemeralStorageLimit: quantity,
} satisfies Fields<EtcdResources>;
