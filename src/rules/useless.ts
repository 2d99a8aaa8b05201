import type { Problems } from '../checks/problems';
import type { ClusterConfig } from '../config/cluster';
import { DEFAULTS } from '../constants/defaults';
import { NO_RESTORE } from '../constants/names';
import { EtcdTotalLoss } from '../props/restore';

/** Options that have no effect without another option are mistakes. */
export function checkUseless(config: ClusterConfig, problems: Problems): void {
  const { networkPolicy, serviceAccount } = config;
  if (
    config.onTotalLoss === EtcdTotalLoss.RESTORE_NEWEST &&
    !config.existingCluster &&
    !problems.touch('existingCluster')
  ) {
    problems.add(
      'onTotalLoss',
      'needs existingCluster, because without it members without data bootstrap an empty cluster; set existingCluster: true',
    );
  }
  if (config.restore.discardOldData && config.restore.id === NO_RESTORE.id && !problems.touch('restoreFrom')) {
    problems.add(
      'restoreFrom.discardOldData',
      'needs an id, because without one there is no old data; set an id or remove it',
    );
  }
  if (networkPolicy.enabled && networkPolicy.extraEgress.length > 0 && !networkPolicy.restrictEgress) {
    problems.add(
      'networkPolicy.extraEgress',
      'needs restrictEgress, because without it all egress is allowed; set restrictEgress: true or remove it',
    );
  }
  if (!serviceAccount.create && !serviceAccount.named && !problems.touch('serviceAccount.name')) {
    problems.add('serviceAccount.name', 'is required with create: false, because pods need a ServiceAccount; set it');
  }
  const { claim, extraVolumeClaimTemplates, claimRetention } = config.storage;
  if (!claim && extraVolumeClaimTemplates.length === 0)
    for (const [key, value] of Object.entries(claimRetention))
      if (value !== DEFAULTS.claimRetention.whenScaled)
        problems.add(`claimRetentionPolicy.${key}`, 'has no effect, because there are no claims; remove it', value);
}
