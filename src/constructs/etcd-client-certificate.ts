import { Chart, type ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { resolveClientCertificate } from '../config/client-certificate';
import { clientCertificate } from '../manifests/certificates';
import { CLIENT_CERTIFICATE, type EtcdClientCertificateOptions } from '../props/client-certificate';
import { checkClientCertificate } from '../rules/client-certificate';
import { joinApp } from './app-content';
import { emit } from './emit';
import type { IEtcdCluster } from './interfaces';
import { checkOptions, ofCaller } from './options';
import { reportAtSynth } from './report';

/** Properties of `EtcdClientCertificate`. */
export interface EtcdClientCertificateProps extends EtcdClientCertificateOptions {
  /** The cluster to connect to. cert-manager must issue its certificates. */
  readonly cluster: IEtcdCluster;
}

/**
 * A certificate for a client of a cluster, issued by cert-manager with the cluster's client CA.
 * @see https://cert-manager.io/docs/usage/certificate/
 */
export class EtcdClientCertificate extends Construct {
  /** The Certificate. Undefined if cert-manager does not issue the cluster's certificates, which is refused. */
  public readonly certificate?: ApiObject;
  /** Name of the Secret with the certificate, in the namespace of the client. */
  public readonly secretName: string;

  public constructor(scope: Construct, id: string, props: EtcdClientCertificateProps) {
    super(scope, id);
    const { cluster, ...options } = ofCaller(props);
    const given = { ...options, namespace: options.namespace ?? Chart.of(this).namespace };
    const { checked, problems, warnings } = checkOptions(cluster, given, CLIENT_CERTIFICATE, ['name', 'commonName']);
    const { certManager } = cluster._config.tls ?? {};
    const config = resolveClientCertificate(checked, cluster._config, certManager);
    if (!cluster._problems.touch('tls')) checkClientCertificate(config, cluster._config, problems);
    reportAtSynth(this, problems, warnings);
    joinApp(this, cluster);

    this.secretName = config.name;
    if (certManager) this.certificate = emit(this, 'Resource', clientCertificate(cluster._config, certManager, config));
  }
}
