import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import type { CLIENT_CERTIFICATE } from '../props/client-certificate';
import type { ClusterConfig } from './cluster';
import type { CertManagerConfig } from './tls';

/** The certificate of one client. All defaults are applied. */
export interface ClientCertificateConfig {
  readonly name: string;
  readonly commonName: string;
  readonly namespace: string;
  readonly lifetimeSeconds: number;
  readonly renewBeforeSeconds: number;
}

export function resolveClientCertificate(
  options: Checked<typeof CLIENT_CERTIFICATE>,
  { namespace }: ClusterConfig,
  certManager: CertManagerConfig | undefined,
): ClientCertificateConfig {
  const lifetimeSeconds = options.lifetime ?? certManager?.lifetimeSeconds ?? DEFAULTS.certManager.lifetime;
  return {
    name: options.name ?? 'invalid',
    commonName: options.commonName ?? 'invalid',
    namespace: options.namespace ?? namespace,
    lifetimeSeconds,
    renewBeforeSeconds: options.renewBefore ?? Math.floor(lifetimeSeconds / 3),
  };
}
