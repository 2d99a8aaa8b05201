import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import type { Names } from '../constants/names';
import type { SECURITY } from '../props/security';
import type { EtcdCertificateSecret, EtcdTls } from '../props/tls';

export interface CertificateSecret {
  readonly name: string;
  readonly certificateKey: string;
  readonly privateKeyKey: string;
  readonly caKey: string;
}

export interface IssuerReference {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
}

/** Certificates that cert-manager issues. */
export interface CertManagerConfig {
  /** Undefined: a CA of the cluster's own. */
  readonly issuer: IssuerReference | undefined;
  readonly keyAlgorithm: string;
  readonly keySize: number;
  readonly lifetimeSeconds: number;
  readonly renewBeforeSeconds: number;
  readonly extraNames: readonly string[];
}

export interface CaSecret {
  readonly name: string;
  readonly key: string;
}

export interface TlsConfig {
  readonly server: CertificateSecret;
  readonly peer: CertificateSecret;
  readonly client: CertificateSecret;
  readonly requireClientCertificates: boolean;
  readonly minimumVersion: string;
  readonly cipherSuites: readonly string[];
  readonly allowPlainHttp: boolean;
  /** Whether the props say so, or it is the default. */
  readonly allowPlainHttpIsSet: boolean;
  readonly additionalCas: readonly CaSecret[];
  /** Undefined: the Secrets exist. */
  readonly certManager: CertManagerConfig | undefined;
}

export function resolveTls({ tls }: Checked<typeof SECURITY>, names: Names): TlsConfig | undefined {
  if (!tls) return undefined;
  const given = tls._options;
  const secrets = tls._secrets ?? {
    server: { name: names.serverTls },
    peer: { name: names.peerTls },
    client: { name: names.clientTls },
  };
  return {
    server: resolveSecret(secrets.server),
    peer: resolveSecret(secrets.peer),
    client: resolveSecret(secrets.client),
    requireClientCertificates: given.requireClientCertificates ?? DEFAULTS.tls.requireClientCertificates,
    minimumVersion: given.minimumVersion ?? DEFAULTS.tls.minimumVersion,
    cipherSuites: given.cipherSuites ?? [],
    allowPlainHttp: given.allowPlainHttp ?? DEFAULTS.tls.allowPlainHttp,
    allowPlainHttpIsSet: given.allowPlainHttp !== undefined,
    additionalCas: (given.additionalCas ?? []).map(({ name = '', key }) => ({
      name,
      key: key ?? DEFAULTS.caSecret.key,
    })),
    certManager: tls._secrets ? undefined : resolveCertManager(tls, given),
  };
}

export function resolveSecret({
  name,
  certificateKey,
  privateKeyKey,
  caKey,
}: EtcdCertificateSecret): CertificateSecret {
  const keys = DEFAULTS.certificateSecret;
  return {
    name,
    certificateKey: certificateKey ?? keys.certificateKey,
    privateKeyKey: privateKeyKey ?? keys.privateKeyKey,
    caKey: caKey ?? keys.caKey,
  };
}

function resolveCertManager({ _issuer }: EtcdTls, given: EtcdTls['_options']): CertManagerConfig {
  const defaults = DEFAULTS.certManager;
  const [keyAlgorithm = '', keySize] = (given.keyAlgorithm ?? defaults.keyAlgorithm).split('-');
  return {
    issuer: _issuer && { name: _issuer._name, kind: _issuer._kind, group: _issuer._group },
    keyAlgorithm,
    keySize: Number(keySize),
    lifetimeSeconds: given.lifetime ?? defaults.lifetime,
    renewBeforeSeconds: given.renewBefore ?? defaults.renewBefore,
    extraNames: given.extraNames ?? [],
  };
}
