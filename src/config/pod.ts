import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import type { StringMap } from '../constants/names';
import type { Json, k8s } from '../kubernetes';
import type { POD } from '../props/pod';
import { containerResources } from './convert';

export interface PodConfig {
  readonly resources: Json<k8s.ResourceRequirements>;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly extraVolumes: readonly Json<k8s.Volume>[];
  readonly extraVolumeMounts: readonly Json<k8s.VolumeMount>[];
  readonly initContainers: readonly Json<k8s.Container>[];
  readonly sidecars: readonly Json<k8s.Container>[];
  readonly shareProcessNamespace: boolean;
  readonly hostAliases: readonly Json<k8s.HostAlias>[];
}

export function resolvePod(props: Checked<typeof POD>): PodConfig {
  return {
    resources: containerResources(props.resources, DEFAULTS.memberResources),
    labels: props.podLabels ?? {},
    annotations: props.podAnnotations ?? {},
    extraVolumes: props.extraVolumes ?? [],
    extraVolumeMounts: props.extraVolumeMounts ?? [],
    initContainers: props.initContainers ?? [],
    sidecars: props.sidecars ?? [],
    shareProcessNamespace: props.shareProcessNamespace ?? DEFAULTS.pod.shareProcessNamespace,
    hostAliases: props.hostAliases ?? [],
  };
}
