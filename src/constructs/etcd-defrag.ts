import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { resolveDefrag } from '../config/defrag';
import { defragAccess, defragCronJob } from '../manifests/defrag';
import { DEFRAG, type EtcdDefragOptions } from '../props/defrag';
import { checkJob } from '../rules/jobs';
import { emit } from './emit';
import type { IEtcdCluster } from './interfaces';
import { checkOptions } from './options';
import { reportAtSynth } from './report';

/** Defragmentation of a cluster. */
export interface EtcdDefragProps extends EtcdDefragOptions {
  /** The cluster to defragment. */
  readonly cluster: IEtcdCluster;
}

/** Gives the space of dropped revisions back to the file system, on a schedule: CronJob `<name>-defrag`. */
export class EtcdDefrag extends Construct {
  /** The CronJob. */
  public readonly cronJob: ApiObject;
  /** Undefined with the method ONLINE, and when the account exists already. */
  public readonly serviceAccount?: ApiObject;
  /** Undefined like the account. */
  public readonly role?: ApiObject;
  /** Undefined like the account. */
  public readonly roleBinding?: ApiObject;

  public constructor(scope: Construct, id: string, props: EtcdDefragProps) {
    super(scope, id);
    const { cluster, ...options } = props;
    const { checked, problems, warnings } = checkOptions(cluster, options, DEFRAG);
    const config = resolveDefrag(checked, cluster._config);
    checkJob(config, problems, warnings);
    reportAtSynth(this, problems, warnings);

    cluster._jobs.defrag = config;
    cluster._needJobScripts();
    if (config.createAccount) {
      const access = defragAccess(cluster._config);
      this.serviceAccount = emit(this, 'ServiceAccount', access.serviceAccount);
      this.role = emit(this, 'Role', access.role);
      this.roleBinding = emit(this, 'RoleBinding', access.roleBinding);
    }
    this.cronJob = emit(this, 'Resource', defragCronJob(cluster._config, config));
  }
}
