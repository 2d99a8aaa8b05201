import { goRegexProblem } from '../../../src/grammar/go-regex';
import { templateProblem } from '../../../src/grammar/prometheus-template';
import { type Anything } from '../../support/refusals';
import { problemsOf, synthCluster } from '../../support/synth';

const relabel = (value: Anything) => ({ relabelings: [value] });
const sidecar = { name: 'a', image: 'a:1', ports: [{ name: 'metrics-tls', containerPort: 8443 }] };
const key = { name: 'a', key: 'b' };
const tls = (config: Anything) => ({ tls: { port: 'metrics-tls', config } });

test.each<[Anything, string]>([
  [relabel({ action: 'Replacing' }), 'relabelings[0].action: expected one of replace, keep'],
  [relabel({ targetLabel: 'a-b' }), 'relabelings[0].targetLabel: expected the name of a Prometheus label'],
  [relabel({ action: 'keep', sourceLabels: ['a-b'] }), 'relabelings[0].sourceLabels[0]: expected the name'],
  [relabel({ action: 'keep', regex: '(' }), 'relabelings[0].regex: expected a regular expression of Go'],
  [relabel({}), 'relabelings[0].targetLabel: is required with the action replace'],
  [relabel({ action: 'hashmod', targetLabel: 'a' }), 'relabelings[0].modulus: is required with the action hashmod'],
  [relabel({ action: 'hashmod', targetLabel: 'a', modulus: 0 }), 'relabelings[0].modulus: expected a whole number'],
  [relabel({ action: 'labeldrop', sourceLabels: ['a'] }), 'relabelings[0].sourceLabels: is not used by the action'],
  [relabel({ action: 'keepequal', targetLabel: 'a', regex: 'b' }), 'relabelings[0].regex: is not used by the action'],
  [relabel({ action: 'lowercase', targetLabel: 'a', replacement: 'b' }), 'relabelings[0].replacement: is not used by'],
  [relabel({ action: 'labelmap', replacement: 'a-b' }), 'relabelings[0].replacement: expected the name'],
  [
    { metricRelabelings: [{ action: 'drop', regex: '[' }] },
    'metricRelabelings[0].regex: expected a regular expression',
  ],
  [tls({ minVersion: 'TLS1.2' }), 'tls.config.minVersion: expected one of TLS10, TLS11, TLS12, TLS13'],
  [tls({ ca: { secret: { name: 'a', key: 'a/b' } } }), 'tls.config.ca.secret.key: expected a key of a Secret'],
  [tls({ keySecret: { key: 'a' } }), 'tls.config.keySecret.name: is required'],
  [
    tls({ cert: { secret: key } }),
    'tls.config.keySecret: is required with cert; set it to the Secret that has the private key',
  ],
  [tls({ keySecret: key }), 'tls.config.cert: is required with keySecret; set it, or remove keySecret'],
  [tls({ ca: { configMap: { name: 'a', key: 'a/b' } } }), 'tls.config.ca.configMap.key: expected a key of a'],
  [tls({ cert: { secret: { name: 'a', key: 'a/b' } }, keySecret: key }), 'tls.config.cert.secret.key: expected a key'],
  [tls({ ca: {} }), 'tls.config.ca: expected either secret or configMap, got {}; set one of them'],
  [tls({ cert: { secret: key, configMap: key }, keySecret: key }), 'tls.config.cert: expected either secret or conf'],
  [
    tls({ minVersion: 'TLS13', maxVersion: 'TLS12' }),
    'tls.config.maxVersion: expected at least minVersion, which is TLS13, got "TLS12"; raise it, or lower minVersion',
  ],
  [{ alerts: { labels: { team: '{{ nope' } } }, 'alerts.labels.team: expected }} after {{'],
  [
    { alerts: { labels: { team: '{{ nope }}' } } },
    'alerts.labels.team: expected variables and functions of Prometheus',
  ],
])('%#: %j', (options, problem) => {
  const problems = problemsOf(() => synthCluster({ sidecars: [sidecar] }, (cluster) => cluster.addMonitoring(options)));
  expect(problems).toEqual([expect.stringContaining(`[test/Etcd/Monitoring] ${problem}`)]);
});

test.each([
  [`${'a'.repeat(60)}-`, false],
  [`${'$a'.repeat(60)}-`, false],
  [`${'${a}_'.repeat(60)}-`, false],
  ['kubernetes_cluster_region-1', false],
  ['1a', false],
  ['$', false],
  ['$a'.repeat(60), true],
  ['${1}_$2', true],
  ['a${name}', true],
])('targetLabel %s is decided at once', (targetLabel, isAccepted) => {
  const start = performance.now();
  const problems = problemsOf(() =>
    synthCluster({}, (cluster) => cluster.addMonitoring(relabel({ targetLabel, replacement: 'x' }))),
  );
  expect(problems).toHaveLength(isAccepted ? 0 : 1);
  expect(performance.now() - start).toBeLessThan(5000);
});

test.each<Anything>([
  { minVersion: 'TLS12', maxVersion: 'TLS12' },
  { ca: { configMap: key }, cert: { secret: key }, keySecret: key },
  {},
])('tls.config may be %j', (config) => {
  expect(problemsOf(() => synthCluster({ sidecars: [sidecar] }, (c) => c.addMonitoring(tls(config))))).toEqual([]);
});

describe('regular expressions of Go', () => {
  test.each([
    ...['', 'go_.*', '(a|b)+', '(?i)a', '(?P<x>a)', '(?:a)?', '[[:alpha:]]', '[]a]', '[^]a]', '\\d+\\.\\w', '\\pL'],
    ...['a{2,5}', 'a{0,1000}', '\\x41', 'a-b', '\\-', '^a$', '(a)(b)'],
    ...['C:\\\\program', '\\pLabel', '\\\\Q[^E]+', '\\Q\\pX\\E'],
    ...['\\Qa.b(\\E+', '\\Q(', '\\p{Greek}', '\\p{^Lu}', '\\PN', '\\p{Any}', '\\12', '\\0'],
  ])('accepts %s', (regex) => {
    expect(goRegexProblem(regex)).toBeUndefined();
  });

  test.each([
    '(',
    ')',
    '[',
    '*',
    'a**',
    'a{2,1}',
    'a{1001}',
    '(?=a)',
    '(?<!a)b',
    '(a)\\1',
    '\\k',
    '(?P<x',
    'a\\',
    '\\p{Foo}',
    '\\pX',
    '\\C',
  ])('refuses %s', (regex) => {
    expect(goRegexProblem(regex)).toMatch(/^expected a regular expression of Go/);
  });
});

describe('templates of Prometheus', () => {
  test.each([
    ...['', 'storage', '{ not one }', '{{ $labels.pod }}', '{{$value | humanize}}', '{{ printf "%.2f" $value }}'],
    ...['{{ .Labels.pod }}', '{{ .Value }}', '{{ externalURL }}', '{{ ($value) | humanize | toUpper }}', '{{ "a" }}'],
    ...[
      '{{ printf "%s" (humanize $value) }}',
      '{{- $externalLabels.a -}}',
      '{{ (query "up" | first).Value }}',
      '{{ . }}',
    ],
  ])('accepts %s', (template) => {
    expect(templateProblem(template)).toBeUndefined();
  });

  test.each([
    ...[
      '{{',
      '{{ nope }}',
      '{{ $label.pod }}',
      '{{ $labels.pod',
      '{{}}',
      '{{ "a }}',
      '{{ ( $value }}',
      '{{ $value ) }}',
    ],
    ...['{{ .Foo }}', '{{ | humanize }}', '{{ $value | }}', '{{ $value $value }}', '{{ $value | $labels.pod }}'],
    ...['{{ humanize }}', '{{ $value.x }}', '{{ () }}', '{{ 1 2 }}', '{{ $labels.a.b }}'],
  ])('refuses %s', (template) => {
    expect(templateProblem(template)).toMatch(/^expected /);
  });
});
