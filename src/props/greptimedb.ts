import { type Fields } from '../checks/struct';
import { bytes, flag, type Grammar, text, whole } from '../checks/values';
import { GREPTIMEDB } from '../constants/greptimedb';
import { atLeast } from '../constants/version';
import { dnsLabelProblem } from '../grammar/names';
import { CERTIFICATE_SECRET, type EtcdCertificateSecret } from './tls';

/** Options of a GreptimeDB cluster that keeps its metadata in etcd. */
export interface GreptimeDbOptions {
  /**
   * Version of the GreptimeDB operator, such as `0.6.0`. Version 0.3.0 and later read
   * `spec.meta.backendStorage.etcd.endpoints`, older ones `spec.meta.etcdEndpoints`. Versions before 0.1.0 are refused.
   * @default '0.6.0'
   * @see https://github.com/GreptimeTeam/greptimedb-operator/releases
   */
  readonly operatorVersion?: string;

  /**
   * Version of the Helm chart `greptimedb-cluster`, for `helmValues()`. Version 0.4.5 and later read
   * `meta.backendStorage.etcd.endpoints`, 0.7.2 and later as a list. Versions before 0.1.1 are refused.
   * @default '0.8.30'
   * @see https://github.com/GreptimeTeam/helm-charts/tree/main/charts/greptimedb-cluster
   */
  readonly chartVersion?: string;

  /**
   * Version of GreptimeDB, whose Metasrv connects to etcd. Versions before 0.17.0 are refused with `clientCertificate`.
   * @default '1.0.0'
   * @see https://github.com/GreptimeTeam/greptimedb/releases
   */
  readonly greptimeDbVersion?: string;

  /**
   * The Secret with Metasrv's client certificate, in the namespace of the GreptimeDBCluster. Metasrv then connects over
   * TLS. It reads the files when it starts. Required if members serve TLS only, refused if they have no TLS. Sets
   * `[backend_tls]` in Metasrv's configuration, a volume and its mount.
   * @default - Metasrv connects over plain HTTP
   */
  readonly clientCertificate?: EtcdCertificateSecret;

  /**
   * Whether to list an endpoint for each member instead of the client Service. Metasrv then spreads its requests over
   * the members. But a change of `replicas` changes Metasrv's configuration, and restarts it. Refused with a chart
   * before 0.7.2, which accepts one endpoint only.
   * @default false
   */
  readonly endpointPerMember?: boolean;

  /**
   * Namespace of the GreptimeDBCluster, for the NetworkPolicy.
   * @default - the namespace of the chart. Set one of the two
   */
  readonly namespace?: string;

  /**
   * Name of the GreptimeDBCluster. With it, `networkPeer` selects the pods of its Metasrv only.
   * @default - `networkPeer` selects all pods of the namespace
   */
  readonly clusterName?: string;

  /**
   * Metasrv's setting `max_txn_ops`: the largest number of operations in a transaction. `maxTxnOps` of the etcd cluster
   * must be at least this number.
   * @default 128
   * @see https://github.com/GreptimeTeam/greptimedb/blob/v1.0.0/src/meta-srv/src/metasrv.rs
   */
  readonly maxTxnOps?: number;

  /**
   * Metasrv's setting `procedure.max_metadata_value_size`, as a Kubernetes quantity. Metasrv splits larger values.
   * `maxRequest` of the etcd cluster must be at least this size plus 36Ki for the key.
   * @default '1500Ki'
   * @see https://github.com/GreptimeTeam/greptimedb/blob/v1.0.0/config/metasrv.example.toml
   */
  readonly maxMetadataValue?: string;
}

function release(of: string, first: string): Grammar {
  return (value) => {
    if (!/^\d+\.\d+\.\d+$/.test(value)) return `expected a version of ${of} such as 0.6.0, without a leading v`;
    return atLeast(value, first) ? undefined : `expected ${first} or newer, the first release of ${of}`;
  };
}

export const GREPTIMEDB_STORE = {
  operatorVersion: text(release('the GreptimeDB operator', GREPTIMEDB.operatorFirst)),
  chartVersion: text(release('the chart greptimedb-cluster', GREPTIMEDB.chartFirst)),
  greptimeDbVersion: text(release('GreptimeDB', GREPTIMEDB.first)),
  clientCertificate: CERTIFICATE_SECRET,
  endpointPerMember: flag,
  namespace: text(dnsLabelProblem),
  clusterName: text(dnsLabelProblem),
  maxTxnOps: whole(1, 100_000),
  maxMetadataValue: bytes(),
} satisfies Fields<GreptimeDbOptions>;
