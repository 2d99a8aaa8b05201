import type { EtcdCluster, EtcdClusterProps, EtcdMonitoringOptions } from '../../src';
import type { Dashboard, Panel } from '../../src/dashboard/model';
import { panelsOf } from './dashboard';
import { find, synthCluster, type Written } from './synth';

/** @param more adds jobs, after the monitoring */
export function written(
  options: EtcdMonitoringOptions = {},
  props: Partial<EtcdClusterProps> = {},
  more: (cluster: EtcdCluster) => void = () => undefined,
): Written {
  return find(
    synthCluster(props, (c) => {
      c.addMonitoring(options);
      more(c);
    }),
    'ConfigMap',
    `${props.name ?? 'etcd'}-dashboard`,
  );
}

export function parsed(configMap: Written): Dashboard {
  const [text] = Object.values(configMap.data as { [file: string]: string });
  return JSON.parse(text ?? '') as Dashboard;
}

export function dashboardOf(props: Partial<EtcdClusterProps> = {}): Dashboard {
  return parsed(written({}, props));
}

export function panelOf(dashboard: Dashboard, title: string): Panel | undefined {
  return panelsOf(dashboard).find((panel) => panel.title === title);
}
