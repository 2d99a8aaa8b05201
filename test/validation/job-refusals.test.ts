import { Duration } from 'cdk8s';
import { EtcdSnapshotStore, EtcdTotalLoss, type EtcdCluster } from '../../src';
import { problemsOf, synthCluster } from '../support/synth';

/** As a caller from JavaScript, without a compiler that checks types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- wrong types are the point
type Anything = any;

const QUANTITY = 'expected a Kubernetes quantity';
const job = { store: EtcdSnapshotStore.existingClaim('claim') };

/** Wrong options of a CronJob. */
const REFUSED_JOB: [Anything, string][] = [
  [{ schedule: '99 banana * * *' }, 'schedule: '],
  [{ schedule: '0 3 * * 7' }, 'schedule: '],
  [{ schedule: '0 0 31 2 *' }, 'schedule: '],
  [{ timeZone: 'Local' }, 'timeZone: '],
  [{ timeZone: 'Mars/Olympus' }, 'timeZone: '],
  [{ startingDeadline: Duration.seconds(5) }, 'startingDeadline: expected a whole number of seconds from 10'],
  [{ activeDeadline: Duration.millis(1) }, 'activeDeadline: expected a whole number of seconds from 1'],
  [{ backoffLimit: 11 }, 'backoffLimit: expected a whole number from 0 to 10, got 11'],
  [{ successfulJobsHistoryLimit: -1 }, 'successfulJobsHistoryLimit: expected a whole number from 0 to 100, got -1'],
  [{ failedJobsHistoryLimit: 1.5 }, 'failedJobsHistoryLimit: expected a whole number from 0 to 100, got 1.5'],
  [{ suspend: 'no' }, 'suspend: expected true or false, got "no"'],
  [{ resources: { memory: '1GB' } }, `resources.memory: ${QUANTITY}`],
  [
    { extraEnv: [{ name: 'MEMBER_ENDPOINTS', value: 'x' }] },
    'extraEnv[0].name: is set by the library and cannot be changed, got "MEMBER_ENDPOINTS"; remove it',
  ],
  [
    { podLabels: { 'app.kubernetes.io/component': 'x' } },
    'podLabels.app.kubernetes.io/component: is set by the library',
  ],
  [
    { podAnnotations: { 'container.apparmor.security.beta.kubernetes.io/etcd': 'runtime/default' } },
    'podAnnotations.container.apparmor.security.beta.kubernetes.io/etcd: unknown container',
  ],
  [{ resources: { cpuRequest: '2', cpuLimit: '1' } }, 'resources.cpuLimit: expected at least the request, which is 2'],
  [
    { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'a b' }] } } },
    'affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: expected a label key',
  ],
  [{ scheduel: '@daily' }, 'scheduel: unknown key, got "@daily"; did you mean schedule?'],
];

test.each(REFUSED_JOB)('defrag: %j', (options, expected) => {
  const problems = problemsOf(() => synthCluster({}, (c) => c.addDefrag(options)));
  expect(problems).toEqual([expect.stringContaining(`[test/Etcd/Defrag] ${expected}`)]);
});

test.each([
  ...REFUSED_JOB,
  [{ snapshotHistoryLimit: 0 }, 'snapshotHistoryLimit: expected a whole number from 1 to 10000, got 0'],
  [
    { store: 'nfs' },
    'store: expected EtcdSnapshotStore.existingClaim(...), .persistentVolumeClaim(...) or .remoteOnly(...), got "nfs"',
  ],
  [{ store: EtcdSnapshotStore.existingClaim('No') }, 'store: '],
  [
    { store: EtcdSnapshotStore.existingClaim('a', { subPath: '..' }) },
    'store.subPath: expected a relative path without "..", got ".."',
  ],
  [{ store: EtcdSnapshotStore.persistentVolumeClaim({ size: 'x' }) }, `store.size: ${QUANTITY}`],
  [{ store: undefined }, 'store: is required; set it'],
  [
    { store: EtcdSnapshotStore.remoteOnly() },
    'remote: is required with EtcdSnapshotStore.remoteOnly(), which keeps no snapshots on a claim; set it',
  ],
  [{ store: EtcdSnapshotStore.remoteOnly({ sizeLimit: 'x' }) }, `store.sizeLimit: ${QUANTITY}`],
  [{ remote: { configSecret: 's' } }, 'remote.path: is required; set it'],
  [{ remote: { path: 'a:b' } }, 'remote.configSecret: is required; set it'],
  [{ remote: { path: 'a:b/', configSecret: 's' } }, 'remote.path: expected a remote and a folder'],
  [{ remote: { path: 'a:b', configSecret: 's', configKey: 'a/b' } }, 'remote.configKey: expected a key of a Secret'],
  [
    { remote: { path: 'a:b', configSecret: 's', extraArgs: ['-v x'] } },
    'remote.extraArgs[0]: expected a flag as one word, --name or --name=value, got "-v x"',
  ],
  [{ remote: { path: 'a:b', configSecret: 's', image: 'Rclone' } }, 'remote.image: '],
  [
    { remote: { path: 'a:b', configSecret: 's', extraArgs: ['--s3-secret-access-key=hunter2'] } },
    'remote.extraArgs[0]: a credential must not be in YAML, got "--s3-secret-access-key=..."; put it in the Secret',
  ],
  [
    { remote: { path: 'a:b', configSecret: 's', extraArgs: ['--dry-run'] } },
    'remote.extraArgs[0]: is set by the library',
  ],
  [{ remote: { path: 'a:', configSecret: 's' } }, 'remote.path: expected a remote and a folder'],
  [{ remoteHistoryLimit: 5 }, 'remoteHistoryLimit: needs a remote, got 5'],
  [{ remoteHistoryLimit: 0 }, 'remoteHistoryLimit: expected a whole number from 1 to 10000, got 0'],
  [{ trialRestore: 'yes' }, 'trialRestore: expected true or false, got "yes"'],
] as [Anything, string][])('snapshots: %j', (options, expected) => {
  const problems = problemsOf(() => synthCluster({}, (c) => c.addSnapshots({ ...job, ...options })));
  expect(problems).toEqual([expect.stringContaining(`[test/Etcd/Snapshots] ${expected}`)]);
});

test.each([
  ...REFUSED_JOB,
  [{ fromRemote: true }, 'fromRemote: needs a remote, got true; set remote in addSnapshots'],
  [{ maximumAge: Duration.seconds(1) }, 'maximumAge: expected a whole number of seconds from 60'],
  [{ minimumKeys: -1 }, 'minimumKeys: expected a whole number of at least 0, got -1'],
] as [Anything, string][])('restore drill: %j', (options, expected) => {
  const problems = problemsOf(() => synthCluster({}, (c) => c.addSnapshots(job).addRestoreDrill(options)));
  expect(problems).toEqual([expect.stringContaining(`[test/Etcd/Snapshots/Drill] ${expected}`)]);
});

test('a drill does not restore from a claim that does not exist', () => {
  const options = { store: EtcdSnapshotStore.remoteOnly(), remote: { path: 'a:b', configSecret: 's' } };
  const add = (fromRemote?: boolean) => (c: EtcdCluster) => c.addSnapshots(options).addRestoreDrill({ fromRemote });
  expect(problemsOf(() => synthCluster({}, add(false)))).toEqual([
    '[test/Etcd/Snapshots/Drill] fromRemote: needs snapshots on a claim, and EtcdSnapshotStore.remoteOnly() keeps none, got false; remove it',
  ]);
  expect(problemsOf(() => synthCluster({}, add()))).toEqual([]);
});

test.each([
  [
    { onTotalLoss: EtcdTotalLoss.RESTORE_NEWEST },
    true,
    'onTotalLoss: needs existingCluster, because without it members without data bootstrap an empty cluster; set existingCluster: true',
  ],
  [
    { onTotalLoss: EtcdTotalLoss.RESTORE_NEWEST, existingCluster: true },
    false,
    'onTotalLoss: needs snapshots to restore',
  ],
])('total loss: %j, with snapshots %s', (props, snapshots, expected) => {
  const problems = problemsOf(() => synthCluster(props, (c) => snapshots && c.addSnapshots(job)));
  expect(problems).toEqual([expect.stringContaining(`[test/Etcd] ${expected}`)]);
});

test.each([
  [
    { interval: Duration.seconds(5), scrapeTimeout: Duration.seconds(6) },
    'scrapeTimeout: expected at most the interval, which is 5 s, got "6 s"',
  ],
  [
    { interval: Duration.minutes(10) },
    'interval: expected a whole number of seconds from 1 to 120: a sample is stale after 5 minutes, and alerts need two samples, got "600 seconds"',
  ],
  [{ namespace: 'No' }, 'namespace: '],
  [{ jobLabel: '-' }, 'jobLabel: '],
  [{ dashboard: true }, 'dashboard: expected an object, got true'],
  [{ dashboard: { enabled: 'yes' } }, 'dashboard.enabled: expected true or false, got "yes"'],
  [{ dashboard: { titel: 'x' } }, 'dashboard.titel: unknown key, got "x"; did you mean title?'],
  [{ dashboard: { title: 'two\nlines' } }, 'dashboard.title: '],
  [{ dashboard: { namespace: 'No' } }, 'dashboard.namespace: '],
  [
    { dashboard: { labels: { 'app.kubernetes.io/name': 'x' } } },
    'dashboard.labels.app.kubernetes.io/name: is set by the library',
  ],
  [{ dashboard: { annotations: { a: 1 } } }, 'dashboard.annotations.a: expected a string, got 1'],
  [{ relabelings: [{ target: 'x' }] }, 'relabelings[0].target: unknown key'],
  [{ tls: {} }, 'tls.port: is required; set it'],
  [{ tls: { port: 'Metrics' } }, 'tls.port: expected a port name'],
  [
    { tls: { port: 'metrics-tls' } },
    'tls.port: unknown port, got "metrics-tls"; use the name of a port of one of the sidecars',
  ],
  [
    { tls: { port: 'metrics-tls', config: { ca: { secrett: { name: 'a', key: 'b' } } } } },
    'tls.config.ca.secrett: unknown key, got {"name":"a","key":"b"}; did you mean secret?',
  ],
  [{ alerts: { enabled: 'no' } }, 'alerts.enabled: expected true or false'],
  [{ alerts: { leaderchanges: 1 } }, 'alerts.leaderchanges: unknown key, got 1; did you mean leaderChanges?'],
  [
    { alerts: { disabled: ['EtcdDefragdue'] } },
    'alerts.disabled[0]: unknown alert, got "EtcdDefragdue"; did you mean EtcdDefragDue?',
  ],
  [
    { alerts: { disabled: ['Watchdog'] } },
    'alerts.disabled[0]: unknown alert, got "Watchdog"; use one of EtcdMemberDown,',
  ],
  [{ alerts: { disabled: [7] } }, 'alerts.disabled[0]: expected a string, got 7'],
  [{ alerts: { disabled: ['EtcdCorrupt', 'EtcdCorrupt'] } }, 'alerts.disabled[1]: given twice'],
  [{ alerts: { labels: { severity: 'page' } } }, 'alerts.labels.severity: is set by the library'],
  [{ alerts: { labels: { pod: 'x' } } }, 'alerts.labels.pod: is how alerts of one name differ'],
  [{ alerts: { labels: { persistentvolumeclaim: 'x' } } }, 'alerts.labels.persistentvolumeclaim: is how alerts'],
  [
    { alerts: { labels: { 'a-b': 'c' } } },
    'alerts.labels.a-b: expected a Prometheus label name: letters, digits and _, not starting with a digit or __, got "a-b"',
  ],
  [{ alerts: { labels: { team: 7 } } }, 'alerts.labels.team: expected a string'],
  [{ alerts: { seriesLabels: { pod: 'x' } } }, 'alerts.seriesLabels.pod: is set by the library'],
  [
    { alerts: { seriesLabels: { __a: 'x' } } },
    'alerts.seriesLabels.__a: expected a Prometheus label name: letters, digits and _, not starting with a digit or __, got "__a"',
  ],
  [{ relabelings: [{ targetLabel: 'a', separator: 5 }] }, 'relabelings[0].separator: expected a string, got 5'],
  [{ alerts: { runbookUrl: 'docs/alerts.md' } }, 'alerts.runbookUrl: expected an http or https URL'],
  [{ alerts: { runbookUrl: 'https://a.b/{{$pod}}' } }, 'alerts.runbookUrl: expected variables and functions of Prom'],
  [{ alerts: { runbookUrl: 'https://a.b/c#d' } }, 'alerts.runbookUrl: expected an http or https URL'],
  [
    { alerts: { fsyncLatency: 100 } },
    'alerts.fsyncLatency: expected a cdk8s Duration such as Duration.seconds(10), got 100',
  ],
  [{ alerts: { commitLatency: Duration.millis(0) } }, 'alerts.commitLatency: expected a whole number of milliseconds'],
  [{ alerts: { quotaCriticalPercent: 101 } }, 'alerts.quotaCriticalPercent: expected a whole number from 1 to 100'],
  [
    { alerts: { quotaWarningPercent: 96 } },
    'alerts.quotaWarningPercent: expected less than quotaCriticalPercent, which is 95, got 96',
  ],
  [
    { alerts: { volumeWarningPercent: 90 } },
    'alerts.volumeWarningPercent: expected less than volumeCriticalPercent, which is 90, got 90',
  ],
  [{ alerts: { quotaForecast: Duration.minutes(1) } }, 'alerts.quotaForecast: expected a whole number of seconds'],
  [{ alerts: { freeSpaceMinimum: '1GB' } }, 'alerts.freeSpaceMinimum: expected a Kubernetes quantity'],
  [{ alerts: { freeSpacePercent: 0 } }, 'alerts.freeSpacePercent: expected a whole number from 1 to 99'],
  [{ alerts: { snapshotMaximumAge: Duration.seconds(1) } }, 'alerts.snapshotMaximumAge: expected a whole number'],
] as [Anything, string][])('monitoring: %j', (options, expected) => {
  const problems = problemsOf(() => synthCluster({}, (c) => c.addMonitoring(options)));
  expect(problems).toEqual([expect.stringContaining(`[test/Etcd/Monitoring] ${expected}`)]);
});

const annotations = { b: 'b'.repeat(100_000) };

test.each<[path: string, add: (cluster: EtcdCluster) => unknown]>([
  ['Defrag] annotations', (c) => c.addDefrag({ annotations })],
  ['Monitoring] annotations', (c) => c.addMonitoring({ annotations })],
  ['Monitoring] dashboard.annotations', (c) => c.addMonitoring({ dashboard: { annotations } })],
  [
    'Snapshots] store.annotations',
    (c) => c.addSnapshots({ store: EtcdSnapshotStore.persistentVolumeClaim({ annotations }) }),
  ],
])('annotations of one object, together with those of all objects: %s', (path, add) => {
  expect(problemsOf(() => synthCluster({ annotations: { a: 'a'.repeat(200_000) } }, add))).toEqual([
    expect.stringContaining(`[test/Etcd/${path}: expected at most 261120 bytes`),
  ]);
});

test('annotations that are too long are a problem of their own object', () => {
  const annotations = { a: 'a'.repeat(300_000) };
  const podAnnotations = { 'container.apparmor.security.beta.kubernetes.io/web': 'runtime/default' };
  expect(problemsOf(() => synthCluster({ annotations, podAnnotations }, (c) => c.addMonitoring()))).toEqual([
    expect.stringContaining('[test/Etcd] annotations: expected at most 261120 bytes'),
    expect.stringContaining('/web: unknown container'),
  ]);
});

test('the job that restores after a total loss is not suspended', () => {
  const props = { onTotalLoss: EtcdTotalLoss.RESTORE_NEWEST, existingCluster: true };
  expect(problemsOf(() => synthCluster(props, (c) => c.addSnapshots({ ...job, suspend: true })))).toEqual([
    expect.stringContaining('[test/Etcd/Snapshots] suspend: is not possible with onTotalLoss'),
  ]);
});
