import type { IConstruct } from 'constructs';
import type { ClusterJobs } from '../config/alerts';
import type { ClusterConfig } from '../config/cluster';
import type { SnapshotsConfig } from '../config/snapshots';
import type { Problems } from '../checks/problems';

/** An etcd cluster, for its jobs and other constructs. */
export interface IEtcdCluster extends IConstruct {
  /** Name of the cluster. */
  readonly name: string;
  /** Namespace of the cluster's objects. */
  readonly namespace: string;
  /** The URL for clients. */
  readonly clientEndpoint: string;
  /** The URL of each member. */
  readonly memberEndpoints: string[];
  /** @internal */
  readonly _config: ClusterConfig;
  /** @internal Of its props. What follows from one is no problem of another construct. */
  readonly _problems: Problems;
  /** @internal The jobs register here, for the alerts. */
  readonly _jobs: ClusterJobs;
  /** @internal Creates the scripts of the jobs, once. */
  _needJobScripts(): void;
}

/** The snapshots of a cluster, for restore drills. */
export interface IEtcdSnapshots extends IConstruct {
  /** Name of the claim with the snapshots. Undefined if snapshots are kept at the remote only. */
  readonly claimName?: string;
  /** @internal */
  readonly _config: SnapshotsConfig;
  /** @internal */
  readonly _cluster: IEtcdCluster;
}
