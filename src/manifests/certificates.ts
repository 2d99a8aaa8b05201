import { isIP } from 'node:net';
import type { CertificateSpecPrivateKeyAlgorithm as Algorithm } from '../../imports/cert-manager.io';
import {
  CertificateSpecPrivateKeyRotationPolicy as Rotation,
  CertificateSpecUsages as Usage,
  type CertificateProps,
  type CertificateSpec,
  type IssuerProps,
  type IssuerSpec,
} from '../../imports/cert-manager.io';
import type { ClientCertificateConfig } from '../config/client-certificate';
import type { ClusterConfig } from '../config/cluster';
import { peerNames, serverNames } from '../config/certificate-names';
import type { CertManagerConfig, IssuerReference } from '../config/tls';
import { COMPONENT } from '../constants/names';
import { CA_LIFETIME } from '../constants/time';
import type { Json } from '../kubernetes';
import { list, metadata, write, type Manifest } from './object';

const API = 'cert-manager.io/v1';
/** The etcd user of members and jobs, if they log in with their certificate. */
const CLIENT_NAME = 'root';

/** What cert-manager issues for the cluster, in the order of dependencies. */
export function certManagerObjects(config: ClusterConfig, certManager: CertManagerConfig): Manifest[] {
  const { names } = config;
  const issuer = certManager.issuer ?? own(names.ca);
  return [
    ...(certManager.issuer ? [] : authorities(config, certManager)),
    leaf(config, certManager, names.serverTls, issuer, serverNames(config, certManager)),
    leaf(config, certManager, names.peerTls, certManager.issuer ?? own(names.peerCa), peerNames(config)),
    leaf(config, certManager, names.clientTls, issuer, [], CLIENT_NAME),
  ];
}

/** What a client presents to members. */
export function clientCertificate(
  config: ClusterConfig,
  certManager: CertManagerConfig,
  { name, namespace, commonName, lifetimeSeconds, renewBeforeSeconds }: ClientCertificateConfig,
): Manifest {
  return certificate(
    config,
    certManager,
    name,
    {
      commonName,
      duration: duration(lifetimeSeconds),
      renewBefore: duration(renewBeforeSeconds),
      usages: [Usage.DIGITAL_SIGNATURE, Usage.KEY_ENCIPHERMENT, Usage.CLIENT_AUTH],
      issuerRef: certManager.issuer ?? own(config.names.ca),
    },
    namespace,
  );
}

function own(name: string): IssuerReference {
  return { name, kind: 'Issuer', group: 'cert-manager.io' };
}

/** One CA for clients and one for members, so that a client certificate admits no member. */
function authorities(config: ClusterConfig, certManager: CertManagerConfig): Manifest[] {
  const { ca, peerCa, selfSigned } = config.names;
  return [
    issuer(config, selfSigned, { selfSigned: {} }),
    ...[ca, peerCa].flatMap((name) => [
      certificate(config, certManager, name, {
        isCA: true,
        commonName: name,
        duration: duration(CA_LIFETIME),
        usages: [Usage.CERT_SIGN, Usage.CRL_SIGN],
        issuerRef: own(selfSigned),
      }),
      issuer(config, name, { ca: { secretName: name } }),
    ]),
  ];
}

function leaf(
  config: ClusterConfig,
  certManager: CertManagerConfig,
  name: string,
  issuerRef: IssuerReference,
  names: readonly string[],
  commonName?: string,
): Manifest {
  return certificate(config, certManager, name, {
    commonName,
    dnsNames: list(names.filter((n) => isIP(n) === 0)),
    ipAddresses: list(names.filter((n) => isIP(n) !== 0)),
    duration: duration(certManager.lifetimeSeconds),
    renewBefore: duration(certManager.renewBeforeSeconds),
    // Members are clients of each other, and etcd connects to itself with its server certificate.
    usages: [Usage.DIGITAL_SIGNATURE, Usage.KEY_ENCIPHERMENT, Usage.SERVER_AUTH, Usage.CLIENT_AUTH],
    issuerRef,
  });
}

function certificate(
  config: ClusterConfig,
  { keyAlgorithm, keySize }: CertManagerConfig,
  name: string,
  spec: Omit<Json<CertificateSpec>, 'secretName' | 'privateKey'>,
  namespace?: string,
): Manifest {
  return write<CertificateProps>(API, 'Certificate', {
    metadata: metadata(config, name, { component: COMPONENT.member, namespace }),
    spec: {
      secretName: name,
      privateKey: { algorithm: keyAlgorithm as Algorithm, size: keySize, rotationPolicy: Rotation.ALWAYS },
      ...spec,
    },
  });
}

function issuer(config: ClusterConfig, name: string, spec: Json<IssuerSpec>): Manifest {
  return write<IssuerProps>(API, 'Issuer', {
    metadata: metadata(config, name, { component: COMPONENT.member }),
    spec,
  });
}

function duration(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600}h` : `${seconds}s`;
}
