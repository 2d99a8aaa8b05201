import { ApiObject, Chart, Duration, Yaml } from 'cdk8s';
import {
  EtcdAutoCompaction,
  EtcdCluster,
  EtcdImage,
  EtcdRestore,
  EtcdSnapshotStore,
  EtcdStorage,
  EtcdWarning,
  GreptimeDbMetadataStore,
  type EtcdClusterProps,
} from 'cdk8s-etcd';
import type { Construct } from 'constructs';

/** GreptimeDB's guide "Manage ETCD" has one namespace and one claim for snapshots. */
const NAMESPACE = 'etcd-cluster';
const SNAPSHOT_CLAIM = 'nfs-etcd-backup';

/** What all of the guide's values files set. */
export const GUIDE: Omit<EtcdClusterProps, 'name'> = {
  namespace: NAMESPACE,
  replicas: 3,
  image: EtcdImage.bitnami('3.5.21-debian-12-r5', {
    repository: 'greptime-registry.cn-hangzhou.cr.aliyuncs.com/bitnami/etcd',
  }),
  storage: EtcdStorage.persistentVolumeClaim({ size: '8Gi' }),
  resources: { cpuRequest: '2', cpuLimit: '2', memory: '8Gi' },
  autoCompaction: EtcdAutoCompaction.periodic(Duration.hours(1)),
  quotaBackend: '8589934592',
  electionTimeout: Duration.millis(2000),
  snapshotCount: 10_000,
  clusterToken: 'etcd-cluster-k8s',
  // The guide's own quota fills the whole claim. A new cluster should have a claim of 17Gi, or a quota of 3584Mi.
  acknowledgeWarnings: [EtcdWarning.TIGHT_QUOTA],
};

/** The guide's end state: deployed, backed up, monitored and defragmented. */
export class EtcdChart extends Chart {
  public readonly etcd: EtcdCluster;

  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: NAMESPACE });
    this.etcd = new EtcdCluster(this, 'Etcd', { ...GUIDE, name: 'etcd' });
    this.etcd.addSnapshots({
      schedule: '*/30 * * * *',
      store: EtcdSnapshotStore.existingClaim(SNAPSHOT_CLAIM),
      snapshotHistoryLimit: 2,
      successfulJobsHistoryLimit: 2,
    });
    this.etcd.addMonitoring({
      interval: Duration.seconds(10),
      scrapeTimeout: Duration.seconds(10),
      labels: { release: 'prometheus' },
    });
    this.etcd.addDefrag({ schedule: '0 3 * * *', successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 1 });
  }
}

/** The guide's second cluster, restored from a snapshot of the first. */
export class EtcdRecoverChart extends Chart {
  public readonly etcd: EtcdCluster;

  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: NAMESPACE });
    this.etcd = new EtcdCluster(this, 'Etcd', {
      ...GUIDE,
      name: 'etcd-recover',
      restoreFrom: EtcdRestore.fromClaim(SNAPSHOT_CLAIM, 'db-2025-01-06_11-18'),
    });
  }
}

/** What GreptimeDB's chart must know of its etcd: a ConfigMap for `valuesFrom` of Flux's HelmRelease, or for `helm -f`. */
export class GreptimeDbChart extends Chart {
  public constructor(scope: Construct, id: string, etcd: EtcdCluster) {
    super(scope, id, { namespace: 'greptimedb' });
    const store = new GreptimeDbMetadataStore(this, 'MetadataStore', { cluster: etcd });
    new ApiObject(this, 'Values', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'greptimedb-metadata-store' },
      data: { 'values.yaml': Yaml.stringify(store.helmValues()) },
    });
  }
}
