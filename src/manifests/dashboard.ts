import type { ClusterConfig } from '../config/cluster';
import type { DashboardConfig } from '../config/dashboard';
import { COMPONENT, dashboardFile } from '../constants/names';
import type { k8s } from '../kubernetes';
import { metadata, write, type Manifest } from './object';

/** Grafana's sidecar writes the file to a folder that the dashboards of all clusters share. */
export function dashboardConfigMap(config: ClusterConfig, dashboard: DashboardConfig, text: string): Manifest {
  return write<k8s.KubeConfigMapProps>('v1', 'ConfigMap', {
    metadata: metadata(config, config.names.dashboard, {
      component: COMPONENT.member,
      labels: dashboard.labels,
      annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled', ...dashboard.annotations },
      namespace: dashboard.namespace,
    }),
    data: { [dashboardFile(config.namespace, config.name)]: text },
  });
}
