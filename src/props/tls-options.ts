import type { Fields } from '../checks/struct';
import { flag, listOf, named, oneOf } from '../checks/values';

/** The lowest version of TLS that members accept. Sets `--tls-min-version`. */
export enum EtcdMinimumTlsVersion {
  /** TLS 1.2 and newer. */
  TLS_1_2 = 'TLS1.2',
  /** TLS 1.3 alone. */
  TLS_1_3 = 'TLS1.3',
}

/** Cipher suites of TLS 1.2. Sets `--cipher-suites`. @see https://pkg.go.dev/crypto/tls#CipherSuites */
export enum EtcdCipherSuite {
  /** ECDHE with ECDSA keys, AES-128 in GCM. */
  ECDHE_ECDSA_AES_128_GCM = 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  /** ECDHE with ECDSA keys, AES-256 in GCM. */
  ECDHE_ECDSA_AES_256_GCM = 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  /** ECDHE with ECDSA keys, ChaCha20-Poly1305. */
  ECDHE_ECDSA_CHACHA20 = 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  /** ECDHE with RSA keys, AES-128 in GCM. */
  ECDHE_RSA_AES_128_GCM = 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  /** ECDHE with RSA keys, AES-256 in GCM. */
  ECDHE_RSA_AES_256_GCM = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  /** ECDHE with RSA keys, ChaCha20-Poly1305. */
  ECDHE_RSA_CHACHA20 = 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
}

/** What members accept of clients and of each other. */
export interface EtcdTlsOptions {
  /**
   * Whether clients must present a certificate of the client CA. Sets `--client-cert-auth`.
   * @default true
   */
  readonly requireClientCertificates?: boolean;

  /**
   * The lowest version of TLS. Sets `--tls-min-version`.
   * @default EtcdMinimumTlsVersion.TLS_1_2
   */
  readonly minimumVersion?: EtcdMinimumTlsVersion;

  /**
   * Cipher suites for TLS 1.2. Sets `--cipher-suites`. Refused with TLS 1.3 alone, whose suites Go chooses.
   * @default - those that Go considers secure
   */
  readonly cipherSuites?: EtcdCipherSuite[];
}

export const TLS_OPTIONS = {
  requireClientCertificates: flag,
  minimumVersion: oneOf(EtcdMinimumTlsVersion),
  cipherSuites: listOf(named(EtcdCipherSuite, 'cipher suite'), (suite) => suite),
} satisfies Fields<EtcdTlsOptions>;
