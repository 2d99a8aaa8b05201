import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { resolveDefrag } from '../config/defrag';
import { jobNetworkPolicy } from '../manifests/access';
import { defragAccess, defragCronJob, evicts } from '../manifests/defrag';
import { DEFRAG, type EtcdDefragOptions } from '../props/defrag';
import { COMPONENT, CONTAINER } from '../constants/names';
import { checkDefrag } from '../rules/defrag';
import { checkJob } from '../rules/jobs';
import { joinApp } from './app-content';
import { emit, emitAny } from './emit';
import type { IEtcdCluster } from './interfaces';
import { checkOptions, ofCaller } from './options';
import { reportAtSynth } from './report';

/** Properties of `EtcdDefrag`. */
export interface EtcdDefragProps extends EtcdDefragOptions {
  /** The cluster to defragment. */
  readonly cluster: IEtcdCluster;
}

/** Defragments the members of a cluster on a schedule, with the CronJob `<name>-defrag`. */
export class EtcdDefrag extends Construct {
  /** The CronJob. */
  public readonly cronJob: ApiObject;
  /** The NetworkPolicy of its pods. Undefined unless the cluster restricts egress. */
  public readonly networkPolicy?: ApiObject;
  /** The job's ServiceAccount. Undefined with the method ONLINE, and if `serviceAccountName` is set. */
  public readonly serviceAccount?: ApiObject;
  /** The Role that allows the job to evict members. Undefined together with the ServiceAccount. */
  public readonly role?: ApiObject;
  /** The RoleBinding of this Role. Undefined together with the ServiceAccount. */
  public readonly roleBinding?: ApiObject;

  public constructor(scope: Construct, id: string, props: EtcdDefragProps) {
    super(scope, id);
    const { cluster, ...options } = ofCaller(props);
    const { checked, problems, warnings } = checkOptions(cluster, options, DEFRAG);
    const config = resolveDefrag(checked, cluster._config);
    checkJob(config, cluster._config, CONTAINER.defrag, problems, warnings);
    checkDefrag(config, cluster._config, problems);
    reportAtSynth(this, problems, warnings);
    joinApp(this, cluster);

    cluster._jobs.defrag = config;
    cluster._needJobScripts();
    if (config.createAccount) {
      const access = defragAccess(cluster._config);
      this.serviceAccount = emit(this, 'ServiceAccount', access.serviceAccount);
      this.role = emit(this, 'Role', access.role);
      this.roleBinding = emit(this, 'RoleBinding', access.roleBinding);
    }
    const { names } = cluster._config;
    const policy = jobNetworkPolicy(cluster._config, names.defrag, COMPONENT.defrag, evicts(config));
    this.networkPolicy = emitAny(this, 'NetworkPolicy', policy);
    this.cronJob = emit(this, 'Resource', defragCronJob(cluster._config, config));
  }
}
