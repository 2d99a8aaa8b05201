import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { resolveGreptimeDb, type GreptimeDbConfig } from '../config/greptimedb';
import { GREPTIMEDB } from '../constants/greptimedb';
import { atLeast } from '../constants/version';
import type { EtcdNetworkPeer } from '../props/network';
import { mergeMeta, type GreptimeDbMeta, type GreptimeDbSpec } from '../config/greptimedb-cluster';
import { metasrvTls, type MetasrvTls } from '../manifests/metasrv-tls';
import { GREPTIMEDB_STORE, type GreptimeDbOptions } from '../props/greptimedb';
import { checkGreptimeDb, greptimeDbClusterProblem } from '../rules/greptimedb';
import type { Problems } from '../checks/problems';
import type { IEtcdCluster } from './interfaces';
import { checkOptions, ofCaller } from './options';
import { reportAtSynth } from './report';

/** Properties of `GreptimeDbMetadataStore`. */
export interface GreptimeDbMetadataStoreProps extends GreptimeDbOptions {
  /** The etcd cluster with the metadata. To switch to another cluster, such as a restored one, change it here. */
  readonly cluster: IEtcdCluster;
}

/**
 * The settings of a GreptimeDB cluster that keeps its metadata in an etcd cluster, in the form that its operator or its
 * Helm chart reads. It creates no object.
 * @see https://docs.greptime.com/user-guide/deployments-administration/manage-metadata/configuration
 */
export class GreptimeDbMetadataStore extends Construct {
  /**
   * The pods that need the client port, for `networkPolicy.clients` of the etcd cluster. With a name, only the Metasrv
   * of this GreptimeDBCluster. With `enableCheckEtcdService`, the operator also connects to etcd.
   */
  public static metasrv(namespace: string, clusterName?: string): EtcdNetworkPeer {
    const namespaceLabels = { 'kubernetes.io/metadata.name': namespace };
    if (clusterName === undefined) return { namespaceLabels };
    return { namespaceLabels, podLabels: { [GREPTIMEDB.componentLabel]: `${clusterName}-meta` } };
  }

  /**
   * `host:port` of the client Service, or of each member with `endpointPerMember`. Without a scheme, as Metasrv
   * expects.
   */
  public readonly endpoints: string[];
  /** The pods that use the endpoints, as returned by `metasrv()`. */
  public readonly networkPeer: EtcdNetworkPeer;

  private readonly config: GreptimeDbConfig;
  private readonly problems: Problems;
  private readonly tls?: MetasrvTls;

  public constructor(scope: Construct, id: string, props: GreptimeDbMetadataStoreProps) {
    super(scope, id);
    const { cluster, ...options } = ofCaller(props);
    const given = { ...options, namespace: options.namespace ?? Chart.of(this).namespace };
    const { checked, problems, warnings } = checkOptions(cluster, given, GREPTIMEDB_STORE);
    if (checked.namespace === undefined && !problems.touch('namespace'))
      problems.add(
        'namespace',
        'is required here or on the chart, because it is the namespace of the GreptimeDBCluster; set it',
      );
    this.config = resolveGreptimeDb(checked);
    if (!cluster._problems.touch('tls', 'auth')) checkGreptimeDb(this.config, cluster._config, problems, warnings);
    reportAtSynth(this, problems, warnings);

    this.problems = problems;
    const { clientCertificate } = this.config;
    if (clientCertificate) this.tls = metasrvTls(clientCertificate);
    const urls = this.config.endpointPerMember ? cluster.memberEndpoints : [cluster.clientEndpoint];
    this.endpoints = urls.map((url) => url.replace(/^https?:\/\//, ''));
    this.networkPeer = GreptimeDbMetadataStore.metasrv(this.config.namespace, this.config.clusterName);
  }

  /** The fields for `spec.meta` of a GreptimeDBCluster. */
  public metaSpec(): { [key: string]: unknown } {
    const endpoints = atLeast(this.config.operatorVersion, GREPTIMEDB.operatorBackendStorage)
      ? { backendStorage: { etcd: { endpoints: this.endpoints } } }
      : { etcdEndpoints: this.endpoints };
    const { tls } = this;
    return tls ? { ...endpoints, config: tls.config, template: tls.template } : endpoints;
  }

  /** The values for the Helm chart `greptimedb-cluster`. It ignores `meta.configData` if `meta.configFile` is set. */
  public helmValues(): { [key: string]: unknown } {
    const { chartVersion } = this.config;
    const list = atLeast(chartVersion, GREPTIMEDB.chartList) ? this.endpoints : this.endpoints.join(',');
    const endpoints = atLeast(chartVersion, GREPTIMEDB.chartBackendStorage)
      ? { backendStorage: { etcd: { endpoints: list } } }
      : { etcdEndpoints: list };
    const { tls } = this;
    return { meta: tls ? { ...endpoints, configData: tls.config, podTemplate: tls.template } : endpoints };
  }

  /**
   * Patches a GreptimeDBCluster: sets the endpoints, removes the field of other operator versions, and keeps all other
   * fields. With `clientCertificate`, it adds to the configuration, the volumes and the mounts. An object of another
   * kind, or one with its metadata in MySQL or PostgreSQL, is refused.
   */
  public applyTo(greptimeDbCluster: ApiObject): void {
    if (!ApiObject.isApiObject(greptimeDbCluster)) {
      this.problems.add('applyTo', `expected an ApiObject with kind ${GREPTIMEDB.kind}`, greptimeDbCluster);
      return;
    }
    const { spec } = greptimeDbCluster.toJson() as { readonly spec?: GreptimeDbSpec };
    const problem = greptimeDbClusterProblem(greptimeDbCluster, spec?.meta, this.tls !== undefined);
    if (problem !== undefined) {
      this.problems.add('applyTo', problem, `${greptimeDbCluster.kind} ${greptimeDbCluster.name}`);
      return;
    }
    const patched = mergeMeta(spec?.meta ?? {}, this.metaSpec() as GreptimeDbMeta);
    greptimeDbCluster.addJsonPatch(
      spec === undefined ? JsonPatch.add('/spec', { meta: patched }) : JsonPatch.add('/spec/meta', patched),
    );
  }
}
