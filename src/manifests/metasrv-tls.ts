import type { CertificateSecret } from '../config/tls';
import { GREPTIMEDB } from '../constants/greptimedb';
import type { Json, k8s } from '../kubernetes';
import { CERTIFICATE_FILES as FILES, certificateItems } from './tls';

const { folder, volume } = GREPTIMEDB.certificates;

/** How Metasrv connects to etcd over TLS: part of its configuration in TOML, and the volume with the files. */
export interface MetasrvTls {
  readonly config: string;
  readonly volume: Json<k8s.Volume>;
  readonly volumeMount: Json<k8s.VolumeMount>;
}

export function metasrvTls(secret: CertificateSecret): MetasrvTls {
  return {
    config: [
      '[backend_tls]',
      'mode = "require"',
      `cert_path = "${folder}/${FILES.certificate}"`,
      `key_path = "${folder}/${FILES.privateKey}"`,
      `ca_cert_path = "${folder}/${FILES.ca}"`,
    ].join('\n'),
    volume: { name: volume, secret: { secretName: secret.name, items: certificateItems(secret) } },
    volumeMount: { name: volume, mountPath: folder, readOnly: true },
  };
}
