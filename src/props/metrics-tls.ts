import { SECRET_KEY_REF } from '../checks/kubernetes/environment';
import { kube } from '../checks/kubernetes/kube';
import { struct, type Fields } from '../checks/struct';
import { flag, oneOf, text } from '../checks/values';
import { portNameProblem } from '../grammar/names';
import type { k8s } from '../kubernetes';

/** Versions of TLS. */
export enum EtcdTlsVersion {
  /** TLS 1.0 */
  TLS10 = 'TLS10',
  /** TLS 1.1 */
  TLS11 = 'TLS11',
  /** TLS 1.2 */
  TLS12 = 'TLS12',
  /** TLS 1.3 */
  TLS13 = 'TLS13',
}

/** Reference to a certificate in the namespace of the PodMonitor: a key either of a Secret or of a ConfigMap. */
export interface EtcdMetricsCertificate {
  /**
   * Key of a Secret.
   * @default - none
   */
  readonly secret?: k8s.SecretKeySelector;

  /**
   * Key of a ConfigMap.
   * @default - none
   */
  readonly configMap?: k8s.ConfigMapKeySelector;
}

/** How Prometheus connects with TLS. @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.SafeTLSConfig */
export interface EtcdMetricsTlsConfig {
  /**
   * The CA that signed the certificate of the port. Required for `https-metrics` if the cluster has a CA of its own, unless
   * `insecureSkipVerify` is set. Sets `ca`.
   * @default - the CAs that Prometheus trusts
   */
  readonly ca?: EtcdMetricsCertificate;

  /**
   * Client certificate of Prometheus, if the port asks for one: `https-metrics` does, unless `requireClientCertificates` is
   * false. Needs `keySecret`. Sets `cert`.
   * @default - none
   */
  readonly cert?: EtcdMetricsCertificate;

  /**
   * Key of a Secret that has the private key of `cert`. Refused without `cert`. Sets `keySecret`.
   * @default - none
   */
  readonly keySecret?: k8s.SecretKeySelector;

  /**
   * Name that the certificate must have. Sets `serverName`.
   * @default - with `https-metrics` the name of the client Service, otherwise the pod's address
   */
  readonly serverName?: string;

  /**
   * Whether to accept any certificate. Sets `insecureSkipVerify`.
   * @default - false
   */
  readonly insecureSkipVerify?: boolean;

  /**
   * Oldest version of TLS. Sets `minVersion`.
   * @default - chosen by Prometheus
   */
  readonly minVersion?: EtcdTlsVersion;

  /**
   * Newest version of TLS: at least `minVersion`. Sets `maxVersion`.
   * @default - chosen by Prometheus
   */
  readonly maxVersion?: EtcdTlsVersion;
}

/** Metrics over TLS, from the members themselves (`ports.metricsTls`) or from a sidecar. */
export interface EtcdMetricsTls {
  /**
   * `https-metrics`, or the name of a sidecar's port. Refused if no container in `sidecars` has a port of this name. Allow
   * Prometheus to connect to a sidecar with `extraIngress` of the network policy. Sets `port` and `scheme: https`.
   */
  readonly port: string;

  /**
   * References to certificates, and the name in the certificate of the port. Sets `tlsConfig`.
   * @default - Prometheus verifies the certificate with the CAs that it trusts
   */
  readonly config?: EtcdMetricsTlsConfig;
}

const CERTIFICATE = {
  secret: kube('SecretKeySelector', SECRET_KEY_REF),
  configMap: kube('ConfigMapKeySelector', SECRET_KEY_REF),
} satisfies Fields<EtcdMetricsCertificate>;

const CONFIG = {
  ca: struct(CERTIFICATE),
  cert: struct(CERTIFICATE),
  keySecret: kube('SecretKeySelector', SECRET_KEY_REF),
  serverName: text(),
  insecureSkipVerify: flag,
  minVersion: oneOf(EtcdTlsVersion),
  maxVersion: oneOf(EtcdTlsVersion),
} satisfies Fields<EtcdMetricsTlsConfig>;

const FIELDS = {
  port: text(portNameProblem),
  config: struct(CONFIG),
} satisfies Fields<EtcdMetricsTls>;

export const METRICS_TLS = struct(FIELDS, ['port']);
