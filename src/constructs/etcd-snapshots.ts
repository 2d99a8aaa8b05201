import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { resolveSnapshots, type SnapshotsConfig } from '../config/snapshots';
import { jobNetworkPolicy } from '../manifests/access';
import { snapshotClaim, snapshotCronJob } from '../manifests/cron-jobs';
import { SNAPSHOTS, type EtcdRestoreDrillOptions, type EtcdSnapshotsOptions } from '../props/snapshots';
import { COMPONENT, CONTAINER } from '../constants/names';
import { checkJob, checkRemoteLimit, checkSnapshots } from '../rules/jobs';
import { joinApp } from './app-content';
import { checkSnapshotRoom } from '../rules/sizes';
import { emit, emitAny } from './emit';
import type { IEtcdCluster, IEtcdSnapshots } from './interfaces';
import { EtcdRestoreDrill } from './etcd-restore-drill';
import { checkOptions, ofCaller, once } from './options';
import { reportAtSynth } from './report';

/** Properties of `EtcdSnapshots`. */
export interface EtcdSnapshotsProps extends EtcdSnapshotsOptions {
  /** The cluster to take snapshots of. */
  readonly cluster: IEtcdCluster;
}

/**
 * Takes snapshots on a schedule and keeps the newest ones, with the CronJob `<name>-snapshotter`. Members do not mount
 * the claim.
 */
export class EtcdSnapshots extends Construct implements IEtcdSnapshots {
  /** The CronJob. */
  public readonly cronJob: ApiObject;
  /** The claim. Undefined if it is not created here. */
  public readonly claim?: ApiObject;
  /** The NetworkPolicy of its pods. Undefined unless the cluster restricts egress. */
  public readonly networkPolicy?: ApiObject;
  /** Name of the claim with the snapshots. Undefined if snapshots are kept at the remote only. */
  public readonly claimName?: string;

  /** @internal */
  public readonly _config: SnapshotsConfig;
  /** @internal */
  public readonly _cluster: IEtcdCluster;

  public constructor(scope: Construct, id: string, props: EtcdSnapshotsProps) {
    super(scope, id);
    const { cluster, ...options } = ofCaller(props);
    const { checked, problems, warnings } = checkOptions(cluster, options, SNAPSHOTS, ['store']);
    const config = resolveSnapshots(checked, cluster._config);
    checkJob(config, cluster._config, CONTAINER.snapshot, problems, warnings);
    checkSnapshots(config, cluster._config, problems);
    checkSnapshotRoom(config, cluster._config, problems, warnings);
    checkRemoteLimit(checked.remoteHistoryLimit, config, problems);
    reportAtSynth(this, problems, warnings);
    const mounted = config.claim === undefined ? config.store.claim : undefined;
    joinApp(this, cluster, mounted && [{ prop: 'store', name: mounted.name }]);

    this._config = config;
    this._cluster = cluster;
    cluster._jobs.snapshots = config;
    cluster._needJobScripts();
    this.claimName = config.store.claim?.name;
    if (config.claim && this.claimName !== undefined)
      this.claim = emit(this, 'Claim', snapshotClaim(cluster._config, this.claimName, config.claim));
    const { snapshotter } = cluster._config.names;
    const policy = jobNetworkPolicy(
      cluster._config,
      snapshotter,
      COMPONENT.snapshot,
      config.store.remote !== undefined,
    );
    this.networkPolicy = emitAny(this, 'NetworkPolicy', policy);
    this.cronJob = emit(this, 'Resource', snapshotCronJob(cluster._config, config));
  }

  /**
   * Adds the CronJob `<name>-drill`, which restores the newest snapshot into a temporary etcd on a schedule. Can be
   * called once.
   */
  public addRestoreDrill(options: EtcdRestoreDrillOptions = {}): EtcdRestoreDrill {
    return once(
      this,
      'Drill',
      EtcdRestoreDrill,
      () => new EtcdRestoreDrill(this, 'Drill', { ...options, snapshots: this }),
    );
  }
}
