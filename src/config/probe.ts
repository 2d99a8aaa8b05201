import type { EtcdProbeTimings } from '../props/tuning';
import { toSeconds } from './convert';

export interface ProbeConfig {
  readonly enabled: boolean;
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
  readonly successThreshold: number;
}

export function resolveProbe(given: EtcdProbeTimings = {}, defaults: Omit<ProbeConfig, 'enabled'>): ProbeConfig {
  return {
    enabled: given.enabled ?? true,
    initialDelaySeconds: toSeconds(given.initialDelay, defaults.initialDelaySeconds),
    periodSeconds: toSeconds(given.period, defaults.periodSeconds),
    timeoutSeconds: toSeconds(given.timeout, defaults.timeoutSeconds),
    failureThreshold: given.failureThreshold ?? defaults.failureThreshold,
    successThreshold: given.successThreshold ?? defaults.successThreshold,
  };
}
