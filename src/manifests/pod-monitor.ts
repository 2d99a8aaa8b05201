import {
  PodMonitorSpecPodMetricsEndpointsScheme as Scheme,
  type PodMonitorProps,
} from '../../imports/monitoring.coreos.com';
import type { ClusterConfig } from '../config/cluster';
import type { MonitoringConfig } from '../config/monitoring';
import { COMPONENT, CONTAINER, PORT } from '../constants/names';
import { metadata, write, type Manifest } from './object';

/** Scrapes the metrics port, so that Prometheus does not need the client port, or the port of a sidecar with TLS. */
export function podMonitor(config: ClusterConfig, monitoring: MonitoringConfig): Manifest {
  const { tls } = monitoring;
  const asMember = { targetLabel: 'container', replacement: CONTAINER.etcd };
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
          tlsConfig: tls?.config,
          path: '/metrics',
          interval: `${monitoring.intervalSeconds}s`,
          scrapeTimeout: `${monitoring.scrapeTimeoutSeconds}s`,
          relabelings: tls ? [asMember, ...(monitoring.relabelings ?? [])] : monitoring.relabelings,
          metricRelabelings: monitoring.metricRelabelings,
        },
      ],
    },
  });
}
