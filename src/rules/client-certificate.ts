import type { Problems } from '../checks/problems';
import type { ClientCertificateConfig } from '../config/client-certificate';
import type { ClusterConfig } from '../config/cluster';
import { checkLifetimes } from './tls';

/** What no option of a client certificate can tell alone. */
export function checkClientCertificate(
  certificate: ClientCertificateConfig,
  { tls, namespace }: ClusterConfig,
  problems: Problems,
): void {
  const { certManager } = tls ?? {};
  if (!certManager) {
    problems.add(
      'cluster',
      tls
        ? 'has certificates in Secrets, so cert-manager cannot issue one for a client; issue it with the CA of server'
        : 'has no tls, so clients need no certificate; set tls on the cluster',
    );
    return;
  }
  const { issuer } = certManager;
  const isLocal = issuer === undefined || issuer.kind === 'Issuer';
  if (isLocal && certificate.namespace !== namespace && !problems.touch('namespace'))
    problems.add(
      'namespace',
      `expected the namespace of the cluster, because ${issuer ? `the Issuer ${issuer.name}` : 'its own CA'} issues there only; use a ClusterIssuer for the cluster, or copy the Secret to the client`,
      certificate.namespace,
    );
  checkLifetimes('', certManager, certificate, problems);
}
