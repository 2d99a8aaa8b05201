import type { IConstruct } from 'constructs';
import type { ClusterJobs } from '../config/alerts';
import type { ClusterConfig } from '../config/cluster';
import type { SnapshotsConfig } from '../config/snapshots';

/** An etcd cluster, as its jobs and its neighbours see it. */
export interface IEtcdCluster extends IConstruct {
  /** Name of the cluster. */
  readonly name: string;
  /** Namespace of its objects. */
  readonly namespace: string;
  /** Where clients connect, a URL. */
  readonly clientEndpoint: string;
  /** The URL of each member. */
  readonly memberEndpoints: string[];
  /** @internal */
  readonly _config: ClusterConfig;
  /** @internal Each job tells of itself here, for alerts. */
  readonly _jobs: ClusterJobs;
  /** @internal Emits the scripts of jobs, once. */
  _needJobScripts(): void;
}

/** Snapshots of a cluster, as a restore drill sees them. */
export interface IEtcdSnapshots extends IConstruct {
  /** Name of the claim that holds the snapshots; undefined where only the remote keeps them. */
  readonly claimName?: string;
  /** @internal */
  readonly _config: SnapshotsConfig;
  /** @internal */
  readonly _cluster: IEtcdCluster;
}
