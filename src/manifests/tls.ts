import type { ClusterConfig } from '../config/cluster';
import type { CertificateSecret, TlsConfig } from '../config/tls';
import { PATH, VOLUME } from '../constants/names';
import type { Json, k8s } from '../kubernetes';
import { READABLE_BY_GROUP, variables } from './pod';

/** Names of the files that a pod gets, whatever the keys of the Secret are. */
export const CERTIFICATE_FILES = { certificate: 'tls.crt', privateKey: 'tls.key', ca: 'ca.crt' } as const;

type Owner = 'server' | 'peer' | 'client';

/** The certificates of a pod in one volume, each in a folder of its own: a pod does not start while a Secret or a key is missing. */
export function tlsVolumes({ tls }: ClusterConfig, ...owners: Owner[]): Json<k8s.Volume>[] {
  if (!tls) return [];
  const additional = tls.additionalCas.map(({ name, key }, k) => ({
    secret: { name, items: [{ key, path: `additional/${k}.crt` }] },
  }));
  const sources = [...owners.map((owner) => ({ secret: source(owner, tls) })), ...additional];
  return [{ name: VOLUME.tls, projected: { defaultMode: READABLE_BY_GROUP, sources } }];
}

function source(owner: Owner, tls: TlsConfig): Json<k8s.SecretProjection> {
  return { name: tls[owner].name, items: certificateItems(tls[owner], `${owner}/`) };
}

export function certificateItems(secret: CertificateSecret, folder = ''): Json<k8s.KeyToPath>[] {
  return [
    { key: secret.certificateKey, path: `${folder}${CERTIFICATE_FILES.certificate}` },
    { key: secret.privateKeyKey, path: `${folder}${CERTIFICATE_FILES.privateKey}` },
    { key: secret.caKey, path: `${folder}${CERTIFICATE_FILES.ca}` },
  ];
}

export function tlsMounts({ tls }: ClusterConfig): Json<k8s.VolumeMount>[] {
  return tls ? [{ name: VOLUME.tls, mountPath: PATH.tls, readOnly: true }] : [];
}

/** What etcdctl presents to members, and the file with the CAs that it accepts: scripts write it. */
export function tlsEnvironment({ tls }: ClusterConfig, cas: string): Json<k8s.EnvVar>[] {
  if (!tls) return [];
  const file = (name: string): string => `${PATH.tls}/client/${name}`;
  return variables({
    ETCDCTL_CERT: file(CERTIFICATE_FILES.certificate),
    ETCDCTL_KEY: file(CERTIFICATE_FILES.privateKey),
    ETCDCTL_CACERT: cas,
  });
}
