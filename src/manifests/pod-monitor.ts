import type { PodMonitorProps } from '../../imports/monitoring.coreos.com';
import type { ClusterConfig } from '../config/cluster-config';
import type { MonitoringConfig } from '../config/job-config';
import { COMPONENT, PORT } from '../config/names';
import { asJson } from '../props/kubernetes';
import { metadata, write, type Manifest } from './object';

/** Scrapes the plain metrics port, so that the client port need not be opened for it. */
export function podMonitor(config: ClusterConfig, monitoring: MonitoringConfig): Manifest {
  return write<PodMonitorProps>('monitoring.coreos.com/v1', 'PodMonitor', {
    metadata: metadata(config, config.names.podMonitor, { ...monitoring, component: COMPONENT.member }),
    spec: {
      jobLabel: monitoring.jobLabel,
      namespaceSelector: { matchNames: [config.namespace] },
      selector: { matchLabels: config.selector },
      podMetricsEndpoints: [
        {
          port: PORT.metrics,
          path: '/metrics',
          interval: `${monitoring.intervalSeconds}s`,
          scrapeTimeout: `${monitoring.scrapeTimeoutSeconds}s`,
          relabelings: asJson(monitoring.relabelings),
          metricRelabelings: asJson(monitoring.metricRelabelings),
        },
      ],
    },
  });
}
