import type { Problems } from '../checks/problems';
import type { ClusterConfig } from '../config/cluster';
import type { DefragConfig } from '../config/defrag';
import { EtcdDefragMethod } from '../props/defrag';

/** What would keep the job from defragmenting. */
export function checkDefrag(defrag: DefragConfig, cluster: ClusterConfig, problems: Problems): void {
  if (defrag.method === EtcdDefragMethod.OFFLINE) checkOffline(defrag, cluster, problems);
  checkDeadlines(defrag, problems);
}

function checkOffline(defrag: DefragConfig, { replicas, rollout }: ClusterConfig, problems: Problems): void {
  const { enabled, maxUnavailable } = rollout.podDisruptionBudget;
  if (replicas < 3)
    problems.add(
      'method',
      `needs at least three members to defragment one after another, and there are ${replicas}; use EtcdDefragMethod.ONLINE, or restart the members yourself`,
      defrag.method,
    );
  else if (enabled && maxUnavailable === 0)
    problems.add(
      'method',
      'needs a podDisruptionBudget with maxUnavailable of at least 1, because the job evicts members; raise it, or use EtcdDefragMethod.ONLINE',
      defrag.method,
    );
  const grace = rollout.terminationGracePeriod;
  if (defrag.memberTimeoutSeconds <= grace && !problems.touch('memberTimeout'))
    problems.add(
      'memberTimeout',
      `expected more than the terminationGracePeriod of ${grace} s, because a member may take that long to stop; raise it`,
      `${defrag.memberTimeoutSeconds} s`,
    );
}

/** Times that end after the run does. */
function checkDeadlines(defrag: DefragConfig, problems: Problems): void {
  if (problems.touch('activeDeadline')) return;
  const times = {
    memberTimeout: defrag.memberTimeoutSeconds,
    pauseAfterMember: defrag.pauseAfterMemberSeconds,
    maintenanceWindow: defrag.maintenanceWindowSeconds,
  };
  for (const [prop, seconds] of Object.entries(times))
    if (seconds > defrag.activeDeadlineSeconds && !problems.touch(prop))
      problems.add(
        prop,
        `expected at most the activeDeadline of ${defrag.activeDeadlineSeconds} s, because the run is stopped then; lower it, or raise activeDeadline`,
        `${seconds} s`,
      );
}
