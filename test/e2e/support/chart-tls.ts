import { Yaml } from 'cdk8s';
import type { Kubectl } from './kubectl';
import { WITH_TLS } from './tls';

const PLANES = { client: 'etcd-client-tls', peer: 'etcd-peer-tls' } as const;
const FILES = { certFilename: 'tls.crt', certKeyFilename: 'tls.key', caFilename: 'ca.crt' };
const FOLDER = '/opt/bitnami/etcd/certs';

/** Of the chart's values. */
export function tlsValues(): object {
  if (!WITH_TLS) return {};
  const on = { secureTransport: true, enableAuthentication: true, ...FILES };
  return { client: { ...on, existingSecret: PLANES.client }, peer: { ...on, existingSecret: PLANES.peer } };
}

/** What the chart sets for etcd, and what its scripts set for etcdctl. */
export function tlsEnvironment(): { readonly [name: string]: string } {
  if (!WITH_TLS) return {};
  const of = (prefix: string, plane: string) => ({
    [`${prefix}CERT_FILE`]: `${FOLDER}/${plane}/tls.crt`,
    [`${prefix}KEY_FILE`]: `${FOLDER}/${plane}/tls.key`,
    [`${prefix}TRUSTED_CA_FILE`]: `${FOLDER}/${plane}/ca.crt`,
    [`${prefix}CLIENT_CERT_AUTH`]: 'true',
  });
  const etcdctl = { CERT: 'tls.crt', KEY: 'tls.key', CACERT: 'ca.crt' };
  return {
    ...of('ETCD_', 'client'),
    ...of('ETCD_PEER_', 'peer'),
    ...Object.fromEntries(Object.entries(etcdctl).map(([k, file]) => [`ETCDCTL_${k}`, `${FOLDER}/client/${file}`])),
  };
}

export function tlsVolumes(): object[] {
  const secret = (secretName: string): object => ({ secretName, defaultMode: 0o440 });
  return !WITH_TLS
    ? []
    : Object.entries(PLANES).map(([plane, name]) => ({ name: volume(plane), secret: secret(name) }));
}

export function tlsMounts(): object[] {
  const mount = (plane: string) => ({ name: volume(plane), mountPath: `${FOLDER}/${plane}/`, readOnly: true });
  return WITH_TLS ? Object.keys(PLANES).map(mount) : [];
}

function volume(plane: string): string {
  return `etcd-${plane}-certs`;
}

/** Issues the certificates with cert-manager, as a user of the chart does: for the names of the pods and of the Service. */
export async function issueCertificates(kubectl: Kubectl): Promise<void> {
  if (!WITH_TLS) return;
  const domain = `${kubectl.namespace}.svc.cluster.local`;
  const object = (kind: string, name: string, spec: object) => ({
    apiVersion: 'cert-manager.io/v1',
    kind,
    metadata: { name },
    spec,
  });
  const leaf = (name: string) =>
    object('Certificate', name, {
      secretName: name,
      commonName: 'root',
      dnsNames: [`*.etcd-headless.${domain}`, `etcd.${domain}`],
      ipAddresses: ['127.0.0.1'],
      usages: ['server auth', 'client auth'],
      issuerRef: { name: 'chart-ca' },
    });
  await kubectl.apply(
    Yaml.stringify(
      object('Issuer', 'self-signed', { selfSigned: {} }),
      object('Certificate', 'chart-ca', {
        secretName: 'chart-ca',
        commonName: 'chart-ca',
        isCA: true,
        issuerRef: { name: 'self-signed' },
      }),
      object('Issuer', 'chart-ca', { ca: { secretName: 'chart-ca' } }),
      leaf(PLANES.client),
      leaf(PLANES.peer),
    ),
  );
  await kubectl.do(['wait', '--for=condition=Ready', '--timeout=120s', 'certificate', '--all']);
}
