import {
  EtcdIssuer,
  EtcdTls,
  type EtcdClusterProps,
  type EtcdMetricsTlsConfig,
  type EtcdMonitoringOptions,
} from '../../src';
import { find, problemsOf, synthCluster } from '../support/synth';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is written
type Anything = any;

const TLS = EtcdTls.fromOwnCa();
const PROMETHEUS = { namespaceLabels: { name: 'monitoring' } };
const certificate = (key: string) => ({ name: 'prometheus-etcd', key });
const CONFIG: EtcdMetricsTlsConfig = {
  ca: { secret: certificate('ca.crt') },
  cert: { secret: certificate('tls.crt') },
  keySecret: certificate('tls.key'),
};
const scrape = (config: EtcdMetricsTlsConfig): EtcdMonitoringOptions => ({
  tls: { port: 'https-metrics', config: { ...CONFIG, ...config } },
});
const SCRAPE = scrape({});
const PROPS: Partial<EtcdClusterProps> = {
  tls: TLS,
  ports: { metricsTls: 2383 },
  networkPolicy: { metrics: [PROMETHEUS] },
};
const objects = synthCluster(PROPS, (cluster) => cluster.addMonitoring(SCRAPE)) as Anything[];

test('etcd serves its metrics over TLS, too, and probes use the plain port', () => {
  const { containers } = (find(objects, 'StatefulSet', 'etcd') as Anything).spec.template.spec;
  const { env, ports, readinessProbe } = containers[0];
  const urls = env.find(({ name }: Anything) => name === 'ETCD_LISTEN_METRICS_URLS').value;
  expect(urls).toBe('http://0.0.0.0:2381,https://0.0.0.0:2383');
  expect(ports).toContainEqual({ name: 'https-metrics', containerPort: 2383, protocol: 'TCP' });
  expect(readinessProbe.httpGet).toMatchObject({ port: 'metrics', scheme: 'HTTP' });
});

test('Prometheus may connect to that port alone', () => {
  const { ingress } = (find(objects, 'NetworkPolicy', 'etcd') as Anything).spec;
  const from = (port: number) => ingress.find((rule: Anything) => rule.ports[0].port === port).from;
  const prometheus = { namespaceSelector: { matchLabels: { name: 'monitoring' } } };
  expect(from(2383)).toContainEqual(prometheus);
  expect(from(2381)).not.toContainEqual(prometheus);
  expect(from(2381)).toHaveLength(4); // members, and the jobs that ask them
});

test('the PodMonitor scrapes it by a name that certificates have', () => {
  const [endpoint] = (find(objects, 'PodMonitor', 'etcd') as Anything).spec.podMetricsEndpoints;
  expect(endpoint).toMatchObject({
    port: 'https-metrics',
    scheme: 'https',
    tlsConfig: { serverName: 'etcd.etcd-cluster.svc.cluster.local', keySecret: certificate('tls.key') },
  });
  const names = (find(objects, 'Certificate', 'etcd-server-tls') as Anything).spec.dnsNames;
  expect(names).toContain(endpoint.tlsConfig.serverName);
});

test.each<[Partial<EtcdClusterProps>, EtcdMonitoringOptions, string]>([
  [
    { ports: { metricsTls: 2383 } },
    SCRAPE,
    'ports.metricsTls: needs tls, which has the certificate, got 2383; set tls',
  ],
  [{ tls: TLS, ports: { metricsTls: 2381 } }, SCRAPE, 'ports.metricsTls: is already used by metrics, got 2381'],
  [
    PROPS,
    {},
    "tls: is required, because the cluster has ports.metricsTls, and its plain metrics port is closed to Prometheus; set port: 'https-metrics', and ca, cert and keySecret in config",
  ],
  [
    { tls: TLS },
    SCRAPE,
    'tls.port: unknown port, got "https-metrics"; use the name of a port of one of the sidecars, or set ports.metricsTls',
  ],
  [
    PROPS,
    scrape({ cert: undefined, keySecret: undefined }),
    'tls.config.cert: is required, because the members require client certificates; set it and keySecret',
  ],
  [PROPS, scrape({ ca: undefined }), 'tls.config.ca: is required, because the CA of the cluster is its own'],
])('refused: %j, monitoring %j', (props, options, expected) => {
  const problems = problemsOf(() => synthCluster(props, (cluster) => cluster.addMonitoring(options)));
  expect(problems).toEqual([expect.stringContaining(expected)]);
});

const withTls = (tls: EtcdTls): Partial<EtcdClusterProps> => ({ ...PROPS, tls });
const secret = { name: 'etcd-tls' };

test.each<[string, Partial<EtcdClusterProps>, EtcdMonitoringOptions]>([
  ['no CA, without verification', PROPS, scrape({ ca: undefined, insecureSkipVerify: true })],
  [
    'no certificate, if none is required',
    withTls(EtcdTls.fromOwnCa({ requireClientCertificates: false })),
    scrape({ cert: undefined, keySecret: undefined }),
  ],
  ['the CA of an issuer', withTls(EtcdTls.fromIssuer(EtcdIssuer.clusterIssuer('a'))), scrape({ ca: undefined })],
  [
    'the CA of Secrets',
    withTls(EtcdTls.fromSecrets({ server: secret, peer: secret, client: secret })),
    scrape({ ca: undefined }),
  ],
])('accepted: %s', (_name, props, options) => {
  expect(problemsOf(() => synthCluster(props, (cluster) => cluster.addMonitoring(options)))).toEqual([]);
});
