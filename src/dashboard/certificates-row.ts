import type { CertManagerConfig } from '../config/tls';
import { tiles, type Row } from './layout';
import { stat, steps, YES_NO } from './panels';
import type { Queries } from './queries';

/** The certificates that cert-manager issues for members and jobs, from its metrics. */
export function certificates(q: Queries, { renewBeforeSeconds }: CertManagerConfig): Row {
  const source = 'From the metrics of cert-manager.';
  const empty = 'no data: Prometheus does not scrape cert-manager';
  const until = (metric: string): string => `${q.certificate(metric)} - time()`;
  return {
    title: 'Certificates',
    panels: tiles(3, 5, [
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
    ]),
  };
}
