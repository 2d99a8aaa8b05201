import { App, Chart } from 'cdk8s';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtcdCluster, FleetApp, HelmTemplateResolver } from '../../src';
import { problemsOf } from '../support/synth';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cdk8s-etcd-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** As the CLI does with `format: helm`: it writes Chart.yaml, and then runs the app. */
function scaffolding(): string {
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\n');
  mkdirSync(join(folder, 'templates'));
  return join(folder, 'templates');
}

function synthesize(app: App): string {
  const etcd = new EtcdCluster(new Chart(app, 'etcd', { namespace: 'ns' }), 'Etcd', {
    name: 'etcd',
    podAnnotations: { template: '{{- with secret "x" -}}{{{ .Data }}}' },
  });
  etcd.addMonitoring({ alerts: { labels: { pod_of: '{{ $labels.pod }}' } } });
  app.synth();
  return readFileSync(join(app.outdir, 'etcd.k8s.yaml'), 'utf8');
}

/** What Helm makes of a template that has raw strings only. */
function rendered(template: string): string {
  const rest = template.replace(/\{\{`[^`]*`\}\}/g, '');
  expect(rest).not.toContain('{{');
  return template.replace(/\{\{`([^`]*)`\}\}/g, '$1');
}

describe.each([
  ['App', App],
  ['FleetApp', FleetApp],
])('%s', (_name, Kind) => {
  test('templates of Helm that render what is written without Helm', () => {
    const plain = synthesize(new Kind({ outdir: join(folder, 'plain') }));
    expect(plain).toContain('{{ $labels.pod }}');
    const template = synthesize(new Kind({ outdir: scaffolding(), resolvers: [new HelmTemplateResolver()] }));
    expect(rendered(template)).toBe(plain);
  });

  test('without the resolver, one problem for each object that Helm would read', () => {
    const app = new Kind({ outdir: scaffolding() });
    const remedy =
      'Helm would read {{ in it as a template of its own; create the app with resolvers: [new HelmTemplateResolver()]';
    expect(problemsOf(() => synthesize(app))).toEqual([
      `[etcd/Etcd] StatefulSet ns/etcd: ${remedy}`,
      `[etcd/Etcd/Monitoring] PrometheusRule ns/etcd: ${remedy}`,
      `[etcd/Etcd/Monitoring] ConfigMap ns/etcd-dashboard: ${remedy}`,
    ]);
  });
});

test('a folder called templates that is no chart', () => {
  expect(synthesize(new App({ outdir: join(folder, 'templates') }))).toContain('{{ $labels.pod }}');
});
