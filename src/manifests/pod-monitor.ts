import {
  PodMonitorSpecPodMetricsEndpointsScheme as Scheme,
  type PodMonitorProps,
  type PodMonitorSpecPodMetricsEndpoints,
} from '../../imports/monitoring.coreos.com';
import type { ClusterConfig } from '../config/cluster';
import { clientHost, hasTlsMetrics } from '../config/etcd-options';
import type { MonitoringConfig } from '../config/monitoring';
import { COMPONENT, CONTAINER, PORT } from '../constants/names';
import { TLS_METRICS } from '../constants/tls-metrics';
import type { Json } from '../kubernetes';
import { metadata, write, type Manifest } from './object';

/** The same texts as in the props, as enums of the CRD. */
type Endpoint = Json<PodMonitorSpecPodMetricsEndpoints>;

/** Scrapes the metrics port, so that Prometheus does not need the client port, or the port of a sidecar with TLS. */
export function podMonitor(config: ClusterConfig, monitoring: MonitoringConfig): Manifest {
  const { tls } = monitoring;
  // Prometheus connects to addresses of pods, which are in no certificate.
  const tlsConfig = tls?.port === PORT.metricsTls ? { serverName: clientHost(config), ...tls.config } : tls?.config;
  const asMember = { targetLabel: 'container', replacement: CONTAINER.etcd };
  const relabelings = tls ? [asMember, ...(monitoring.relabelings ?? [])] : monitoring.relabelings;
  return write<PodMonitorProps>('monitoring.coreos.com/v1', 'PodMonitor', {
    metadata: metadata(config, config.names.podMonitor, { ...monitoring, component: COMPONENT.member }),
    spec: {
      jobLabel: monitoring.jobLabel,
      namespaceSelector: { matchNames: [config.namespace] },
      selector: { matchLabels: config.selector },
      podMetricsEndpoints: [
        {
          port: tls?.port ?? PORT.metrics,
          scheme: tls && Scheme.HTTPS,
          tlsConfig: tlsConfig as Endpoint['tlsConfig'],
          path: '/metrics',
          interval: `${monitoring.intervalSeconds}s`,
          scrapeTimeout: `${monitoring.scrapeTimeoutSeconds}s`,
          relabelings: relabelings as Endpoint['relabelings'],
          metricRelabelings: monitoring.metricRelabelings as Endpoint['metricRelabelings'],
        },
        ...(hasTlsMetrics(config) ? [certificates(monitoring)] : []),
      ],
    },
  });
}

/** What members tell about their certificates, in plain HTTP. */
function certificates(monitoring: MonitoringConfig): Endpoint {
  return {
    port: PORT.phase,
    path: TLS_METRICS.path,
    interval: `${monitoring.intervalSeconds}s`,
    scrapeTimeout: `${monitoring.scrapeTimeoutSeconds}s`,
    relabelings: monitoring.relabelings as Endpoint['relabelings'],
    metricRelabelings: monitoring.metricRelabelings as Endpoint['metricRelabelings'],
  };
}
