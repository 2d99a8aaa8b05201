import type { ClusterConfig } from '../config/cluster';
import { hasTlsMetrics } from '../config/etcd-options';
import type { CertManagerConfig } from '../config/tls';
import { TLS_METRICS } from '../constants/tls-metrics';
import { tiles, type Row } from './layout';
import type { PanelBody } from './model';
import { stat, steps, words, YES_NO } from './panels';
import type { Queries } from './queries';

/** The certificates of members and jobs, and whether TLS connections work. No row without TLS. */
export function certificates(q: Queries, config: ClusterConfig): Row[] {
  if (!config.tls) return [];
  const { certManager } = config.tls;
  const published = hasTlsMetrics(config);
  const panels = [
    ...(certManager ? ofCertManager(q, certManager) : published ? [ofSecrets(q)] : []),
    ...(published ? [connections(q)] : []),
  ];
  return panels.length === 0 ? [] : [{ title: 'Certificates', panels: tiles(panels.length, 5, panels) }];
}

/** From the metrics of cert-manager. */
function ofCertManager(q: Queries, { renewBeforeSeconds }: CertManagerConfig): PanelBody[] {
  const source = 'From the metrics of cert-manager.';
  const empty = 'no data: Prometheus does not scrape cert-manager';
  const until = (metric: string): string => `${q.certificate(metric)} - time()`;
  return [
    stat({
      title: 'Time until it expires',
      description: `cert-manager renews a certificate in time. Orange and red as in the alerts: it was not renewed. ${source}`,
      unit: 's',
      query: { expr: until('certmanager_certificate_expiration_timestamp_seconds'), legend: '{{name}}' },
      text: 'value_and_name',
      empty,
      steps: steps('red', ['orange', renewBeforeSeconds / 10], ['green', renewBeforeSeconds / 2]),
    }),
    stat({
      title: 'Ready',
      description: `Whether the Secret has a valid certificate. If not, \`kubectl describe certificate\` shows why. ${source}`,
      unit: 'none',
      query: { expr: q.certificate('certmanager_certificate_ready_status', 'condition="True"'), legend: '{{name}}' },
      text: 'value_and_name',
      empty,
      mappings: YES_NO,
      steps: steps('red', ['green', 1]),
    }),
    stat({
      title: 'Time until it is renewed',
      description: `Less than 0: a renewal is due, and did not succeed yet. ${source}`,
      unit: 's',
      query: { expr: until('certmanager_certificate_renewal_timestamp_seconds'), legend: '{{name}}' },
      text: 'value_and_name',
      empty,
      steps: steps('orange', ['green', 0]),
    }),
  ];
}

const EMPTY = 'no data: Prometheus does not scrape the phase port';

/** From what members publish. */
function ofSecrets(q: Queries): PanelBody {
  return stat({
    title: 'Time until it expires',
    description: 'By the earliest of the members, which read the Secrets. Alerts count parts of the lifetime.',
    unit: 's',
    query: { expr: `min by (certificate) (${q.ofAll(TLS_METRICS.notAfter)}) - time()`, legend: '{{certificate}}' },
    text: 'value_and_name',
    empty: EMPTY,
    steps: steps('red', ['green', 0]),
  });
}

function connections(q: Queries): PanelBody {
  return stat({
    title: 'TLS connections',
    description:
      'Each member connects to itself every 30 s, as clients and members do. If that fails, its log has the reason.',
    unit: 'none',
    query: { expr: q.each(q.ofAll(TLS_METRICS.fails)), legend: '{{pod}}' },
    text: 'value_and_name',
    empty: EMPTY,
    mappings: words({ 0: { text: 'work' }, 1: { text: 'fail' } }),
    steps: steps('green', ['red', 1]),
  });
}
