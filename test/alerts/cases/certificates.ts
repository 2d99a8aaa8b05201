import { EtcdAlert } from '../../../src';
import { flat, member, named, type Case, type Series } from '../promtool';

const DAY = 86_400;
/** Of a certificate that expires in so many days, at the start of the test. */
const expires = (days: number, labels: { readonly [label: string]: string }) => ({
  [named('certmanager_certificate_expiration_timestamp_seconds', labels)]: flat(days * DAY),
});
/** What a member publishes (scripts/member/report-tls.sh). */
const ofPhasePort = (ordinal: number, metric: string, labels: { readonly [label: string]: string } = {}): string =>
  member(ordinal, metric, { endpoint: 'phase', ...labels });
const fails = (ordinal: number): string => ofPhasePort(ordinal, 'cdk8s_etcd_tls_fails');
const HONORED = { namespace: 'etcd-cluster', name: 'etcd-server-tls' };
const EXPORTED = { namespace: 'cert-manager', exported_namespace: 'etcd-cluster', name: 'etcd-peer-tls' };

/** By default, a certificate is renewed when 30 days are left. */
export const CERTIFICATE_CASES: Case[] = [
  { alert: EtcdAlert.CERTIFICATE_NOT_RENEWED, when: '16 days are left', series: expires(16, HONORED), at: '70m' },
  {
    alert: EtcdAlert.CERTIFICATE_NOT_RENEWED,
    when: 'less than 15 days are left, for an hour',
    series: expires(14.9, HONORED),
    at: '70m',
    fires: [{ name: 'etcd-server-tls' }],
  },
  { alert: EtcdAlert.CERTIFICATE_NOT_RENEWED, when: 'for less', series: expires(14.9, HONORED), at: '50m' },
  {
    alert: EtcdAlert.CERTIFICATE_NOT_RENEWED,
    when: 'Prometheus does not honor labels',
    series: expires(14.9, EXPORTED),
    at: '70m',
    fires: [{ name: 'etcd-peer-tls' }],
  },
  {
    alert: EtcdAlert.CERTIFICATE_NOT_RENEWED,
    when: 'the certificate is of another namespace or of an application',
    series: {
      ...expires(1, { ...HONORED, namespace: 'other' }),
      ...expires(1, { ...EXPORTED, exported_namespace: 'other' }),
      ...expires(1, { ...HONORED, name: 'app-etcd' }),
    },
    at: '70m',
  },
  { alert: EtcdAlert.CERTIFICATE_EXPIRING, when: 'four days are left', series: expires(4, HONORED), at: '70m' },
  {
    alert: EtcdAlert.CERTIFICATE_EXPIRING,
    when: 'less than three days are left',
    series: expires(2.9, HONORED),
    at: '10m',
    fires: [{ name: 'etcd-server-tls' }],
  },
  {
    alert: EtcdAlert.CERTIFICATE_EXPIRING,
    when: 'it has expired',
    series: expires(0, EXPORTED),
    at: '10m',
    fires: [{ name: 'etcd-peer-tls' }],
  },
  {
    alert: EtcdAlert.TLS_FAILING,
    when: 'connections fail for a moment',
    series: { [fails(0)]: '0+0x4 1 0+0x20', [fails(1)]: flat(0) },
    at: '7m',
  },
  {
    alert: EtcdAlert.TLS_FAILING,
    when: 'connections to one member fail',
    series: { [fails(0)]: flat(0), [fails(1)]: flat(1) },
    at: '5m',
    fires: [{ pod: 'etcd-1' }],
  },
];

/** Two members with a certificate that is valid for 100 days, and of which so many days are left at the start. */
const published = (days: number, certificate = 'server'): Series =>
  Object.fromEntries(
    [0, 1].flatMap((ordinal) => [
      [
        ofPhasePort(ordinal, 'cdk8s_etcd_certificate_not_before_timestamp_seconds', { certificate }),
        flat((days - 100) * DAY),
      ],
      [ofPhasePort(ordinal, 'cdk8s_etcd_certificate_not_after_timestamp_seconds', { certificate }), flat(days * DAY)],
    ]),
  );

/** Certificates in Secrets that the user renews. */
export const SECRET_CASES: Case[] = [
  { alert: EtcdAlert.CERTIFICATE_NOT_RENEWED, when: 'a fifth is left', series: published(20), at: '70m' },
  {
    alert: EtcdAlert.CERTIFICATE_NOT_RENEWED,
    when: 'less than a sixth is left, for an hour',
    series: { ...published(16), ...published(90, 'peer') },
    at: '70m',
    fires: [{ certificate: 'server' }],
  },
  { alert: EtcdAlert.CERTIFICATE_EXPIRING, when: 'a tenth is left', series: published(10), at: '70m' },
  {
    alert: EtcdAlert.CERTIFICATE_EXPIRING,
    when: 'less than a twentieth is left',
    series: published(4.9, 'client'),
    at: '10m',
    fires: [{ certificate: 'client' }],
  },
  {
    alert: EtcdAlert.CERTIFICATE_EXPIRING,
    when: 'it has expired',
    series: published(0, 'peer'),
    at: '10m',
    fires: [{ certificate: 'peer' }],
  },
  {
    alert: EtcdAlert.TLS_FAILING,
    when: 'connections fail',
    series: { [fails(2)]: flat(1) },
    at: '5m',
    fires: [{ pod: 'etcd-2' }],
  },
];
