import type { Duration } from 'cdk8s';
import { type Fields, switchable } from '../checks/struct';
import { flag, seconds, whole } from '../checks/values';
import { DAY, HOUR } from '../constants/time';

/** Timings of a probe. The probes themselves cannot be changed: they are plain HTTP requests. */
export interface EtcdProbeTimings {
  /**
   * Whether to use this probe.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * At most 1 day. Sets `initialDelaySeconds`.
   * @default Duration.seconds(0)
   */
  readonly initialDelay?: Duration;

  /**
   * From 1 s to 1 hour. Sets `periodSeconds`.
   * @default - 1 s for startup, 2 s for readiness, 10 s for liveness
   */
  readonly period?: Duration;

  /**
   * From 1 s to 1 hour. Sets `timeoutSeconds`.
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
  initialDelay: seconds(0, DAY),
  period: seconds(1, HOUR),
  timeout: seconds(1, HOUR),
  failureThreshold: whole(1, 1_000_000),
  successThreshold: whole(1, 100),
} satisfies Fields<EtcdProbeTimings>;

/** Kubernetes accepts only 1 for startup and liveness probes. */
const ONCE = {
  ...PROBE,
  successThreshold: whole(1, 1, 'only the readiness probe may have another value'),
} satisfies Fields<EtcdProbeTimings>;

/** The probes of a member's pod. */
export interface EtcdProbesOptions {
  /**
   * Timings of the startup probe. It succeeds when the member votes and serves clients. The default is generous: a
   * large database takes long to open or to copy, and a restart does not help a member that waits for others. Without
   * this probe, a pod can be ready for a moment before it serves.
   * @default - every second for a week
   */
  readonly startupProbe?: EtcdProbeTimings;

  /**
   * Timings of the readiness probe, `/readyz`. It succeeds while the member is part of a quorum; the startup
   * probe has already checked that it votes and serves.
   * @default - every 2 s, unready after 3 failures
   */
  readonly readinessProbe?: EtcdProbeTimings;

  /**
   * Timings of the liveness probe, `/livez`. It does not depend on the other members.
   * @default - every 10 s; the container restarts after 6 failures of up to 30 s each
   */
  readonly livenessProbe?: EtcdProbeTimings;
}

export const PROBES = {
  startupProbe: switchable(ONCE, 'enabled'),
  readinessProbe: switchable(PROBE, 'enabled'),
  livenessProbe: switchable(ONCE, 'enabled'),
} satisfies Fields<EtcdProbesOptions>;
