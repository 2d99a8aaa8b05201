import type { Problems } from '../checks/problems';
import type { ClusterConfig } from '../config/cluster';
import type { MonitoringConfig } from '../config/monitoring';
import { PORT } from '../constants/names';

type MetricsTls = NonNullable<MonitoringConfig['tls']>;
type Config = NonNullable<MetricsTls['config']>;

/** How Prometheus connects with TLS. */
export function checkMetricsTls({ tls }: MonitoringConfig, cluster: ClusterConfig, problems: Problems): void {
  if (problems.touch('tls')) return;
  const own = cluster.etcd.ports.metricsTls === undefined ? [] : [PORT.metricsTls];
  const ports = cluster.pod.sidecars.flatMap((sidecar) => sidecar.ports?.map((port) => port.name) ?? []);
  if (tls && ![...own, ...ports].includes(tls.port))
    problems.add(
      'tls.port',
      `unknown port; use the name of a port of one of the sidecars, or set ports.metricsTls of the cluster and use ${PORT.metricsTls}`,
      tls.port,
    );
  if (!tls && own.length > 0)
    problems.add(
      'tls',
      `is required, because the cluster has ports.metricsTls, and its plain metrics port is closed to Prometheus; set port: '${PORT.metricsTls}', and ca, cert and keySecret in config`,
    );
  checkConfig(tls?.config ?? {}, problems);
  if (own.length > 0 && tls?.port === PORT.metricsTls) checkOwnPort(tls.config ?? {}, cluster, problems);
}

/** What the Prometheus operator refuses, as SafeTLSConfig.Validate of it does. */
function checkConfig(config: Config, problems: Problems): void {
  for (const key of ['ca', 'cert'] as const) {
    const { secret, configMap } = config[key] ?? {};
    if (config[key] && !secret === !configMap)
      problems.add(`tls.config.${key}`, 'expected either secret or configMap; set one of them', config[key]);
  }
  if (config.cert && !config.keySecret)
    problems.add('tls.config.keySecret', 'is required with cert; set it to the Secret that has the private key');
  if (config.keySecret && !config.cert)
    problems.add('tls.config.cert', 'is required with keySecret; set it, or remove keySecret');
  const { minVersion, maxVersion } = config;
  if (minVersion !== undefined && maxVersion !== undefined && maxVersion < minVersion)
    problems.add(
      'tls.config.maxVersion',
      `expected at least minVersion, which is ${minVersion}; raise it, or lower minVersion`,
      maxVersion,
    );
}

/** What the members' own port asks of Prometheus. */
function checkOwnPort({ ca, cert, insecureSkipVerify }: Config, { tls }: ClusterConfig, problems: Problems): void {
  if (tls?.requireClientCertificates && !cert && !problems.touch('tls.config.cert'))
    problems.add(
      'tls.config.cert',
      'is required, because the members require client certificates; set it and keySecret, such as to those of an EtcdClientCertificate',
    );
  const hasOwnCa = tls?.certManager !== undefined && tls.certManager.issuer === undefined;
  if (hasOwnCa && !ca && insecureSkipVerify !== true)
    problems.add(
      'tls.config.ca',
      'is required, because the CA of the cluster is its own, which Prometheus does not trust; set it, such as to ca.crt of an EtcdClientCertificate',
    );
}
