import { EtcdTls, type EtcdTlsOptions } from '../../../src';
import type { Ca, Certificate } from './certificates';
import type { Members } from './members';
import type { Pod } from './pod';

const DOMAIN = 'etcd-cluster.svc.cluster.local';
export const SERVICES = Array.from({ length: 9 }, (_, ordinal) => `etcd-${ordinal}.${DOMAIN}`);
const PEER_NAMES = [...SERVICES, `*.etcd-headless.${DOMAIN}`];
export const SERVER_NAMES = [...PEER_NAMES, `etcd.${DOMAIN}`, 'localhost', '127.0.0.1'];
const secrets = { server: { name: 'server' }, peer: { name: 'peer' }, client: { name: 'client' } };
const tls = (options: EtcdTlsOptions = {}): { tls: EtcdTls } => ({ tls: EtcdTls.fromSecrets(secrets, options) });

/** Props of the levels of TLS. */
export const NONE = { tls: undefined };
export const BOTH = tls({ allowPlainHttp: true });
export const ONLY = tls();
/** TLS only, for clients with and without a certificate. */
export const OPTIONAL = tls({ requireClientCertificates: false });

/** Replaces one of the Secrets in a pod. */
export function put(pod: Pod, owner: string, { certificate, key, ca }: Certificate): void {
  pod.write(`tls/${owner}/tls.crt`, certificate);
  pod.write(`tls/${owner}/tls.key`, key);
  pod.write(`tls/${owner}/ca.crt`, ca);
}

/** The names that the certificates of a release of Bitnami's chart need. */
export const CHART_NAMES = [`*.etcd-headless.${DOMAIN}`, `etcd.${DOMAIN}`];

/** What a kubelet mounts into all members: new certificates of a CA, and the CAs that they are to trust. */
export function mount(members: Members, by: Ca, trusted = by.certificate, names?: string[]): void {
  const owners = {
    server: by.issue({ names: names ?? SERVER_NAMES }),
    peer: by.issue({ names: names ?? PEER_NAMES }),
    client: by.issue({ commonName: 'root' }),
  };
  for (const pod of members.pods)
    for (const [owner, certificate] of Object.entries(owners)) put(pod, owner, { ...certificate, ca: trusted });
}
