import { kube } from '../checks/kubernetes';
import { type Fields, struct } from '../checks/struct';
import { annotationMap, flag, listOf, ownLabels } from '../checks/values';
import { type k8s } from '../kubernetes';
import { type EtcdResources, RESOURCES } from './resources';

const name = (v: { readonly name?: string }): string | undefined => v.name;

/** What members' pods hold besides. */
export interface EtcdPodOptions {
  /**
   * What the etcd container may use.
   * @default - 250m CPU without a limit, 2Gi memory
   */
  readonly resources?: EtcdResources;

  /**
   * Labels of members' pods.
   * @default - none
   */
  readonly podLabels?: { [key: string]: string };

  /**
   * Annotations of members' pods.
   * @default - none
   */
  readonly podAnnotations?: { [key: string]: string };

  /**
   * More volumes of members' pods.
   * @default - none
   */
  readonly extraVolumes?: k8s.Volume[];

  /**
   * More mounts of the etcd container.
   * @default - none
   */
  readonly extraVolumeMounts?: k8s.VolumeMount[];

  /**
   * More init containers, before the library's own.
   * @default - none
   */
  readonly initContainers?: k8s.Container[];

  /**
   * More containers beside etcd. The pod's DNS option `ndots` is 1: name what is outside the namespace in full, such as
   * `vault.security.svc.cluster.local`.
   * @default - none
   */
  readonly sidecars?: k8s.Container[];

  /**
   * See the processes of all the pod's containers. Sets `shareProcessNamespace`.
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
  podAnnotations: annotationMap,
  extraVolumes: listOf(kube('Volume', 'name'), name),
  extraVolumeMounts: listOf(kube('VolumeMount', 'name', 'mountPath'), (v) => v.mountPath),
  initContainers: listOf(kube('Container', 'name', 'image'), name),
  sidecars: listOf(kube('Container', 'name', 'image'), name),
  shareProcessNamespace: flag,
  hostAliases: listOf(kube('HostAlias', 'ip')),
} satisfies Fields<EtcdPodOptions>;
