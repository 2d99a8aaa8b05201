import { certificatePattern } from '../../config/etcd-options';
import type { CertManagerConfig } from '../../config/tls';
import { HOUR, MINUTE } from '../../constants/time';
import * as promql from '../../grammar/promql';
import { EtcdAlert } from '../../props/alerts';
import type { Alert, AlertContext } from './alert';

/**
 * Certificates that cert-manager issues, from its metrics. etcd has no metric for certificates: of Secrets that you
 * issue, members tell in their log.
 */
export function certificateAlerts(ctx: AlertContext): Alert[] {
  const { certManager } = ctx.cluster.tls ?? {};
  return certManager ? alertsOf(ctx, certManager) : [];
}

function alertsOf(ctx: AlertContext, { renewBeforeSeconds }: CertManagerConfig): Alert[] {
  const left = `${ofCertificates(ctx, 'certmanager_certificate_expiration_timestamp_seconds')} - time()`;
  return [
    {
      name: EtcdAlert.CERTIFICATE_NOT_RENEWED,
      severity: 'warning',
      expr: `${left} < ${Math.floor(renewBeforeSeconds / 2)}`,
      forSeconds: HOUR,
      summary: 'certificate {{ $labels.name }} was not renewed',
      description:
        'Certificate {{ $labels.name }} expires in {{ $value | humanizeDuration }}, and cert-manager should have renewed it. Without a renewal, ' +
        'new connections will fail. `kubectl describe certificate` shows why.',
    },
    {
      name: EtcdAlert.CERTIFICATE_EXPIRING,
      severity: 'critical',
      expr: `${left} < ${Math.floor(renewBeforeSeconds / 10)}`,
      forSeconds: 5 * MINUTE,
      summary: 'certificate {{ $labels.name }} expires soon',
      description:
        'Certificate {{ $labels.name }} expires in {{ $value | humanizeDuration }}; less than 0 means that it has expired. Then no new connection ' +
        'is possible, and members that restart do not join. Renew it now.',
    },
  ];
}

function ofCertificates({ cluster, alerts }: AlertContext, metric: string): string {
  const conditions = [
    ...promql.matchers(alerts.seriesLabels),
    ...promql.matchers({ name: certificatePattern(cluster) }, '=~'),
  ];
  return `max by (name) (${promql.ofNamespace(metric, cluster.namespace, conditions)})`;
}
