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
import { memberDomain, memberNames, peerName, podDomain } from '../config/etcd-options';
import type { CertManagerConfig, IssuerReference } from '../config/tls';
import { COMPONENT, MOST_MEMBERS } from '../constants/names';
import type { Json } from '../kubernetes';
import { list, metadata, write, type Manifest } from './object';

const API = 'cert-manager.io/v1';
const CA_LIFETIME_SECONDS = 10 * 365 * 86_400;
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
        duration: duration(CA_LIFETIME_SECONDS),
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

/** Every name by which clients reach members, for the highest number of members. */
function serverNames(config: ClusterConfig, { extraNames }: CertManagerConfig): string[] {
  const { names, namespace } = config;
  const services = [names.clientService, names.headlessService, ...memberNames(config, MOST_MEMBERS)];
  const forms = services.flatMap((service) => [service, `${service}.${namespace}`, `${service}.${namespace}.svc`]);
  const complete = services.map((service) => `${service}.${memberDomain(config)}`);
  const pods = [`*.${podDomain(config)}`, `*.${names.headlessService}.${namespace}.svc`];
  return [...new Set([...forms, ...complete, ...pods, 'localhost', '127.0.0.1', '::1', ...extraNames])];
}

function peerNames(config: ClusterConfig): string[] {
  const services = memberNames(config, MOST_MEMBERS).map((member) => `${member}.${memberDomain(config)}`);
  return [peerName(config), `*.${podDomain(config)}`, ...services];
}

function duration(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600}h` : `${seconds}s`;
}
