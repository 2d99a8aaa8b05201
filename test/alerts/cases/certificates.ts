import { EtcdAlert } from '../../../src';
import { flat, named, type Case } from '../promtool';

const DAY = 86_400;
/** Of a certificate that expires in so many days, at the start of the test. */
const expires = (days: number, labels: { readonly [label: string]: string }) => ({
  [named('certmanager_certificate_expiration_timestamp_seconds', labels)]: flat(days * DAY),
});
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
];
