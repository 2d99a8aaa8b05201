import { type Fields, struct } from '../checks/struct';
import { flag, listOf, named, oneOf, text } from '../checks/values';
import { DEFAULTS } from '../constants/defaults';
import { dnsSubdomainProblem, secretKeyProblem } from '../grammar/names';

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

/** A Secret with the certificate of a CA. */
export interface EtcdCaSecret {
  /** Name of the Secret, in the cluster's namespace. */
  readonly name: string;

  /**
   * Key of the certificate in the Secret.
   * @default 'ca.crt'
   */
  readonly key?: string;
}

/** What members accept of clients and of each other. */
export interface EtcdTlsOptions {
  /**
   * Whether clients must present a certificate of the client CA. Sets `--client-cert-auth` and `--trusted-ca-file`. If
   * false, everyone who can connect can read and write, unless `auth` is set.
   * @default true
   */
  readonly requireClientCertificates?: boolean;

  /**
   * The lowest version of TLS. Sets `--tls-min-version`.
   * @default EtcdMinimumTlsVersion.TLS_1_2
   */
  readonly minimumVersion?: EtcdMinimumTlsVersion;

  /**
   * Cipher suites for TLS 1.2. Sets `--cipher-suites`. Refused without a suite with AES_128_GCM, which
   * HTTP/2 requires, and with TLS 1.3 alone, whose suites Go chooses.
   * @default - those that Go considers secure
   */
  readonly cipherSuites?: EtcdCipherSuite[];

  /**
   * Whether members also serve clients over plain HTTP, on the same port, and use plain HTTP among themselves. This is the
   * step between a cluster without TLS and one with TLS only: set it, wait for the rollout, move the clients, and set it to
   * false. Required with `existingCluster`, where it says which of the two the members are today.
   * @default false
   */
  readonly allowPlainHttp?: boolean;

  /**
   * CAs that members and jobs trust, in addition to the CAs in their Secrets: before and after a CA is replaced.
   * @default - none
   */
  readonly additionalCas?: EtcdCaSecret[];
}

const CA_SECRET = struct(
  { name: text(dnsSubdomainProblem), key: text(secretKeyProblem) } satisfies Fields<EtcdCaSecret>,
  ['name'],
);

export const TLS_OPTIONS = {
  requireClientCertificates: flag,
  minimumVersion: oneOf(EtcdMinimumTlsVersion),
  cipherSuites: listOf(named(EtcdCipherSuite, 'cipher suite'), (suite) => suite),
  allowPlainHttp: flag,
  additionalCas: listOf(CA_SECRET, ({ name, key = DEFAULTS.caSecret.key }) => `${name} ${key}`),
} satisfies Fields<EtcdTlsOptions>;
