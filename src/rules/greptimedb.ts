import type { ApiObject } from 'cdk8s';
import type { ClusterConfig } from '../config/cluster';
import type { GreptimeDbConfig } from '../config/greptimedb';
import { GREPTIMEDB } from '../constants/greptimedb';
import { atLeast } from '../constants/version';
import { EtcdLogin } from '../props/auth';
import { EtcdWarning } from '../props/warning';
import type { GreptimeDbMeta } from '../config/greptimedb-cluster';
import type { Problems } from '../checks/problems';
import type { Warnings } from './warnings';

/** What GreptimeDB's Metasrv needs from an etcd cluster. */
export function checkGreptimeDb(
  greptimeDb: GreptimeDbConfig,
  { etcd, tls, auth }: ClusterConfig,
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
  checkMetasrvTls(greptimeDb, tls, problems);
  checkMetasrvUser(greptimeDb, auth, problems);
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

function checkMetasrvTls(greptimeDb: GreptimeDbConfig, tls: ClusterConfig['tls'], problems: Problems): void {
  const { clientCertificate, greptimeDbVersion, chartVersion } = greptimeDb;
  if (problems.touch('clientCertificate')) return;
  if (!clientCertificate) {
    if (tls && !tls.allowPlainHttp)
      problems.add(
        'clientCertificate',
        'is required, because members of the cluster serve TLS only; set it to a Secret with a client certificate',
      );
  } else if (!tls)
    problems.add(
      'clientCertificate',
      'has no effect, because the cluster has no tls; set tls on the cluster, or remove it',
      clientCertificate.name,
    );
  else if (!atLeast(greptimeDbVersion, GREPTIMEDB.metasrvTls) && !problems.touch('greptimeDbVersion'))
    problems.add(
      'greptimeDbVersion',
      `expected ${GREPTIMEDB.metasrvTls} or newer, because older releases of Metasrv cannot connect to etcd over TLS; upgrade GreptimeDB first`,
      greptimeDbVersion,
    );
  else if (!atLeast(chartVersion, GREPTIMEDB.chartConfigData) && !problems.touch('chartVersion'))
    problems.add(
      'chartVersion',
      `expected ${GREPTIMEDB.chartConfigData} or newer, because older charts cannot configure TLS; upgrade the chart first`,
      chartVersion,
    );
}

/** No release of GreptimeDB can send a password to etcd. */
function checkMetasrvUser(
  { clientCertificate }: GreptimeDbConfig,
  auth: ClusterConfig['auth'],
  problems: Problems,
): void {
  if (!auth?.enabled || problems.touch('clientCertificate')) return;
  if (!clientCertificate)
    problems.add(
      'clientCertificate',
      'is required, because authentication is enabled, and no release of GreptimeDB has a setting for a password of etcd; set it to a certificate whose common name is a user with EtcdLogin.CERTIFICATE',
    );
  else if (!auth.users.some(({ login }) => login === EtcdLogin.CERTIFICATE))
    problems.add(
      'clientCertificate',
      'no user of the cluster logs in with a certificate; add one to auth.users, with the common name of this certificate',
      clientCertificate.name,
    );
}

/** As `[backend_tls]`, `backend_tls.mode = ...` or `backend_tls = {...}`. TOML allows quotes and spaces. */
const TOML_TABLE = /^\s*(?:\[\s*(["']?)backend_tls\1\s*[\].]|(["']?)backend_tls\2\s*[.=])/m;

/** Why endpoints cannot be set on an object, or undefined. */
export function greptimeDbClusterProblem(
  object: ApiObject,
  { backendStorage = {}, enableCheckEtcdService, config = '' }: GreptimeDbMeta = {},
  withTls = false,
): string | undefined {
  const { apiVersion, kind } = object;
  if (kind !== GREPTIMEDB.kind || apiVersion.split('/')[0] !== GREPTIMEDB.apiGroup)
    return `expected a ${GREPTIMEDB.kind} of ${GREPTIMEDB.apiGroup}`;
  const other = Object.keys(backendStorage).find((name) => name !== 'etcd');
  if (withTls && (enableCheckEtcdService || backendStorage.etcd?.enableCheckEtcdService))
    return 'has enableCheckEtcdService, and the operator connects to etcd without TLS; remove it';
  if (withTls && TOML_TABLE.test(config)) return 'already has [backend_tls] in its config; remove that section';
  return other && `already has the metadata store ${other}, and the operator accepts one store only; remove ${other}`;
}
