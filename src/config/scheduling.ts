import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import type { StringMap } from '../constants/names';
import type { Json, k8s } from '../kubernetes';
import { EtcdAntiAffinity, type SCHEDULING } from '../props/scheduling';

export interface SchedulingConfig {
  readonly affinity: Json<k8s.Affinity> | undefined;
  readonly topologySpreadConstraints: readonly Json<k8s.TopologySpreadConstraint>[];
  readonly nodeSelector: StringMap;
  readonly tolerations: readonly Json<k8s.Toleration>[];
  readonly priorityClassName: string | undefined;
  readonly runtimeClassName: string | undefined;
  readonly schedulerName: string | undefined;
}

export function resolveScheduling(props: Checked<typeof SCHEDULING>, selector: StringMap): SchedulingConfig {
  return {
    affinity: resolveAffinity(props, selector),
    topologySpreadConstraints: (props.topologySpreadConstraints ?? []).map((c) => ({
      ...c,
      labelSelector: c.labelSelector ?? { matchLabels: selector },
    })),
    nodeSelector: props.nodeSelector ?? {},
    tolerations: props.tolerations ?? [],
    priorityClassName: props.priorityClassName,
    runtimeClassName: props.runtimeClassName,
    schedulerName: props.schedulerName,
  };
}

function resolveAffinity(props: Checked<typeof SCHEDULING>, selector: StringMap): Json<k8s.Affinity> | undefined {
  const kind: string = props.antiAffinity ?? DEFAULTS.scheduling.antiAffinity;
  if (kind === EtcdAntiAffinity.NONE || props.affinity?.podAntiAffinity) return props.affinity;
  const term = {
    topologyKey: props.antiAffinityTopologyKey ?? DEFAULTS.scheduling.antiAffinityTopologyKey,
    labelSelector: { matchLabels: selector },
  };
  const podAntiAffinity: Json<k8s.PodAntiAffinity> =
    kind === EtcdAntiAffinity.REQUIRED
      ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
      : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] };
  return { ...props.affinity, podAntiAffinity };
}
