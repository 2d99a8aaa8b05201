import type { Problems } from '../checks/problems';
import { isNamed, serverNames } from '../config/certificate-names';
import type { ClusterConfig } from '../config/cluster';
import type { CertManagerConfig } from '../config/tls';
import { memberNames } from '../config/etcd-options';
import { CA_LIFETIME } from '../constants/time';
import { hostOf, ofMember } from '../grammar/member-pattern';

/** What no option of `tls` can tell alone. */
export function checkTls(config: ClusterConfig, problems: Problems): void {
  const { tls, existingCluster, externalAccess, etcd } = config;
  const { ports } = etcd;
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
  checkAdvertisedNames(config, problems);
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
  if (certManager) checkLifetimes('tls.', certManager, certManager, problems);
}

/** A certificate is renewed before it expires, and is of no use once its CA has expired. */
export function checkLifetimes(
  prefix: string,
  { issuer }: CertManagerConfig,
  { lifetimeSeconds, renewBeforeSeconds }: Pick<CertManagerConfig, 'lifetimeSeconds' | 'renewBeforeSeconds'>,
  problems: Problems,
): void {
  const longest = CA_LIFETIME / 3;
  if (problems.touch(`${prefix}lifetime`)) return;
  if (issuer === undefined && lifetimeSeconds > longest)
    problems.add(
      `${prefix}lifetime`,
      `expected at most ${longest} seconds, because the cluster's own CA is valid for 10 years, and renewed when a third of that is left; lower it, or use an issuer of cert-manager`,
      `${lifetimeSeconds} seconds`,
    );
  if (renewBeforeSeconds >= lifetimeSeconds && !problems.touch(`${prefix}renewBefore`))
    problems.add(
      `${prefix}renewBefore`,
      `expected less than the lifetime of ${lifetimeSeconds} seconds; use a third of it`,
      `${renewBeforeSeconds} seconds`,
    );
}

/** Clients refuse a certificate that does not have the name by which they connect. */
function checkAdvertisedNames(config: ClusterConfig, problems: Problems): void {
  const { tls, externalAccess } = config;
  const pattern = externalAccess?.advertisedUrl;
  if (!tls?.certManager || !pattern?.startsWith('https:') || problems.touch('externalAccess.advertisedUrl')) return;
  const names = serverNames(config, tls.certManager);
  const hosts = new Set(memberNames(config).map((member, ordinal) => hostOf(ofMember(pattern, member, ordinal))));
  const missing = [...hosts].filter((host) => !isNamed(host, names));
  if (missing.length > 0)
    problems.add(
      'externalAccess.advertisedUrl',
      `the members' certificate does not have ${missing.join(', ')}; add ${missing.length === 1 ? 'it' : 'them'}, or a name such as *.example.com, to tls.extraNames`,
      pattern,
    );
}
