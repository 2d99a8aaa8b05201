/** Versions in which GreptimeDB's operator and chart changed where they read the endpoints. */
export const GREPTIMEDB = {
  /**
   * From this version, the operator reads `spec.meta.backendStorage.etcd.endpoints`. Older ones read
   * `spec.meta.etcdEndpoints`, which v0.5.4 removed.
   * @see https://github.com/GreptimeTeam/greptimedb-operator/pull/274 and
   * https://github.com/GreptimeTeam/greptimedb-operator/pull/340
   */
  operatorBackendStorage: '0.3.0',
  operatorFirst: '0.1.0',
  /**
   * From this version, the chart greptimedb-cluster reads `meta.backendStorage.etcd.endpoints`. Older ones read
   * `meta.etcdEndpoints`, which 0.6.42 removed.
   * @see https://github.com/GreptimeTeam/helm-charts/pull/283 and https://github.com/GreptimeTeam/helm-charts/pull/368
   */
  chartBackendStorage: '0.4.5',
  /**
   * From this version, the chart accepts a list. Older ones accept a text with one endpoint.
   * @see https://github.com/GreptimeTeam/helm-charts/pull/375
   */
  chartList: '0.7.2',
  chartFirst: '0.1.1',
  /**
   * From this version, Metasrv connects to etcd over TLS.
   * @see https://github.com/GreptimeTeam/greptimedb/pull/6818
   */
  metasrvTls: '0.17.0',
  first: '0.1.0',
  /** From this version, the chart reads `meta.configData`. @see https://github.com/GreptimeTeam/helm-charts/releases/tag/greptimedb-cluster-0.2.6 */
  chartConfigData: '0.2.6',
  /** Where Metasrv's pods have the client certificate, and the name of its volume. */
  certificates: { folder: '/etc/etcd-tls', volume: 'etcd-tls' },
  apiGroup: 'greptime.io',
  kind: 'GreptimeDBCluster',
  /**
   * Label of Metasrv's pods, with the value `<cluster>-meta`.
   * @see https://github.com/GreptimeTeam/greptimedb-operator/blob/v0.6.0/controllers/constant/constant.go
   */
  componentLabel: 'app.greptime.io/component',
  /**
   * Part of a request that Metasrv reserves for the key.
   * @see https://github.com/GreptimeTeam/greptimedb/blob/v1.0.0/config/metasrv.example.toml
   */
  keyBytes: 36 * 1024,
} as const;
