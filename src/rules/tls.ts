import type { Problems } from '../checks/problems';
import type { ClusterConfig } from '../config/cluster';

/** What no option of `tls` can tell alone. */
export function checkTls(
  { tls, existingCluster, externalAccess, etcd: { ports } }: ClusterConfig,
  problems: Problems,
): void {
  if (!tls && ports.metricsTls !== undefined && !problems.touch('tls', 'ports'))
    problems.add('ports.metricsTls', 'needs tls, which has the certificate; set tls, or remove it', ports.metricsTls);
  if (!tls || problems.touch('tls')) return;
  if (existingCluster && !tls.allowPlainHttpIsSet)
    problems.add(
      'tls.allowPlainHttp',
      'is required with existingCluster, because members that serve plain HTTP cannot change to TLS only in one step; set it to true if they do, or to false if all of them serve TLS already',
    );
  if (!tls.allowPlainHttp && externalAccess?.advertisedUrl?.startsWith('http:'))
    problems.add(
      'externalAccess.advertisedUrl',
      'expected https, because members serve TLS only',
      externalAccess.advertisedUrl,
    );
  if (tls.cipherSuites.length > 0 && tls.minimumVersion === 'TLS1.3')
    problems.add('tls.cipherSuites', 'has no effect on TLS 1.3; leave it out, or set minimumVersion to TLS 1.2', [
      ...tls.cipherSuites,
    ]);
  else if (tls.cipherSuites.length > 0 && !tls.cipherSuites.some((suite) => suite.endsWith('_AES_128_GCM_SHA256')))
    problems.add(
      'tls.cipherSuites',
      'etcd does not start without a suite with AES_128_GCM, which HTTP/2 requires; add one',
      [...tls.cipherSuites],
    );
  const { certManager } = tls;
  if (certManager && certManager.renewBeforeSeconds >= certManager.lifetimeSeconds)
    problems.add(
      'tls.renewBefore',
      `expected less than the lifetime of ${certManager.lifetimeSeconds} seconds; use a third of it`,
      `${certManager.renewBeforeSeconds} seconds`,
    );
}
