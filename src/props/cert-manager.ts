import type { Duration } from 'cdk8s';
import type { Problems } from '../checks/problems';
import { checkStruct, type Fields } from '../checks/struct';
import { listOf, oneOf, seconds, text } from '../checks/values';
import { HOUR, MINUTE, YEAR } from '../constants/time';
import { certificateNameProblem } from '../grammar/address';
import { dnsSubdomainProblem } from '../grammar/names';
import { type EtcdTlsOptions, TLS_OPTIONS } from './tls-options';

/** The private keys of certificates that cert-manager issues. Sets `privateKey` of a Certificate. */
export enum EtcdKeyAlgorithm {
  /** ECDSA on the curve P-256. */
  ECDSA_P256 = 'ECDSA-256',
  /** ECDSA on the curve P-384. */
  ECDSA_P384 = 'ECDSA-384',
  /** RSA with 2048 bits. */
  RSA_2048 = 'RSA-2048',
  /** RSA with 4096 bits. */
  RSA_4096 = 'RSA-4096',
}

/** How cert-manager issues the certificates of a cluster. */
export interface EtcdCertManagerOptions extends EtcdTlsOptions {
  /**
   * Algorithm and size of private keys. Sets `privateKey.algorithm` and `privateKey.size`.
   * @default EtcdKeyAlgorithm.ECDSA_P256
   */
  readonly keyAlgorithm?: EtcdKeyAlgorithm;

  /**
   * The lifetime of a certificate: from one hour to 100 years. A CA of the cluster's own is valid for 10 years, and is
   * renewed when a third of that is left: with such a CA, more than a third of 10 years is refused. Sets `duration`.
   * @default Duration.days(90)
   * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
   */
  readonly lifetime?: Duration;

  /**
   * How long before a certificate expires it is renewed: at least five minutes and less than `lifetime`. Sets `renewBefore`.
   * Members use a renewed certificate for new connections without a restart.
   * @default Duration.days(30)
   */
  readonly renewBefore?: Duration;

  /**
   * Additional DNS names and IP addresses in the server certificate, such as those of `externalAccess`.
   * @default - none
   */
  readonly extraNames?: string[];
}

export const CERT_MANAGER = {
  ...TLS_OPTIONS,
  keyAlgorithm: oneOf(EtcdKeyAlgorithm),
  lifetime: seconds(HOUR, 100 * YEAR),
  renewBefore: seconds(5 * MINUTE, 100 * YEAR),
  extraNames: listOf(text(certificateNameProblem), (name) => name),
} satisfies Fields<EtcdCertManagerOptions>;

/** An issuer of cert-manager. @see https://cert-manager.io/docs/concepts/issuer/ */
export class EtcdIssuer {
  /** An Issuer in the cluster's namespace. */
  public static issuer(name: string): EtcdIssuer {
    return new EtcdIssuer(name, 'Issuer', 'cert-manager.io');
  }

  /** A ClusterIssuer. */
  public static clusterIssuer(name: string): EtcdIssuer {
    return new EtcdIssuer(name, 'ClusterIssuer', 'cert-manager.io');
  }

  /**
   * An issuer of another API group.
   * @param kind such as `AWSPCAClusterIssuer`
   * @param group such as `awspca.cert-manager.io`
   * @see https://cert-manager.io/docs/configuration/issuers/
   */
  public static external(name: string, kind: string, group: string): EtcdIssuer {
    return new EtcdIssuer(name, kind, group);
  }

  private constructor(
    /** @internal */
    public readonly _name: string,
    /** @internal */
    public readonly _kind: string,
    /** @internal */
    public readonly _group: string,
  ) {}

  /** @internal */
  public _check(path: string, problems: Problems): void {
    const isOwn = this._group === 'cert-manager.io';
    const kind = text((v) => {
      if (isOwn && v !== 'Issuer' && v !== 'ClusterIssuer')
        return 'expected Issuer or ClusterIssuer, the kinds of cert-manager.io';
      return /^[A-Z][A-Za-z0-9]*$/.test(v) ? undefined : 'expected a kind, such as ClusterIssuer';
    });
    checkStruct(
      { name: this._name, kind: this._kind, group: this._group },
      { name: text(dnsSubdomainProblem), kind, group: text(dnsSubdomainProblem) },
      ['name', 'kind', 'group'],
      path,
      problems,
    );
  }
}
