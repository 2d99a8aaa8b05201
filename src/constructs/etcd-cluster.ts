import { Chart, type ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { ClusterJobs } from '../config/alerts';
import type { ClusterConfig } from '../config/cluster';
import { clientDomain, clientUrl, memberNames, scheme } from '../config/etcd-options';
import { resolveCluster } from '../config/cluster';
import {
  bringsSnapshots,
  jobNetworkPolicy,
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
import { isPlainObject, Problems } from '../checks/problems';
import { Warnings } from '../rules/warnings';
import { COMPONENT } from '../constants/names';
import { joinApp, leaveOut } from './app-content';
import type * as bitnami from './bitnami';
import { emit, emitAny } from './emit';
import { EtcdDefrag } from './etcd-defrag';
import { EtcdMonitoring } from './etcd-monitoring';
import { EtcdSnapshots } from './etcd-snapshots';
import type { IEtcdCluster } from './interfaces';
import { once } from './options';
import { reportAtSynth } from './report';

/**
 * An etcd cluster: StatefulSet, Services, PodDisruptionBudget, NetworkPolicy, ServiceAccount and scripts.
 *
 * Invalid values are reported when the app is synthesized, together with all other problems of the app. No file is
 * written then.
 */
export class EtcdCluster extends Construct implements IEtcdCluster {
  /** The StatefulSet of the members. */
  public readonly statefulSet: ApiObject;
  /** The headless Service, which gives the members' pods their DNS names. */
  public readonly headlessService: ApiObject;
  /** The Service of each member, by ordinal. Its address stays the same when the pod is replaced. */
  public readonly memberServices: ApiObject[];
  /**
   * The Service of each member for clients outside the Kubernetes cluster, by ordinal. Empty without `externalAccess`.
   */
  public readonly externalServices: ApiObject[];
  /** The Service for clients. Undefined if it is turned off. */
  public readonly clientService?: ApiObject;
  /** The PodDisruptionBudget. Undefined if it is turned off. */
  public readonly podDisruptionBudget?: ApiObject;
  /** The NetworkPolicy of the members. Undefined if it is turned off. */
  public readonly networkPolicy?: ApiObject;
  /** The NetworkPolicy of the pods that serve snapshots. Undefined without restores, or if it is turned off. */
  public readonly restoreNetworkPolicy?: ApiObject;
  /** The NetworkPolicy for egress of the restore Job. Undefined without the Job, and unless the cluster restricts egress. */
  public readonly restoreEgressPolicy?: ApiObject;
  /** The Service through which members find the job that serves a snapshot. Undefined without restores. */
  public readonly restoreService?: ApiObject;
  /**
   * The Job that serves the snapshot of `restoreFrom` to the members. Undefined without `restoreFrom`, and if the
   * restore is done.
   */
  public readonly restoreJob?: ApiObject;
  /** The members' ServiceAccount. Undefined if it is not created here. */
  public readonly serviceAccount?: ApiObject;
  /** Certificates and Issuers of cert-manager. Empty unless cert-manager issues the certificates. */
  public readonly certificates: ApiObject[];
  /** The ConfigMap with the settings that members read while they run. */
  public readonly settings: ApiObject;
  /** The ConfigMap with the scripts of the members' pods. */
  public readonly scripts: ApiObject;

  /** Name of the cluster. */
  public readonly name: string;
  /** Namespace of the cluster's objects. */
  public readonly namespace: string;
  /**
   * The URL for clients: that of the client Service, such as `http://etcd.etcd-cluster.svc.cluster.local:2379`. If
   * there is no client Service, it is the URL of the headless Service. With TLS it is `https`, and `http` while
   * `allowPlainHttp` is set.
   */
  public readonly clientEndpoint: string;
  /**
   * The URL of each member, for clients that use several endpoints, such as
   * `http://etcd-0.etcd-cluster.svc.cluster.local:2379`.
   */
  public readonly memberEndpoints: string[];
  /** `clientEndpoint` with `https`, also while `allowPlainHttp` is set. Undefined without TLS. */
  public readonly tlsClientEndpoint?: string;
  /** `memberEndpoints` with `https`, also while `allowPlainHttp` is set. Undefined without TLS. */
  public readonly tlsMemberEndpoints?: string[];

  /** @internal */
  public readonly _config: ClusterConfig;
  /** @internal */
  public readonly _problems: Problems;
  private _jobScripts?: ApiObject;
  /** @internal The jobs register here, for the alerts. */
  public readonly _jobs: ClusterJobs = {};

  /**
   * Creates the cluster of a release of Bitnami's chart etcd 11.3.4 from its values, with its jobs and its PodMonitor.
   * Names, selectors, claims, ports and settings are the same, so the cluster can be migrated in place. Values that
   * cannot be imported are reported when the app is synthesized, with their line. Values that protect the cluster and
   * that this library does not support are refused. `npx cdk8s-etcd from-bitnami values.yaml` prints the
   * same as code, with a report.
   */
  public static fromBitnamiValues(scope: Construct, id: string, options: EtcdBitnamiOptions): EtcdCluster {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- only imports need the YAML parser
    const { bitnamiCluster } = require('./bitnami') as typeof bitnami;
    return bitnamiCluster(options, (props) => new EtcdCluster(scope, id, props));
  }

  public constructor(scope: Construct, id: string, props: EtcdClusterProps) {
    super(scope, id);
    const problems = new Problems();
    const isGiven = props === undefined || isPlainObject(props);
    const inherited = { ...props, namespace: props?.namespace ?? Chart.of(this).namespace };
    const checked = checkStruct(isGiven ? inherited : props, CLUSTER, ['name'], '', problems) ?? {};
    if (isGiven && checked.namespace === undefined && !problems.touch('namespace')) {
      problems.add('namespace', 'is required here or on the chart, because it is part of the members’ URLs; set it');
    }
    const config = resolveCluster(checked);
    const warnings = new Warnings(config.acknowledged);
    checkCluster(config, problems, warnings);
    reportAtSynth(this, problems, warnings);
    const restored = config.restore.store?.claim;
    joinApp(this, this, restored && [{ prop: 'restoreFrom', name: restored.name }]);
    if (!isGiven || problems.touch('name', 'namespace')) leaveOut(this);

    this._config = config;
    this._problems = problems;
    this.name = config.name;
    this.namespace = config.namespace;
    this.clientEndpoint = clientUrl(config);
    this.memberEndpoints = memberNames(config).map(
      (member) => `${scheme(config)}://${member}.${clientDomain(config)}:${config.etcd.ports.client}`,
    );
    if (config.tls) {
      this.tlsClientEndpoint = clientUrl(config, 'https');
      this.tlsMemberEndpoints = this.memberEndpoints.map((url) => url.replace(/^http:/, 'https:'));
    }

    const scripts = loadScripts().member;
    // What pods need comes first, because `kubectl apply` applies the objects in order.
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
      const { remote } = config.restore.store;
      const policy = jobNetworkPolicy(config, config.names.restoreEgress, COMPONENT.restore, remote !== undefined);
      this.restoreEgressPolicy = emitAny(this, 'RestoreEgressPolicy', policy);
      this.restoreJob = emit(this, 'Restore', restoreJob(config, config.restore, config.restore.store));
    }
    if (config.onTotalLoss === EtcdTotalLoss.RESTORE_NEWEST && !problems.touch('onTotalLoss')) this.askForSnapshots();
  }

  private askForSnapshots(): void {
    this.node.addValidation({
      validate: () =>
        this._jobs.snapshots
          ? []
          : ['onTotalLoss: needs snapshots to restore from; call addSnapshots(...) on this cluster'],
    });
  }

  /** The ConfigMap with the scripts of the jobs' pods. Undefined if the cluster has no job. */
  public get jobScripts(): ApiObject | undefined {
    return this._jobScripts;
  }

  /** @internal Creates the scripts of the jobs, once. */
  public _needJobScripts(): void {
    this._jobScripts ??= emit(this, 'JobScripts', jobScripts(this._config, loadScripts().job));
  }

  /** Adds the CronJob `<name>-snapshotter`, which takes snapshots on a schedule. Can be called once. */
  public addSnapshots(options: EtcdSnapshotsOptions): EtcdSnapshots {
    return once(
      this,
      'Snapshots',
      EtcdSnapshots,
      () => new EtcdSnapshots(this, 'Snapshots', { ...options, cluster: this }),
    );
  }

  /** Adds the CronJob `<name>-defrag`, which defragments members on a schedule. Can be called once. */
  public addDefrag(options: EtcdDefragOptions = {}): EtcdDefrag {
    return once(this, 'Defrag', EtcdDefrag, () => new EtcdDefrag(this, 'Defrag', { ...options, cluster: this }));
  }

  /**
   * Adds monitoring: the PodMonitor and the PrometheusRule `<name>`, and the ConfigMap `<name>-dashboard` for Grafana.
   * Jobs can be added before or after. Can be called once.
   */
  public addMonitoring(options: EtcdMonitoringOptions = {}): EtcdMonitoring {
    return once(
      this,
      'Monitoring',
      EtcdMonitoring,
      () => new EtcdMonitoring(this, 'Monitoring', { ...options, cluster: this }),
    );
  }
}
