import type { ClusterConfig } from '../config/cluster';
import { DEFAULTS } from '../constants/defaults';
import { COMPONENT } from '../constants/names';
import type { k8s } from '../kubernetes';
import { userSettings } from './auth';
import { metadata, write, type Manifest } from './object';

/** The settings that members read while they run. A change of these restarts no member. */
export function settingsConfigMap(config: ClusterConfig): Manifest {
  return write<k8s.KubeConfigMapProps>('v1', 'ConfigMap', {
    metadata: metadata(config, config.names.settings, { component: COMPONENT.member }),
    data: {
      replicas: String(config.replicas),
      existing: String(config.existingCluster),
      'restore-id': config.restore.askedId,
      'restore-file': config.restore.fileName,
      'restore-sha256': config.restore.sha256,
      'asked-bump': String(config.restore.bumpRevision),
      'total-loss-bump': String(DEFAULTS.restore.bumpRevision.inPlace),
      'restore-discard': String(config.restore.discardOldData),
      'on-total-loss': config.onTotalLoss,
      'defrag-gain': String(config.etcd.defragmentation.minimumGain),
      'defrag-gain-percent': String(config.etcd.defragmentation.minimumGainPercent),
      ...userSettings(config),
    },
  });
}
