import type { ApiObject } from 'cdk8s';
import type { ClusterConfig } from '../config/cluster';
import type { GreptimeDbConfig } from '../config/greptimedb';
import { GREPTIMEDB } from '../constants/greptimedb';
import { atLeast } from '../constants/version';
import { EtcdWarning } from '../props/warning';
import type { Problems } from '../checks/problems';
import type { Warnings } from './warnings';

/** What GreptimeDB's Metasrv needs of an etcd cluster. */
export function checkGreptimeDb(
  greptimeDb: GreptimeDbConfig,
  { etcd }: ClusterConfig,
  problems: Problems,
  warnings: Warnings,
): void {
  const { everyMember, chartVersion, maxTxnOps, maxMetadataValueBytes } = greptimeDb;
  if (everyMember && !atLeast(chartVersion, GREPTIMEDB.chartList) && !problems.touch('chartVersion'))
    problems.add(
      'everyMember',
      `the chart greptimedb-cluster ${chartVersion} takes one endpoint; use ${GREPTIMEDB.chartList} or newer`,
      true,
    );
  if (etcd.maxTxnOps < maxTxnOps) {
    warnings.add(
      EtcdWarning.GREPTIMEDB_LIMITS,
      `maxTxnOps: Metasrv sends transactions of up to ${maxTxnOps} operations, and etcd takes ${etcd.maxTxnOps}; ` +
        `raise maxTxnOps of the cluster, or lower Metasrv's max_txn_ops and say so here`,
    );
  }
  const request = maxMetadataValueBytes + GREPTIMEDB.keyBytes;
  if (etcd.maxRequest < request) {
    warnings.add(
      EtcdWarning.GREPTIMEDB_LIMITS,
      `maxMetadataValue: Metasrv sends requests of up to ${request} bytes, and etcd takes ${etcd.maxRequest}; ` +
        `raise maxRequest of the cluster, or lower Metasrv's procedure.max_metadata_value_size and say so here`,
    );
  }
}

/** Why an object can't be told of its metadata store, or nothing. */
export function greptimeDbClusterProblem(object: ApiObject, backendStorage: object = {}): string | undefined {
  const { apiVersion, kind } = object;
  if (kind !== GREPTIMEDB.kind || apiVersion.split('/')[0] !== GREPTIMEDB.apiGroup)
    return `expected a ${GREPTIMEDB.kind} of ${GREPTIMEDB.apiGroup}`;
  const other = Object.keys(backendStorage).find((name) => name !== 'etcd');
  return other && `keeps its metadata in ${other} already, and its operator takes one store only; take it away`;
}
