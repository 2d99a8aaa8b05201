import { INIT_CONTAINER, SIDECAR } from '../checks/kubernetes/container';
import { kube } from '../checks/kubernetes/kube';
import { MEMBER_MOUNT } from '../checks/kubernetes/mount';
import { HOST_ALIAS } from '../checks/kubernetes/pod';
import { VOLUME } from '../checks/kubernetes/volume';
import { podAnnotationMap } from '../checks/pod-annotations';
import { type Fields, struct } from '../checks/struct';
import { flag, listOf, ownLabels } from '../checks/values';
import { type k8s } from '../kubernetes';
import { type EtcdResources, RESOURCES } from './resources';

const name = (v: { readonly name?: string }): string | undefined => v.name;

/** Resources and additional contents of the members' pods. */
export interface EtcdPodOptions {
  /**
   * Resources of the etcd container.
   * @default - 250m CPU without a limit, and 2Gi memory
   */
  readonly resources?: EtcdResources;

  /**
   * Labels of the members' pods.
   * @default - none
   */
  readonly podLabels?: { [key: string]: string };

  /**
   * Annotations of the members' pods.
   * @default - none
   */
  readonly podAnnotations?: { [key: string]: string };

  /**
   * Additional volumes of the members' pods.
   * @default - none
   */
  readonly extraVolumes?: k8s.Volume[];

  /**
   * Additional volume mounts of the etcd container.
   * @default - none
   */
  readonly extraVolumeMounts?: k8s.VolumeMount[];

  /**
   * Additional init containers. They run before the library's init container.
   * @default - none
   */
  readonly initContainers?: k8s.Container[];

  /**
   * Additional containers. The pod's DNS option `ndots` is 1: use full names for other namespaces, such as
   * `vault.security.svc.cluster.local`.
   * @default - none
   */
  readonly sidecars?: k8s.Container[];

  /**
   * Whether the containers of a pod see each other's processes. Sets `shareProcessNamespace`.
   * @default false
   */
  readonly shareProcessNamespace?: boolean;

  /**
   * Sets `hostAliases`.
   * @default - none
   */
  readonly hostAliases?: k8s.HostAlias[];
}

export const POD = {
  resources: struct(RESOURCES),
  podLabels: ownLabels,
  podAnnotations: podAnnotationMap,
  extraVolumes: listOf(kube('Volume', VOLUME), name),
  extraVolumeMounts: listOf(kube('VolumeMount', MEMBER_MOUNT), (v) => v.mountPath),
  initContainers: listOf(kube('Container', INIT_CONTAINER), name),
  sidecars: listOf(kube('Container', SIDECAR), name),
  shareProcessNamespace: flag,
  hostAliases: listOf(kube('HostAlias', HOST_ALIAS), ({ ip }) => ip),
} satisfies Fields<EtcdPodOptions>;
