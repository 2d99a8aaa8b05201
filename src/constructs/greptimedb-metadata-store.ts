import { Chart, JsonPatch, type ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { resolveGreptimeDb, type GreptimeDbConfig } from '../config/greptimedb';
import { GREPTIMEDB } from '../constants/greptimedb';
import { atLeast } from '../constants/version';
import type { EtcdNetworkPeer } from '../props/network';
import { GREPTIMEDB_STORE, type GreptimeDbOptions } from '../props/greptimedb';
import { checkGreptimeDb, greptimeDbClusterProblem } from '../rules/greptimedb';
import type { Problems } from '../checks/problems';
import type { IEtcdCluster } from './interfaces';
import { checkOptions } from './options';
import { reportAtSynth } from './report';

/** How a GreptimeDB finds its metadata store, and what it asks of it. */
export interface GreptimeDbMetadataStoreProps extends GreptimeDbOptions {
  /** The etcd cluster. Another one here, such as the one restored from a snapshot, changes all that is made from it. */
  readonly cluster: IEtcdCluster;
}

/**
 * Tells a GreptimeDB that an etcd cluster is its metadata store, in the form that its operator or chart reads. It makes no
 * object. Whatever it gives follows the cluster: name another one, and the same commit changes it everywhere.
 * @see https://docs.greptime.com/user-guide/deployments-administration/manage-metadata/configuration
 */
export class GreptimeDbMetadataStore extends Construct {
  /**
   * The pods that need the client port, for `networkPolicy.clients` of the etcd cluster, which is made before the store.
   * With a name, Metasrv of this GreptimeDBCluster only; the operator asks etcd too, when `enableCheckEtcdService` is set.
   */
  public static metasrv(namespace: string, clusterName?: string): EtcdNetworkPeer {
    const namespaceLabels = { 'kubernetes.io/metadata.name': namespace };
    if (clusterName === undefined) return { namespaceLabels };
    return { namespaceLabels, podLabels: { [GREPTIMEDB.componentLabel]: `${clusterName}-meta` } };
  }

  /** `host:port` of the etcd cluster's Service, or of each member with `endpointPerMember`: Metasrv takes them without a scheme. */
  public readonly endpoints: string[];
  /** The pods that use the endpoints, as `metasrv()` gives them. */
  public readonly networkPeer: EtcdNetworkPeer;

  private readonly config: GreptimeDbConfig;
  private readonly problems: Problems;

  public constructor(scope: Construct, id: string, props: GreptimeDbMetadataStoreProps) {
    super(scope, id);
    const { cluster, ...options } = props;
    const given = { ...options, namespace: options.namespace ?? Chart.of(this).namespace };
    const { checked, problems, warnings } = checkOptions(cluster, given, GREPTIMEDB_STORE);
    if (checked.namespace === undefined && !problems.touch('namespace'))
      problems.add('namespace', 'required here or on the chart: it is that of the GreptimeDBCluster');
    this.config = resolveGreptimeDb(checked);
    checkGreptimeDb(this.config, cluster._config, problems, warnings);
    reportAtSynth(this, problems, warnings);

    this.problems = problems;
    const urls = this.config.endpointPerMember ? cluster.memberEndpoints : [cluster.clientEndpoint];
    this.endpoints = urls.map((url) => url.replace(/^https?:\/\//, ''));
    this.networkPeer = GreptimeDbMetadataStore.metasrv(this.config.namespace, this.config.clusterName);
  }

  /** What belongs into `spec.meta` of a GreptimeDBCluster. */
  public metaSpec(): { [key: string]: unknown } {
    return atLeast(this.config.operatorVersion, GREPTIMEDB.operatorBackendStorage)
      ? { backendStorage: { etcd: { endpoints: this.endpoints } } }
      : { etcdEndpoints: this.endpoints };
  }

  /** What belongs into the values of the Helm chart `greptimedb-cluster`. */
  public helmValues(): { [key: string]: unknown } {
    const { chartVersion } = this.config;
    const endpoints = atLeast(chartVersion, GREPTIMEDB.chartList) ? this.endpoints : this.endpoints.join(',');
    return atLeast(chartVersion, GREPTIMEDB.chartBackendStorage)
      ? { meta: { backendStorage: { etcd: { endpoints } } } }
      : { meta: { etcdEndpoints: endpoints } };
  }

  /**
   * Patches a GreptimeDBCluster: sets the endpoints, takes the field of other releases away, keeps all else. An object of
   * another kind, and one whose metadata is kept in MySQL or PostgreSQL, is a problem when the app is synthesized.
   */
  public applyTo(greptimeDbCluster: ApiObject): void {
    const { spec } = greptimeDbCluster.toJson() as { readonly spec?: Spec };
    const problem = greptimeDbClusterProblem(greptimeDbCluster, spec?.meta?.backendStorage);
    if (problem !== undefined) {
      this.problems.add('applyTo', problem, `${greptimeDbCluster.kind} ${greptimeDbCluster.name}`);
      return;
    }
    const { etcdEndpoints: _, backendStorage, ...meta } = spec?.meta ?? {};
    const made = this.metaSpec() as Meta;
    const etcd = { ...backendStorage?.etcd, ...made.backendStorage?.etcd };
    const patched = { ...meta, ...made, ...(made.backendStorage && { backendStorage: { ...backendStorage, etcd } }) };
    greptimeDbCluster.addJsonPatch(
      spec === undefined ? JsonPatch.add('/spec', { meta: patched }) : JsonPatch.add('/spec/meta', patched),
    );
  }
}

/** What is read of a GreptimeDBCluster. */
interface Spec {
  readonly meta?: Meta;
}

interface Meta {
  readonly etcdEndpoints?: string[];
  readonly backendStorage?: { readonly etcd?: object };
}
