import { Duration } from 'cdk8s';
import { appCode } from '../../src/bitnami/code';
import { importValues, type ImportOptions } from '../../src/bitnami/import';
import { valueOf, type Plain } from '../../src/bitnami/expression';
import { reportOf, type Line } from '../../src/bitnami/report';
import { VERDICTS } from '../../src/bitnami/verdicts';
import { prometheusSeconds } from '../../src/grammar/prometheus-duration';

const OFF = 'auth: { rbac: { create: false } }\n';
const DIGEST = `sha256:${'a'.repeat(64)}`;

function imported(values: string, options: Partial<ImportOptions> = {}) {
  const cluster = importValues(OFF + values, { release: { name: 'etcd', namespace: 'storage' }, ...options });
  expect(cluster.problems).toEqual([]);
  return { report: reportOf(cluster, []), code: appCode(cluster) };
}

const texts = (lines: readonly Line[], parameter: string): string[] =>
  lines.filter((line) => line.parameter === parameter).map(({ text }) => text);

describe('the digest', () => {
  test('of Bitnami’s image is dropped with the image, and is reported as changed', () => {
    const { report, code } = imported(`image: { tag: 3.5.21-debian-12-r5, digest: "${DIGEST}" }`);
    expect(code).toContain("EtcdImage.upstream('3.5.21')");
    expect(texts(report.dropped, 'image.digest')).toEqual([expect.stringMatching(/EtcdImage.upstream/)]);
    expect(report.same.map(({ parameter }) => parameter).join()).not.toContain('image.');
  });

  test('of another image stays', () => {
    const { report, code } = imported(`image: { repository: bitnamilegacy/etcd, tag: 3.5.21, digest: "${DIGEST}" }`);
    expect(code).toContain(DIGEST);
    expect(texts(report.same, 'image.digest')).toHaveLength(1);
    expect(report.dropped).toEqual([]);
  });
});

describe('the user of pods on OpenShift', () => {
  const ADAPT = 'global.compatibility.openshift.adaptSecurityContext';
  const said = (values: string, live?: ImportOptions['live']) => {
    const { report, code } = imported(values, { live });
    return { told: texts(report.differs, ADAPT), byPlatform: code.includes('platformAssignsIds: true') };
  };

  test('unknown: the report says so', () => {
    expect(said('')).toEqual({
      told: [expect.stringContaining('security: { platformAssignsIds: true }')],
      byPlatform: false,
    });
  });

  test('taken from the live pods', () => {
    expect(said('', { namesUser: true })).toEqual({ told: [], byPlatform: false });
    expect(said('', { namesUser: false })).toEqual({ told: [expect.stringContaining('live')], byPlatform: true });
  });

  test.each(['disabled', 'force'])('%s says it by itself', (mode) => {
    const values = `global: { compatibility: { openshift: { adaptSecurityContext: ${mode} } } }`;
    expect(said(values)).toEqual({ told: [], byPlatform: mode === 'force' });
    expect(said(values, { namesUser: false }).byPlatform).toBe(mode === 'force');
  });

  test('IDs that the platform chooses differ from IDs that the library sets', () => {
    const force = imported(
      'global: { compatibility: { openshift: { adaptSecurityContext: force } } }\ncontainerSecurityContext: { runAsUser: 7 }',
    );
    expect(texts(force.report.differs, 'containerSecurityContext.runAsUser')).toHaveLength(1);
    expect(texts(force.report.same, 'containerSecurityContext.runAsUser')).toEqual([]);
    const half = imported('containerSecurityContext: { runAsUser: null }');
    expect(texts(half.report.differs, 'containerSecurityContext.runAsUser')).toEqual([expect.stringMatching(/1001/)]);
  });
});

const MONITOR = 'metrics: { enabled: true, podMonitor: { enabled: true, ';

describe('what the import changes is reported as changed', () => {
  test('a variable of Bitnami’s scripts is dropped, and is reported as changed', () => {
    const { report } = imported('extraEnvVars: [{ name: ETCD_ON_K8S, value: "no" }, { name: MINE, value: a }]');
    expect(texts(report.differs, 'extraEnvVars')).toEqual([expect.stringMatching(/^ETCD_ON_K8S .*left out/)]);
    expect(texts(report.same, 'extraEnvVars')).toEqual(['MINE -> extraEnv']);
    const none = imported('extraEnvVars: [{ name: ETCD_ON_K8S, value: "no" }]').report;
    expect(texts(none.same, 'extraEnvVars')).toEqual(['nothing -> extraEnv']);
  });

  test('more memory than nodes may have', () => {
    const { report } = imported('resources: { requests: { memory: 2Gi }, limits: { memory: 8Gi } }');
    expect(texts(report.safer, 'resources')).toEqual([expect.stringMatching(/the request becomes 8Gi.*stays Pending/)]);
  });

  test.each([
    [
      `${MONITOR}interval: 5m } }`,
      'metrics.podMonitor.interval',
      /becomes 120 s: a sample is stale/,
      'interval: Duration.minutes(2)',
    ],
    [`${MONITOR}interval: 1500ms } }`, 'metrics.podMonitor.interval', /becomes 2 s/, 'interval: Duration.seconds(2)'],
    [
      `${MONITOR}scrapeTimeout: 1m } }`,
      'metrics.podMonitor.scrapeTimeout',
      /becomes 30 s/,
      'scrapeTimeout: Duration.seconds(30)',
    ],
    [
      'defrag: { enabled: true, cronjob: { activeDeadlineSeconds: 600 } }',
      'defrag.cronjob.activeDeadlineSeconds',
      /becomes 7200 s: it was for one call of etcdctl/,
      'activeDeadline: Duration.hours(2)',
    ],
    [
      'defrag: { enabled: true, cronjob: { activeDeadlineSeconds: 0 } }',
      'defrag.cronjob.activeDeadlineSeconds',
      /is 0/,
      'addDefrag',
    ],
    [
      'defrag: { enabled: true, cronjob: { startingDeadlineSeconds: 5 } }',
      'defrag.cronjob.startingDeadlineSeconds',
      /becomes 10 s/,
      'startingDeadline: Duration.seconds(10)',
    ],
    [
      'defrag: { enabled: true, cronjob: { startingDeadlineSeconds: 0 } }',
      'defrag.cronjob.startingDeadlineSeconds',
      /is 0/,
      'addDefrag',
    ],
    [
      'disasterRecovery: { enabled: true, cronjob: { snapshotHistoryLimit: 0 } }',
      'disasterRecovery.cronjob.snapshotHistoryLimit',
      /becomes 1/,
      'snapshotHistoryLimit: 1,',
    ],
    [
      'terminationGracePeriodSeconds: 5',
      'terminationGracePeriodSeconds',
      /becomes 30 s/,
      'terminationGracePeriod: Duration.seconds(30)',
    ],
  ])('%s', (values, parameter, told, code) => {
    const said = imported(values);
    expect(texts(said.report.differs, parameter)).toEqual([expect.stringMatching(told)]);
    expect(texts(said.report.same, parameter)).toEqual([]);
    expect(said.code).toContain(code);
    if (code === 'addDefrag') expect(said.code).not.toContain('Deadline');
  });

  test.each([
    [
      'metrics: { enabled: true }\nnetworkPolicy: { allowExternal: false }',
      'networkPolicy.allowExternal',
      /pods without the label etcd-client=true could connect, .*First label all clients/,
    ],
    [
      'disasterRecovery: { enabled: true }\nstartFromSnapshot: { enabled: true }',
      'startFromSnapshot.snapshotFilename',
      /snapshots of the chart are not verified: to restore one of them, set its name/,
    ],
    [
      'disasterRecovery: { enabled: true }',
      'disasterRecovery.enabled',
      /snapshots of the chart stay on their claim.*take the first verified snapshot at once/,
    ],
  ])('%s: what a live cluster would notice is reported', (values, parameter, told) => {
    expect(texts(imported(values).report.differs, parameter)).toEqual([expect.stringMatching(told)]);
  });

  test.each([
    'metrics: { enabled: true, useSeparateEndpoint: true }\nnetworkPolicy: { allowExternal: false }',
    'metrics: { enabled: true }',
    'metrics: { enabled: true }\nnetworkPolicy: { enabled: false, allowExternal: false }',
    'networkPolicy: { allowExternal: false }',
  ])('%s: clients connect as before', (values) => {
    expect(texts(imported(values).report.differs, 'networkPolicy.allowExternal')).toEqual([]);
  });

  test.each([
    ['image: { debug: true }\nlogLevel: warn', 'logLevel', /image.debug is on/],
    ['replicaCount: 1\ninitialClusterToken: a', 'initialClusterToken', /with one member/],
    ['resources: { limits: { memory: 1Gi } }\nresourcesPreset: large', 'resourcesPreset', /resources is set/],
    ['pdb: { maxUnavailable: 1, minAvailable: 2 }', 'pdb.minAvailable', /pdb.maxUnavailable is set/],
    ['service: { port: 1, ports: { client: 2 } }', 'service.port', /service.ports.client is 2/],
  ])('%s: a parameter that another one overrides has no effect', (values, parameter, told) => {
    const { report } = imported(values);
    expect(texts(report.unused, parameter)).toEqual([expect.stringMatching(told)]);
    expect(texts(report.same, parameter)).toEqual([]);
  });
});

/** All numbers in a text, durations in seconds. */
function numbers(value: unknown): number[] {
  if (value instanceof Duration) return [value.toMilliseconds() / 1000];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(numbers);
  const number = typeof value === 'boolean' ? NaN : Number(value);
  return Number.isNaN(number) ? [] : [number];
}

const SWITCHES = [
  'disasterRecovery.enabled',
  'defrag.enabled',
  'metrics.enabled',
  'metrics.useSeparateEndpoint',
  'metrics.podMonitor.enabled',
  'startupProbe.enabled',
];
const DURATIONS = ['metrics.podMonitor.interval', 'metrics.podMonitor.scrapeTimeout'];
const WHOLE = Object.entries(VERDICTS).filter(
  ([, { kind, shape }]) => kind === 'mapped' && /whole number/.test(shape.expected),
);
/** Aliases are read where the parameter itself is empty. */
const MORE: { readonly [parameter: string]: [string, unknown][] } = {
  'service.port': [['service.ports.client', '']],
  'metrics.podMonitor.scrapeTimeout': [['metrics.podMonitor.interval', '2m']],
};
/** What the library sets itself is not part of the import. */
const LIBRARY: { readonly [parameter: string]: number } = {
  'pdb.maxUnavailable': 1,
  'disasterRecovery.cronjob.historyLimit': 1,
};
/** Of nine members: the ones that must stay up. */
const AWAY: { readonly [parameter: string]: (n: number) => number } = { 'pdb.minAvailable': (n) => Math.max(0, 9 - n) };
const TRIED = [0, 1, 3, 5, 7, 31, 777, 30001, 86401];

test.each([
  ...WHOLE.map(([parameter]) => [parameter, TRIED] as const),
  ...DURATIONS.map((parameter) => [parameter, ['500ms', '1500ms', '7s', '45s', '1m30s', '5m', '1h']] as const),
])('%s: a value that the report counts as equal is in the code', (parameter, tried) => {
  const verdict = VERDICTS[parameter];
  const to = verdict?.kind === 'mapped' ? verdict.to.split('.') : [];
  let compared = 0;
  for (const value of tried) {
    const tree: { [key: string]: unknown } = {};
    const given = [
      ['auth.rbac.create', false],
      ['service.type', 'NodePort'],
      ['replicaCount', 9],
      ...(MORE[parameter] ?? []),
      ...SWITCHES.map((s) => [s, true]),
      [parameter, value],
    ];
    for (const [path, v] of given as [string, unknown][]) {
      const keys = path.split('.');
      const parent = keys.slice(0, -1).reduce((at, key) => (at[key] ??= {}) as { [key: string]: unknown }, tree);
      parent[keys.at(-1) ?? ''] = v;
    }
    const cluster = importValues(JSON.stringify(tree).replaceAll('":', '": '), {
      release: { name: 'etcd', namespace: 'storage' },
    });
    const printed = reportOf(cluster, []).same.find((line) => line.parameter === parameter);
    if (cluster.problems.length > 0 || !printed) continue;
    const [text = ''] = printed.text.split(' -> ');
    const number = prometheusSeconds(text) ?? Number(text);
    if (number === LIBRARY[parameter]) continue;
    const data = to.reduce<unknown>((at, key) => (at as { [key: string]: unknown } | undefined)?.[key], cluster);
    expect({ text, has: numbers(valueOf(data as Plain)) }).toEqual({
      text,
      has: expect.arrayContaining([AWAY[parameter]?.(number) ?? number]) as unknown,
    });
    compared++;
  }
  expect(compared).toBeGreaterThan(0);
});
