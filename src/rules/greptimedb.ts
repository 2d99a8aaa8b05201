import type { ApiObject } from 'cdk8s';
import type { ClusterConfig } from '../config/cluster';
import type { GreptimeDbConfig } from '../config/greptimedb';
import { GREPTIMEDB } from '../constants/greptimedb';
import { atLeast } from '../constants/version';
import { EtcdWarning } from '../props/warning';
import type { Problems } from '../checks/problems';
import type { Warnings } from './warnings';

/** What GreptimeDB's Metasrv needs from an etcd cluster. */
export function checkGreptimeDb(
  greptimeDb: GreptimeDbConfig,
  { etcd, tls }: ClusterConfig,
  problems: Problems,
  warnings: Warnings,
): void {
  const { endpointPerMember, chartVersion, maxTxnOps, maxMetadataValueBytes } = greptimeDb;
  if (endpointPerMember && !atLeast(chartVersion, GREPTIMEDB.chartList) && !problems.touch('chartVersion'))
    problems.add(
      'endpointPerMember',
      `the chart greptimedb-cluster ${chartVersion} accepts one endpoint only; use chart ${GREPTIMEDB.chartList} or later, or remove it`,
      true,
    );
  if (tls)
    problems.add(
      'cluster',
      'has tls, and cdk8s-etcd cannot give client certificates to GreptimeDB yet; leave tls out of that cluster',
    );
  if (etcd.maxTxnOps < maxTxnOps) {
    warnings.add(
      EtcdWarning.GREPTIMEDB_LIMITS,
      `maxTxnOps: Metasrv sends transactions of up to ${maxTxnOps} operations, but etcd accepts ${etcd.maxTxnOps}; raise maxTxnOps of the etcd cluster, or lower Metasrv's max_txn_ops and set the same value here`,
    );
  }
  const request = maxMetadataValueBytes + GREPTIMEDB.keyBytes;
  if (etcd.maxRequest < request) {
    warnings.add(
      EtcdWarning.GREPTIMEDB_LIMITS,
      `maxMetadataValue: Metasrv sends requests of up to ${request} bytes, but etcd accepts ${etcd.maxRequest}; raise maxRequest of the etcd cluster, or lower Metasrv's procedure.max_metadata_value_size and set the same value here`,
    );
  }
}

/** Why endpoints cannot be set on an object, or undefined. */
export function greptimeDbClusterProblem(object: ApiObject, backendStorage: object = {}): string | undefined {
  const { apiVersion, kind } = object;
  if (kind !== GREPTIMEDB.kind || apiVersion.split('/')[0] !== GREPTIMEDB.apiGroup)
    return `expected a ${GREPTIMEDB.kind} of ${GREPTIMEDB.apiGroup}`;
  const other = Object.keys(backendStorage).find((name) => name !== 'etcd');
  return other && `already has the metadata store ${other}, and the operator accepts one store only; remove ${other}`;
}
