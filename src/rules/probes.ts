import type { Problems } from '../checks/problems';
import type { ClusterConfig } from '../config/cluster';
import type { ProbeConfig } from '../config/probes';
import { EtcdWarning } from '../props/warning';
import type { Warnings } from './warnings';

/** A member never starts in less, in seconds. */
const LEAST_START = 30;
/** A large database, or a member that waits for others, needs more. */
const SHORT_START = 300;
/** A slow disk or a long pause is no reason to restart a member. */
const SHORT_LIFE = 30;
const SHORT_ANSWER = 5;

export function checkProbes(config: ClusterConfig, problems: Problems, warnings: Warnings): void {
  if (!problems.touch('startupProbe')) checkStartup(config.probes.startupProbe, problems, warnings);
  if (!config.probes.readinessProbe.enabled)
    warnings.add(
      EtcdWarning.RISKY_PROBE,
      'readinessProbe.enabled: without it, Services route clients to members that do not serve, and a rolling update does not wait for the quorum; leave it on',
    );
  if (!problems.touch('livenessProbe')) checkLiveness(config.probes.livenessProbe, warnings);
}

function checkStartup(probe: ProbeConfig, problems: Problems, warnings: Warnings): void {
  const seconds = probe.initialDelay + probe.period * probe.failureThreshold;
  if (!probe.enabled)
    warnings.add(
      EtcdWarning.RISKY_PROBE,
      'startupProbe.enabled: without it, a pod can be ready before its member serves, and the liveness probe restarts members that start slowly; leave it on',
    );
  else if (seconds < LEAST_START)
    problems.add(
      'startupProbe.failureThreshold',
      `expected a probe that gives a member at least ${LEAST_START} s to start, because the kubelet kills it then, and this one gives it ${seconds} s; raise failureThreshold or period`,
      probe.failureThreshold,
    );
  else if (seconds < SHORT_START)
    warnings.add(
      EtcdWarning.RISKY_PROBE,
      `startupProbe.failureThreshold: the kubelet kills a member that has not started after ${seconds} s, but one with a large database, or one that waits for others, needs longer; use ${SHORT_START} s or more`,
    );
}

function checkLiveness({ enabled, period, failureThreshold, timeout }: ProbeConfig, warnings: Warnings): void {
  if (!enabled)
    warnings.add(
      EtcdWarning.RISKY_PROBE,
      'livenessProbe.enabled: without it, a member that hangs is never restarted; leave it on',
    );
  else if (period * failureThreshold < SHORT_LIFE || timeout < SHORT_ANSWER)
    warnings.add(
      EtcdWarning.RISKY_PROBE,
      `livenessProbe: the kubelet kills a member that does not answer within ${timeout} s for ${period * failureThreshold} s, and a slow disk alone can cause that; use a timeout of ${SHORT_ANSWER} s or more, and ${SHORT_LIFE} s or more for period times failureThreshold`,
    );
}
