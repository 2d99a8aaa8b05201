import type { Duration } from 'cdk8s';
import { type Fields, struct } from '../checks/struct';
import { flag, seconds, whole } from '../checks/values';

/** Timings of a probe. The probe itself is fixed: plain HTTP, without shell or certificate. */
export interface EtcdProbeTimings {
  /**
   * Whether there is such a probe.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Sets `initialDelaySeconds`.
   * @default Duration.seconds(0)
   */
  readonly initialDelay?: Duration;

  /**
   * Sets `periodSeconds`.
   * @default - 1 s for startup, 2 s for readiness, 10 s for liveness
   */
  readonly period?: Duration;

  /**
   * Sets `timeoutSeconds`.
   * @default - 5 s for startup and readiness, 30 s for liveness
   */
  readonly timeout?: Duration;

  /**
   * Sets `failureThreshold`.
   * @default - 604800 for startup, 3 for readiness, 6 for liveness
   */
  readonly failureThreshold?: number;

  /**
   * Sets `successThreshold` of the readiness probe; the others must have 1.
   * @default 1
   */
  readonly successThreshold?: number;
}

const PROBE = {
  enabled: flag,
  initialDelay: seconds(0),
  period: seconds(1),
  timeout: seconds(1),
  failureThreshold: whole(1, 1_000_000),
  successThreshold: whole(1, 100),
} satisfies Fields<EtcdProbeTimings>;

/** Startup and liveness probes succeed at the first success: Kubernetes takes no other number. */
const ONCE = {
  ...PROBE,
  successThreshold: whole(1, 1, 'only the readiness probe has another'),
} satisfies Fields<EtcdProbeTimings>;

/** The probes of a member's pod. */
export interface EtcdProbesOptions {
  /**
   * Timings of the startup probe: the member votes and serves clients. Until then it is generous: a large database takes long
   * to open, or to copy, and a member that waits for others is not helped by a restart. Without this probe, a pod can be ready
   * for a moment before it serves.
   * @default - every second for a week
   */
  readonly startupProbe?: EtcdProbeTimings;

  /**
   * Timings of the readiness probe, `/readyz`: a member that is no learner and sees a quorum.
   * @default - every 2 s, unready after 3 failures
   */
  readonly readinessProbe?: EtcdProbeTimings;

  /**
   * Timings of the liveness probe, `/livez`, which does not ask the other members.
   * @default - every 10 s, restarted after 6 failures of 30 s
   */
  readonly livenessProbe?: EtcdProbeTimings;
}

export const PROBES = {
  startupProbe: struct(ONCE),
  readinessProbe: struct(PROBE),
  livenessProbe: struct(ONCE),
} satisfies Fields<EtcdProbesOptions>;
