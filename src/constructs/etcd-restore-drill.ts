import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { resolveDrill } from '../config/snapshots';
import { jobNetworkPolicy } from '../manifests/access';
import { drillCronJob } from '../manifests/cron-jobs';
import { RESTORE_DRILL, type EtcdRestoreDrillOptions } from '../props/snapshots';
import { COMPONENT, CONTAINER } from '../constants/names';
import { checkDrill, checkDrillAge, checkJob } from '../rules/jobs';
import { joinApp } from './app-content';
import { checkDrillMemory } from '../rules/sizes';
import { emit, emitAny } from './emit';
import type { IEtcdSnapshots } from './interfaces';
import { checkOptions, ofCaller } from './options';
import { reportAtSynth } from './report';

/** Properties of `EtcdRestoreDrill`. */
export interface EtcdRestoreDrillProps extends EtcdRestoreDrillOptions {
  /** The snapshots to restore from. */
  readonly snapshots: IEtcdSnapshots;
}

/**
 * Restores the newest snapshot into temporary space on a schedule, with the CronJob `<name>-drill`. The job starts an
 * etcd on the restored data, reads all keys, and writes the result next to the snapshot. It fails if a restore would
 * fail.
 */
export class EtcdRestoreDrill extends Construct {
  /** The CronJob. */
  public readonly cronJob: ApiObject;
  /** The NetworkPolicy of its pods. Undefined unless the cluster restricts egress. */
  public readonly networkPolicy?: ApiObject;

  public constructor(scope: Construct, id: string, props: EtcdRestoreDrillProps) {
    super(scope, id);
    const { snapshots, ...options } = ofCaller(props);
    if (snapshots?._cluster === undefined) throw new Error('snapshots: is required; set it to an EtcdSnapshots');
    const cluster = snapshots._cluster;
    const { checked, problems, warnings } = checkOptions(cluster, options, RESTORE_DRILL);
    const config = resolveDrill(checked, snapshots._config, cluster._config);
    checkJob(config, cluster._config, CONTAINER.drill, problems, warnings);
    checkDrillMemory(config, cluster._config, problems, warnings);
    checkDrillAge(config, snapshots._config, problems);
    checkDrill(checked.fromRemote, snapshots._config, problems);
    reportAtSynth(this, problems, warnings);
    joinApp(this, cluster);

    cluster._jobs.drill = config;
    cluster._needJobScripts();
    const { drill } = cluster._config.names;
    const policy = jobNetworkPolicy(cluster._config, drill, COMPONENT.drill, config.store.remote !== undefined);
    this.networkPolicy = emitAny(this, 'NetworkPolicy', policy);
    this.cronJob = emit(this, 'Resource', drillCronJob(cluster._config, config));
  }
}
