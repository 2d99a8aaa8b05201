import type { Problems } from '../checks/problems';
import type { ClusterConfig } from '../config/cluster';
import { HOUR } from '../constants/time';
import { EtcdWarning } from '../props/warning';
import type { Warnings } from './warnings';

/** Below this, a pause of the process or of the disk is an election. */
const SHORT_ELECTION = 500;

export function checkTimes(config: ClusterConfig, problems: Problems, warnings: Warnings): void {
  if (!problems.touch('heartbeatInterval', 'electionTimeout')) checkElection(config, problems, warnings);
  const grace = config.rollout.terminationGracePeriod;
  if (grace > HOUR && !problems.touch('terminationGracePeriod'))
    warnings.add(
      EtcdWarning.LONG_GRACE_PERIOD,
      `terminationGracePeriod: a member that cannot leave blocks the drain of its node for ${grace} s; use an hour or less`,
    );
}

function checkElection({ etcd }: ClusterConfig, problems: Problems, warnings: Warnings): void {
  const { heartbeatInterval, electionTimeout } = etcd;
  const least = 5 * heartbeatInterval;
  if (electionTimeout < least)
    problems.add(
      'electionTimeout',
      `expected at least 5 times the heartbeat interval of ${heartbeatInterval} ms; use ${least} ms or more`,
      `${electionTimeout} ms`,
    );
  else if (electionTimeout < SHORT_ELECTION)
    warnings.add(
      EtcdWarning.SHORT_ELECTION,
      `electionTimeout: after ${electionTimeout} ms without a heartbeat, members elect a new leader and writes fail, so every stall of a disk or a process causes an election; use ${SHORT_ELECTION} ms or more`,
    );
}
