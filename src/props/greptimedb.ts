import { type Fields } from '../checks/struct';
import { bytes, flag, type Grammar, text, whole } from '../checks/values';
import { GREPTIMEDB } from '../constants/greptimedb';
import { atLeast } from '../constants/version';
import { dnsLabelProblem } from '../grammar/names';

/** How a GreptimeDB finds its metadata store, and what it asks of it. */
export interface GreptimeDbOptions {
  /**
   * Release of the GreptimeDB operator, such as `0.6.0`: from 0.3.0 on it reads `spec.meta.backendStorage.etcd.endpoints`,
   * before that `spec.meta.etcdEndpoints`. Refused below 0.1.0.
   * @default '0.6.0'
   * @see https://github.com/GreptimeTeam/greptimedb-operator/releases
   */
  readonly operatorVersion?: string;

  /**
   * Version of the Helm chart `greptimedb-cluster`, for `helmValues()`: from 0.4.5 on it reads
   * `meta.backendStorage.etcd.endpoints`, from 0.7.2 on as a list. Refused below 0.1.1.
   * @default '0.8.30'
   * @see https://github.com/GreptimeTeam/helm-charts/tree/main/charts/greptimedb-cluster
   */
  readonly chartVersion?: string;

  /**
   * Name every member instead of the Service. Metasrv then spreads its requests over them; but a change of `replicas`
   * changes its configuration, and so restarts it. Refused with a chart before 0.7.2, which takes one endpoint.
   * @default false
   */
  readonly everyMember?: boolean;

  /**
   * Namespace of the GreptimeDBCluster, for the NetworkPolicy.
   * @default - the chart's namespace; one of the two must be given
   */
  readonly namespace?: string;

  /**
   * Name of the GreptimeDBCluster: then `networkPeer` is its Metasrv only.
   * @default - every pod of the namespace
   */
  readonly clusterName?: string;

  /**
   * Metasrv's own `max_txn_ops`, most operations of its transactions: `maxTxnOps` of the etcd cluster must not be less.
   * @default 128
   * @see https://github.com/GreptimeTeam/greptimedb/blob/v1.0.0/src/meta-srv/src/metasrv.rs
   */
  readonly maxTxnOps?: number;

  /**
   * Metasrv's own `procedure.max_metadata_value_size`, a Kubernetes quantity: it splits larger values. `maxRequest` of the
   * etcd cluster must have room for it, and for a key of 36Ki.
   * @default '1500Ki'
   * @see https://github.com/GreptimeTeam/greptimedb/blob/v1.0.0/config/metasrv.example.toml
   */
  readonly maxMetadataValue?: string;
}

function release(of: string, first: string): Grammar {
  return (value) => {
    if (!/^\d+\.\d+\.\d+$/.test(value)) return `expected a version of ${of} such as 0.6.0 (no leading v)`;
    return atLeast(value, first) ? undefined : `expected ${first} or newer, the first release of ${of}`;
  };
}

export const GREPTIMEDB_STORE = {
  operatorVersion: text(release('the GreptimeDB operator', GREPTIMEDB.operatorFirst)),
  chartVersion: text(release('the chart greptimedb-cluster', GREPTIMEDB.chartFirst)),
  everyMember: flag,
  namespace: text(dnsLabelProblem),
  clusterName: text(dnsLabelProblem),
  maxTxnOps: whole(1, 100_000),
  maxMetadataValue: bytes,
} satisfies Fields<GreptimeDbOptions>;
