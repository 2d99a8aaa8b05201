import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import type { PROBES } from '../props/probes';

export interface ProbesConfig {
  readonly startupProbe: ProbeConfig;
  readonly readinessProbe: ProbeConfig;
  readonly livenessProbe: ProbeConfig;
}

/** A probe. Times are in seconds. */
export interface ProbeConfig {
  readonly enabled: boolean;
  readonly initialDelay: number;
  readonly period: number;
  readonly timeout: number;
  readonly failureThreshold: number;
  readonly successThreshold: number;
}

export function resolveProbes(props: Checked<typeof PROBES>): ProbesConfig {
  return {
    startupProbe: resolveProbe(props.startupProbe, DEFAULTS.startupProbe),
    readinessProbe: resolveProbe(props.readinessProbe, DEFAULTS.readinessProbe),
    livenessProbe: resolveProbe(props.livenessProbe, DEFAULTS.livenessProbe),
  };
}

function resolveProbe(given: Partial<ProbeConfig> = {}, defaults: ProbeConfig): ProbeConfig {
  return {
    enabled: given.enabled ?? defaults.enabled,
    initialDelay: given.initialDelay ?? defaults.initialDelay,
    period: given.period ?? defaults.period,
    timeout: given.timeout ?? defaults.timeout,
    failureThreshold: given.failureThreshold ?? defaults.failureThreshold,
    successThreshold: given.successThreshold ?? defaults.successThreshold,
  };
}
