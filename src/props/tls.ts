import { Problems } from '../checks/problems';
import { checkStruct, type Checked, type Fields, struct } from '../checks/struct';
import { made, text } from '../checks/values';
import { dnsSubdomainProblem, secretKeyProblem } from '../grammar/names';
import { CERT_MANAGER, type EtcdCertManagerOptions, EtcdIssuer } from './cert-manager';
import { type EtcdTlsOptions, TLS_OPTIONS } from './tls-options';

/** A Secret with a certificate, its private key, and the CA that the other side is checked against. */
export interface EtcdCertificateSecret {
  /** Name of the Secret, in the cluster's namespace. */
  readonly name: string;

  /**
   * Key of the certificate in the Secret.
   * @default 'tls.crt'
   */
  readonly certificateKey?: string;

  /**
   * Key of the private key in the Secret.
   * @default 'tls.key'
   */
  readonly privateKeyKey?: string;

  /**
   * Key of the CA in the Secret.
   * @default 'ca.crt'
   */
  readonly caKey?: string;
}

/** Secrets with certificates that you issue. docs/tls.md lists the names that each certificate must have. */
export interface EtcdTlsSecrets {
  /**
   * The certificate that members present to clients, and the client CA. Sets `--cert-file`, `--key-file` and
   * `--trusted-ca-file`.
   */
  readonly server: EtcdCertificateSecret;

  /**
   * The certificate that members present to each other, and the peer CA. Sets `--peer-cert-file`, `--peer-key-file` and
   * `--peer-trusted-ca-file`.
   */
  readonly peer: EtcdCertificateSecret;

  /** The certificate that scripts, jobs and `etcdctl` inside a pod present to members. */
  readonly client: EtcdCertificateSecret;
}

const SECRET_KEY = text(secretKeyProblem);
export const CERTIFICATE_SECRET = struct(
  {
    name: text(dnsSubdomainProblem),
    certificateKey: SECRET_KEY,
    privateKeyKey: SECRET_KEY,
    caKey: SECRET_KEY,
  } satisfies Fields<EtcdCertificateSecret>,
  ['name'],
);
const SECRETS = {
  server: CERTIFICATE_SECRET,
  peer: CERTIFICATE_SECRET,
  client: CERTIFICATE_SECRET,
} satisfies Fields<EtcdTlsSecrets>;
const ISSUER = made(EtcdIssuer, 'EtcdIssuer.issuer(...), .clusterIssuer(...) or .external(...)');

/** TLS for clients and between members, with certificates from Secrets or from cert-manager. */
export class EtcdTls {
  /** Certificates in existing Secrets. */
  public static fromSecrets(secrets: EtcdTlsSecrets, options: EtcdTlsOptions = {}): EtcdTls {
    return new EtcdTls('secrets', secrets, undefined, options);
  }

  /**
   * Certificates that cert-manager issues, by an existing issuer. They cover the names of nine members, so that scaling
   * needs no new certificate.
   */
  public static fromIssuer(issuer: EtcdIssuer, options: EtcdCertManagerOptions = {}): EtcdTls {
    return new EtcdTls('issuer', undefined, issuer, options);
  }

  /** Certificates that cert-manager issues, by a CA that is created for this cluster only. */
  public static fromOwnCa(options: EtcdCertManagerOptions = {}): EtcdTls {
    return new EtcdTls('own CA', undefined, undefined, options);
  }

  private constructor(
    private readonly from: string,
    /** @internal */
    public readonly _secrets: EtcdTlsSecrets | undefined,
    /** @internal */
    public readonly _issuer: EtcdIssuer | undefined,
    private readonly options: EtcdCertManagerOptions,
  ) {}

  /** @internal */
  public _check(path: string, problems: Problems): void {
    if (this.from === 'secrets') checkStruct(this._secrets, SECRETS, ['server', 'peer', 'client'], path, problems);
    if (this.from === 'issuer') ISSUER(this._issuer, `${path}.issuer`, problems);
    this.checkOptions(path, problems);
  }

  /** @internal */
  public get _options(): Checked<typeof CERT_MANAGER> {
    return this.checkOptions('', new Problems()) ?? {};
  }

  private checkOptions(path: string, problems: Problems): Checked<typeof CERT_MANAGER> | undefined {
    return checkStruct(this.options, this.from === 'secrets' ? TLS_OPTIONS : CERT_MANAGER, [], path, problems);
  }
}
