import { toJson_PodMonitorSpecPodMetricsEndpointsTlsConfig } from '../../imports/monitoring.coreos.com';
import { written } from '../checks/kubernetes';
import { struct, type Fields } from '../checks/struct';
import { text } from '../checks/values';
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

/** A certificate, by reference: the key of a Secret or of a ConfigMap in the PodMonitor's namespace. */
export interface EtcdMetricsCertificate {
  /**
   * Key of a Secret.
   * @default - not from a Secret
   */
  readonly secret?: k8s.SecretKeySelector;

  /**
   * Key of a ConfigMap.
   * @default - not from a ConfigMap
   */
  readonly configMap?: k8s.ConfigMapKeySelector;
}

/** How Prometheus connects with TLS. @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.SafeTLSConfig */
export interface EtcdMetricsTlsConfig {
  /**
   * The CA that signed the sidecar's certificate. Sets `ca`.
   * @default - Prometheus' own CAs
   */
  readonly ca?: EtcdMetricsCertificate;

  /**
   * Prometheus' own certificate, where the sidecar asks for one. Sets `cert`.
   * @default - none
   */
  readonly cert?: EtcdMetricsCertificate;

  /**
   * Secret with the key of that certificate. Sets `keySecret`.
   * @default - none
   */
  readonly keySecret?: k8s.SecretKeySelector;

  /**
   * Name that the sidecar's certificate must have. Sets `serverName`.
   * @default - the pod's address
   */
  readonly serverName?: string;

  /**
   * Accept any certificate. Sets `insecureSkipVerify`.
   * @default - the certificate is verified
   */
  readonly insecureSkipVerify?: boolean;

  /**
   * Least version of TLS. Sets `minVersion`.
   * @default - Prometheus' own
   */
  readonly minVersion?: EtcdTlsVersion;

  /**
   * Most version of TLS. Sets `maxVersion`.
   * @default - Prometheus' own
   */
  readonly maxVersion?: EtcdTlsVersion;
}

/** Metrics by way of a sidecar that serves them with TLS, since etcd serves them in plain HTTP. */
export interface EtcdMetricsTls {
  /**
   * Name of the sidecar's port. Refused when no container of `sidecars` has it. The NetworkPolicy's `extraIngress` must let Prometheus in.
   * Sets `port`, and `scheme: https`.
   */
  readonly port: string;

  /**
   * Certificates, by reference, and the name that the sidecar's must have. Sets `tlsConfig`.
   * @default - Prometheus verifies the sidecar's certificate with its own CAs, against the pod's address
   */
  readonly config?: EtcdMetricsTlsConfig;
}

const FIELDS = {
  port: text(portNameProblem),
  config: written(toJson_PodMonitorSpecPodMetricsEndpointsTlsConfig),
} satisfies Fields<EtcdMetricsTls>;

export const METRICS_TLS = struct(FIELDS, ['port']);
