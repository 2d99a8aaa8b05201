import type { CertificateSecret } from '../config/tls';
import { GREPTIMEDB } from '../constants/greptimedb';
import type { Json, k8s } from '../kubernetes';
import { CERTIFICATE_FILES as FILES, certificateItems } from './tls';

const { folder, volume } = GREPTIMEDB.certificates;

/** How Metasrv connects to etcd over TLS: part of its configuration in TOML, and the part of its pod template with the files. */
export interface MetasrvTls {
  readonly config: string;
  readonly template: {
    readonly main: { readonly volumeMounts: Json<k8s.VolumeMount>[] };
    readonly volumes: Json<k8s.Volume>[];
  };
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
    template: {
      main: { volumeMounts: [{ name: volume, mountPath: folder, readOnly: true }] },
      volumes: [{ name: volume, secret: { secretName: secret.name, items: certificateItems(secret) } }],
    },
  };
}
