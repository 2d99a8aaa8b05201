import type { Duration } from 'cdk8s';
import { type Fields } from '../checks/struct';
import { type Grammar, seconds, text } from '../checks/values';
import { HOUR, MINUTE, YEAR } from '../constants/time';
import { dnsLabelProblem, dnsSubdomainProblem } from '../grammar/names';

/** A certificate with which a client connects to members. */
export interface EtcdClientCertificateOptions {
  /** Name of the Certificate and of its Secret, which gets the keys `tls.crt`, `tls.key` and `ca.crt`. */
  readonly name: string;

  /**
   * The common name of the certificate, such as the name of the application. `root` is refused: members and jobs have
   * it. Sets `commonName`.
   */
  readonly commonName: string;

  /**
   * Namespace of the client. Another one than the cluster's is refused unless the issuer of the cluster is a
   * ClusterIssuer or an external issuer.
   * @default - the namespace of the chart, or else that of the cluster
   */
  readonly namespace?: string;

  /**
   * The lifetime of the certificate: from one hour to 100 years. Sets `duration`. A client that reads its certificate only when it
   * starts must be restarted before it expires.
   * @default - the lifetime of the cluster's certificates
   */
  readonly lifetime?: Duration;

  /**
   * How long before the certificate expires it is renewed: at least five minutes and less than `lifetime`. Sets
   * `renewBefore`.
   * @default - a third of the lifetime
   */
  readonly renewBefore?: Duration;
}

const commonNameProblem: Grammar = (name) => {
  if (name === 'root') return 'is the name that members and jobs have; use the name of the application';
  return /^[\x21-\x7e](?:[\x20-\x7e]{0,62}[\x21-\x7e])?$/.test(name)
    ? undefined
    : 'expected 1 to 64 printable ASCII characters, without a space at the start or the end';
};

export const CLIENT_CERTIFICATE = {
  name: text(dnsSubdomainProblem),
  commonName: text(commonNameProblem),
  namespace: text(dnsLabelProblem),
  lifetime: seconds(HOUR, 100 * YEAR),
  renewBefore: seconds(5 * MINUTE, 100 * YEAR),
} satisfies Fields<EtcdClientCertificateOptions>;
