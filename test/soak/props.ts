import { Duration } from 'cdk8s';
import { EtcdDefragMethod, EtcdStorage, type EtcdCluster } from '../../src';
import type { TestProps } from '../e2e/support/cluster';

/** The cluster of the soak: a database that is defragmented for little gain. */
export function soakProps(storageClassName?: string): TestProps {
  return {
    storage: EtcdStorage.persistentVolumeClaim({ size: '1Gi', storageClassName }),
    defragmentation: { minimumGain: '1Mi', minimumGainPercent: 10 },
  };
}

/** Started by faults only. Fewer than three members cannot restart one after another without an outage. */
export function addSoakDefrag(etcd: EtcdCluster, replicas: number): void {
  etcd.addDefrag({
    method: replicas < 3 ? EtcdDefragMethod.ONLINE : EtcdDefragMethod.OFFLINE,
    compactFirst: true,
    schedule: '0 0 1 1 *',
    pauseAfterMember: Duration.seconds(1),
    memberTimeout: Duration.minutes(3),
  });
}
