import { certificatePattern, hasTlsMetrics } from '../../config/etcd-options';
import type { CertManagerConfig } from '../../config/tls';
import { HOUR, MINUTE } from '../../constants/time';
import { TLS_METRICS } from '../../constants/tls-metrics';
import * as promql from '../../grammar/promql';
import { EtcdAlert } from '../../props/alerts';
import { ofMembers, twoScrapes, type Alert, type AlertContext } from './alert';

/** Parts of its lifetime that are left of a certificate in a Secret that you renew. Members log the first. */
const DUE = 1 / 6;
const URGENT = 1 / 20;

/** Certificates of cert-manager, from its metrics; those in Secrets, and TLS connections, from what members publish. */
export function certificateAlerts(ctx: AlertContext): Alert[] {
  const { tls } = ctx.cluster;
  if (!tls) return [];
  const ofSecrets = hasTlsMetrics(ctx.cluster) ? alertsOfSecrets(ctx) : [];
  return [
    ...(tls.certManager ? alertsOf(ctx, tls.certManager) : ofSecrets),
    ...(hasTlsMetrics(ctx.cluster) ? [tlsFailing(ctx)] : []),
  ];
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

function alertsOfSecrets(ctx: AlertContext): Alert[] {
  const [begin, end] = [TLS_METRICS.notBefore, TLS_METRICS.notAfter].map((metric) => ofMembers(ctx, metric));
  const left = `min by (certificate) ((${end} - time()) / (${end} - ${begin}))`;
  return [
    {
      name: EtcdAlert.CERTIFICATE_NOT_RENEWED,
      severity: 'warning',
      expr: `${left} < ${DUE.toFixed(3)}`,
      forSeconds: HOUR,
      summary: 'the certificate for {{ $labels.certificate }} was not renewed',
      description:
        'Of the lifetime of the certificate for {{ $labels.certificate }}, {{ $value | humanizePercentage }} is left. Without a renewal, new ' +
        'connections will fail. Put a new certificate into its Secret.',
    },
    {
      name: EtcdAlert.CERTIFICATE_EXPIRING,
      severity: 'critical',
      expr: `${left} < ${URGENT}`,
      forSeconds: 5 * MINUTE,
      summary: 'the certificate for {{ $labels.certificate }} expires soon',
      description:
        'Of the lifetime of the certificate for {{ $labels.certificate }}, {{ $value | humanizePercentage }} is left; less than 0 means that it has ' +
        'expired. Then no new connection is possible, and members that restart do not join. Put a new one into its Secret now.',
    },
  ];
}

/** Members connect to themselves every 30 s, as clients and members do. */
function tlsFailing(ctx: AlertContext): Alert {
  return {
    name: EtcdAlert.TLS_FAILING,
    severity: 'critical',
    expr: `max by (pod) (${ofMembers(ctx, TLS_METRICS.fails)}) == 1`,
    forSeconds: twoScrapes(ctx, 2 * MINUTE),
    summary: 'TLS connections to member {{ $labels.pod }} fail',
    description:
      'Member {{ $labels.pod }} cannot connect to itself with its certificates, so clients or other members cannot either: a certificate has expired, ' +
      'lacks a name, or is of another CA. Its log has the reason: look for “over TLS”.',
  };
}

function ofCertificates({ cluster, alerts }: AlertContext, metric: string): string {
  const conditions = [
    ...promql.matchers(alerts.seriesLabels),
    ...promql.matchers({ name: certificatePattern(cluster) }, '=~'),
  ];
  return `max by (name) (${promql.ofNamespace(metric, cluster.namespace, conditions)})`;
}
