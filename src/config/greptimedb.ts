import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import type { GREPTIMEDB_STORE } from '../props/greptimedb';
import { resolveSecret, type CertificateSecret } from './tls';

/** What the construct needs. All defaults are applied. */
export interface GreptimeDbConfig {
  readonly namespace: string;
  readonly clusterName: string | undefined;
  readonly operatorVersion: string;
  readonly chartVersion: string;
  readonly greptimeDbVersion: string;
  /** Undefined: Metasrv connects over plain HTTP. */
  readonly clientCertificate: CertificateSecret | undefined;
  readonly endpointPerMember: boolean;
  readonly maxTxnOps: number;
  readonly maxMetadataValueBytes: number;
}

export function resolveGreptimeDb(options: Checked<typeof GREPTIMEDB_STORE>): GreptimeDbConfig {
  const defaults = DEFAULTS.greptimeDb;
  return {
    namespace: options.namespace ?? 'invalid',
    clusterName: options.clusterName,
    operatorVersion: options.operatorVersion ?? defaults.operatorVersion,
    chartVersion: options.chartVersion ?? defaults.chartVersion,
    greptimeDbVersion: options.greptimeDbVersion ?? defaults.greptimeDbVersion,
    clientCertificate: options.clientCertificate && resolveSecret({ name: 'invalid', ...options.clientCertificate }),
    endpointPerMember: options.endpointPerMember ?? defaults.endpointPerMember,
    maxTxnOps: options.maxTxnOps ?? defaults.maxTxnOps,
    maxMetadataValueBytes: options.maxMetadataValue ?? defaults.maxMetadataValue,
  };
}
