import { Chart, type ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { ClusterJobs } from '../config/alerts';
import type { ClusterConfig } from '../config/cluster';
import { clientUrl, memberDomain, memberNames, scheme } from '../config/etcd-options';
import { resolveCluster } from '../config/cluster';
import {
  bringsSnapshots,
  networkPolicy,
  podDisruptionBudget,
  restoreNetworkPolicy,
  serviceAccount,
} from '../manifests/access';
import { certManagerObjects } from '../manifests/certificates';
import { restoreJob } from '../manifests/restore';
import { jobScripts, memberScripts, scriptsChecksum } from '../manifests/scripts';
import { clientService, externalService, headlessService, memberService, restoreService } from '../manifests/services';
import { settingsConfigMap } from '../manifests/settings';
import { statefulSet } from '../manifests/stateful-set';
import type { EtcdBitnamiOptions } from '../props/bitnami';
import { CLUSTER, type EtcdClusterProps } from '../props/cluster';
import type { EtcdDefragOptions } from '../props/defrag';
import type { EtcdMonitoringOptions } from '../props/monitoring';
import { EtcdTotalLoss } from '../props/restore';
import type { EtcdSnapshotsOptions } from '../props/snapshots';
import { loadScripts } from '../scripts';
import { checkStruct } from '../checks/struct';
import { checkCluster } from '../rules/cluster';
import { Problems } from '../checks/problems';
import { Warnings } from '../rules/warnings';
import type * as bitnami from './bitnami';
import { emit } from './emit';
import { EtcdDefrag } from './etcd-defrag';
import { EtcdMonitoring } from './etcd-monitoring';
import { EtcdSnapshots } from './etcd-snapshots';
import type { IEtcdCluster } from './interfaces';
import { reportAtSynth } from './report';

/**
 * An etcd cluster: StatefulSet, Services, PodDisruptionBudget, NetworkPolicy, ServiceAccount and scripts.
 *
 * A value that is wrong is reported when the app is synthesized, together with every other problem of the app, and
 * nothing is written then.
 */
export class EtcdCluster extends Construct implements IEtcdCluster {
  /** The members. */
  public readonly statefulSet: ApiObject;
  /** Gives members their names. */
  public readonly headlessService: ApiObject;
  /** One for each member, by ordinal: its address, which stays when its pod is made anew. */
  public readonly memberServices: ApiObject[];
  /** One for each member, by ordinal, for clients outside; empty without `externalAccess`. */
  public readonly externalServices: ApiObject[];
  /** What clients use; undefined when switched off. */
  public readonly clientService?: ApiObject;
  /** Undefined when switched off. */
  public readonly podDisruptionBudget?: ApiObject;
  /** Undefined when switched off. */
  public readonly networkPolicy?: ApiObject;
  /** Undefined without restores, or when switched off. */
  public readonly restoreNetworkPolicy?: ApiObject;
  /** Leads members to the job that has a snapshot for them; undefined without restores. */
  public readonly restoreService?: ApiObject;
  /** Brings the snapshot of `restoreFrom` to the members; undefined without it, and when it is done. */
  public readonly restoreJob?: ApiObject;
  /** Undefined when the account exists already. */
  public readonly serviceAccount?: ApiObject;
  /** Certificates and Issuers of cert-manager; empty unless it issues the certificates. */
  public readonly certificates: ApiObject[];
  /** What members read while they run. */
  public readonly settings: ApiObject;
  /** The programs that run in the members' pods. */
  public readonly scripts: ApiObject;

  /** Name of the cluster. */
  public readonly name: string;
  /** Namespace of its objects. */
  public readonly namespace: string;
  /**
   * Where clients connect: the URL of the Service, `http://etcd.etcd-cluster.svc.cluster.local:2379`; of the headless Service
   * when there is no client Service.
   */
  public readonly clientEndpoint: string;
  /** The URL of each member, for clients that spread over several endpoints: `http://etcd-0.etcd-cluster.svc.cluster.local:2379`. */
  public readonly memberEndpoints: string[];

  /** @internal */
  public readonly _config: ClusterConfig;
  private _jobScripts?: ApiObject;
  /** @internal Each job tells of itself here, for alerts. */
  public readonly _jobs: ClusterJobs = {};

  /**
   * The cluster of a release of Bitnami's chart etcd 11.3.4, from its values: same names, selectors, claims, ports and
   * settings, so that it can be taken over in place, with its jobs and its PodMonitor. What cannot be imported is reported
   * when the app is synthesized, with its line; so are values that would open a cluster that was protected (users, TLS).
   * `npx cdk8s-etcd from-bitnami values.yaml` prints the same as code, and what the values do to their owner.
   */
  public static fromBitnamiValues(scope: Construct, id: string, options: EtcdBitnamiOptions): EtcdCluster {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the YAML parser is for those who import
    const { bitnamiCluster } = require('./bitnami') as typeof bitnami;
    return bitnamiCluster(options, (props) => new EtcdCluster(scope, id, props));
  }

  public constructor(scope: Construct, id: string, props: EtcdClusterProps) {
    super(scope, id);
    const problems = new Problems();
    const inherited = { ...props, namespace: props?.namespace ?? Chart.of(this).namespace };
    const checked = checkStruct(inherited, CLUSTER, ['name'], '', problems) ?? {};
    if (checked.namespace === undefined && !problems.touch('namespace')) {
      problems.add('namespace', 'required here or on the chart, since it is part of every member’s URL');
    }
    const config = resolveCluster(checked);
    const warnings = new Warnings(config.acknowledged);
    checkCluster(config, problems, warnings);
    reportAtSynth(this, problems, warnings);

    this._config = config;
    this.name = config.name;
    this.namespace = config.namespace;
    this.clientEndpoint = clientUrl(config);
    this.memberEndpoints = memberNames(config).map(
      (member) => `${scheme(config)}://${member}.${memberDomain(config)}:${config.etcd.ports.client}`,
    );

    const scripts = loadScripts().member;
    // What pods need comes before the pods: `kubectl apply` goes through the file in order.
    if (config.serviceAccount.create) this.serviceAccount = emit(this, 'ServiceAccount', serviceAccount(config));
    if (config.networkPolicy.enabled) this.networkPolicy = emit(this, 'NetworkPolicy', networkPolicy(config));
    if (config.networkPolicy.enabled && bringsSnapshots(config))
      this.restoreNetworkPolicy = emit(this, 'RestoreNetworkPolicy', restoreNetworkPolicy(config));
    if (config.rollout.podDisruptionBudget.enabled)
      this.podDisruptionBudget = emit(this, 'PodDisruptionBudget', podDisruptionBudget(config));
    const { certManager } = config.tls ?? {};
    this.certificates = (certManager ? certManagerObjects(config, certManager) : []).map((manifest) =>
      emit(this, `${manifest.kind}-${manifest.metadata.name}`, manifest),
    );
    this.settings = emit(this, 'Settings', settingsConfigMap(config));
    this.scripts = emit(this, 'Scripts', memberScripts(config, scripts));
    this.headlessService = emit(this, 'HeadlessService', headlessService(config));
    if (config.clientService.enabled) this.clientService = emit(this, 'ClientService', clientService(config));
    this.memberServices = memberNames(config).map((member, ordinal) =>
      emit(this, `Member${ordinal}`, memberService(config, member, ordinal)),
    );
    const { externalAccess } = config;
    this.externalServices = memberNames(config).flatMap((member, ordinal) =>
      externalAccess
        ? [emit(this, `Member${ordinal}External`, externalService(config, externalAccess, member, ordinal))]
        : [],
    );
    if (bringsSnapshots(config)) this.restoreService = emit(this, 'RestoreService', restoreService(config));
    this.statefulSet = emit(this, 'Resource', statefulSet(config, scriptsChecksum(scripts)));
    if (config.restore.store) {
      this._needJobScripts();
      this.restoreJob = emit(this, 'Restore', restoreJob(config, config.restore, config.restore.store));
    }
    if (config.onTotalLoss === EtcdTotalLoss.RESTORE_NEWEST) this.askForSnapshots();
  }

  private askForSnapshots(): void {
    this.node.addValidation({
      validate: () =>
        this._jobs.snapshots
          ? []
          : ['onTotalLoss: needs snapshots to restore from; call addSnapshots(...) on this cluster'],
    });
  }

  /** The programs that run in the pods of jobs; undefined while the cluster has no job. */
  public get jobScripts(): ApiObject | undefined {
    return this._jobScripts;
  }

  /** @internal Each job asks for its programs; they are written once. */
  public _needJobScripts(): void {
    this._jobScripts ??= emit(this, 'JobScripts', jobScripts(this._config, loadScripts().job));
  }

  /** Takes snapshots on a schedule: CronJob `<name>-snapshotter`. Once for a cluster. */
  public addSnapshots(options: EtcdSnapshotsOptions): EtcdSnapshots {
    return new EtcdSnapshots(this, 'Snapshots', { ...options, cluster: this });
  }

  /** Defragments members on a schedule: CronJob `<name>-defrag`. Once for a cluster. */
  public addDefrag(options: EtcdDefragOptions = {}): EtcdDefrag {
    return new EtcdDefrag(this, 'Defrag', { ...options, cluster: this });
  }

  /**
   * Lets Prometheus scrape members and alert, and Grafana show them: PodMonitor and PrometheusRule `<name>`, ConfigMap
   * `<name>-dashboard`. Jobs may be added before or after.
   */
  public addMonitoring(options: EtcdMonitoringOptions = {}): EtcdMonitoring {
    return new EtcdMonitoring(this, 'Monitoring', { ...options, cluster: this });
  }
}
