import type { JsonObject } from './json';

const EPHEMERAL = { 'ephemeral-storage': ['50Mi', '2Gi'] } as const;

/** The chart's resourcesPreset: request and limit of CPU and memory. */
const PRESETS: { readonly [preset: string]: { readonly cpu: readonly string[]; readonly memory: readonly string[] } } =
  {
    nano: { cpu: ['100m', '150m'], memory: ['128Mi', '192Mi'] },
    micro: { cpu: ['250m', '375m'], memory: ['256Mi', '384Mi'] },
    small: { cpu: ['500m', '750m'], memory: ['512Mi', '768Mi'] },
    medium: { cpu: ['500m', '750m'], memory: ['1Gi', '1536Mi'] },
    large: { cpu: ['1', '1500m'], memory: ['2Gi', '3Gi'] },
    xlarge: { cpu: ['1', '3'], memory: ['3Gi', '6Gi'] },
    '2xlarge': { cpu: ['1', '6'], memory: ['3Gi', '12Gi'] },
  };

/** The resources of a preset. Empty for `none`. */
export function presetResources(preset: string): JsonObject {
  const sizes = PRESETS[preset];
  if (!sizes) return {};
  const column = (i: 0 | 1): JsonObject =>
    Object.fromEntries(Object.entries({ ...sizes, ...EPHEMERAL }).map(([name, pair]) => [name, pair[i] ?? '']));
  return { requests: column(0), limits: column(1) };
}

/** The chart's podAffinityPreset and podAntiAffinityPreset. */
export function podAffinity(preset: string, matchLabels: { readonly [key: string]: string }): JsonObject | undefined {
  const term = { labelSelector: { matchLabels }, topologyKey: 'kubernetes.io/hostname' };
  if (preset === 'soft')
    return { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term }] };
  return preset === 'hard' ? { requiredDuringSchedulingIgnoredDuringExecution: [term] } : undefined;
}

/** The chart's nodeAffinityPreset. */
export function nodeAffinity(preset: string, key: string, values: readonly string[]): JsonObject | undefined {
  const term = { matchExpressions: [{ key, operator: 'In', values }] };
  if (preset === 'soft') return { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: term }] };
  return preset === 'hard'
    ? { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } }
    : undefined;
}
