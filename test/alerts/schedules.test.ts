import { Duration } from 'cdk8s';
import { EtcdAlert, EtcdSnapshotStore, EtcdTls, type EtcdCluster, type EtcdCronJobOptions } from '../../src';
import { find, synthCluster, toYaml } from '../support/synth';
import { groups, rules, withJobs } from './promtool';

const store = EtcdSnapshotStore.existingClaim('claim');
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

interface Scheduled extends EtcdCronJobOptions {
  readonly schedule?: string;
}

function overdue(options: Scheduled, alert: EtcdAlert): number {
  const written = rules({}, (c) => {
    c.addMonitoring();
    const drill = alert === EtcdAlert.DRILL_OVERDUE;
    const snapshots = c.addSnapshots(drill ? { store } : { store, ...options });
    if (drill) snapshots.addRestoreDrill(options);
  });
  return Number(/> (\d+)$/.exec(written.find((rule) => rule.alert === alert)?.expr ?? '')?.[1]);
}

test.each<[EtcdAlert, Scheduled, number]>([
  [EtcdAlert.SNAPSHOT_OVERDUE, {}, HOUR],
  [EtcdAlert.SNAPSHOT_OVERDUE, { schedule: '0 8,20 * * 1-5' }, 2.5 * DAY + 30 * MINUTE],
  [EtcdAlert.SNAPSHOT_OVERDUE, { schedule: '@every 5m', activeDeadline: Duration.minutes(4) }, 19 * MINUTE],
  [EtcdAlert.SNAPSHOT_OVERDUE, { startingDeadline: Duration.minutes(1) }, 51 * MINUTE],
  [EtcdAlert.SNAPSHOT_OVERDUE, { schedule: '0 3 * * *', timeZone: 'Europe/Berlin' }, DAY + HOUR + 30 * MINUTE],
  [EtcdAlert.SNAPSHOT_OVERDUE, { timeZone: 'Europe/Berlin' }, 90 * MINUTE],
  [EtcdAlert.DRILL_OVERDUE, {}, DAY + 70 * MINUTE],
  [EtcdAlert.DRILL_OVERDUE, { schedule: '0 4 1 * *' }, 31 * DAY + 70 * MINUTE],
])('%s with %j: %i s', (alert, options, seconds) => {
  expect(overdue(options, alert)).toBe(seconds);
});

const ALL_JOBS: ((cluster: EtcdCluster) => void)[] = [
  withJobs,
  (c) => {
    c.addSnapshots({ store }).addRestoreDrill();
    c.addDefrag();
    c.addMonitoring();
  },
];

test('jobs that are added before or after have the same alerts', () => {
  const [after, before] = ALL_JOBS.map((more) => find(synthCluster({}, more), 'PrometheusRule', 'etcd'));
  expect(after).toEqual(before);
});

const namesWith = (more: (cluster: EtcdCluster) => void): string[] => rules({}, more).map((rule) => rule.alert);

test('without jobs there are no alerts about them, and no empty group', () => {
  const written = groups({ tls: undefined, auth: undefined }, (c) => c.addMonitoring());
  expect(written.map((group) => group.name)).toEqual([
    'etcd-members',
    'etcd-disk',
    'etcd-requests',
    'etcd-space',
    'etcd-volumes',
  ]);
});

test('members publish what they know about certificates once plain HTTP has ended', () => {
  const secret = { name: 'a' };
  const namesOf = (allowPlainHttp: boolean): string[] => {
    const tls = EtcdTls.fromSecrets({ server: secret, peer: secret, client: secret }, { allowPlainHttp });
    return groups({ tls, auth: undefined }).map((group) => group.name);
  };
  expect(namesOf(false)).toContain('etcd-certificates');
  expect(namesOf(true)).not.toContain('etcd-certificates');
});

test('a job that the props suspend is neither overdue nor suspended', () => {
  const suspend = { suspend: true };
  const names = namesWith((c) => {
    c.addMonitoring();
    c.addSnapshots({ store, ...suspend }).addRestoreDrill(suspend);
    c.addDefrag(suspend);
  });
  expect(names.filter((name) => /Snapshot|Drill|Job|DefragF/.test(name))).toEqual([
    'EtcdSnapshotFailing',
    'EtcdDrillFailed',
    'EtcdDefragFailing',
    'EtcdJobUnwatched',
  ]);
});

test('a suspended job does not stop the alerts of the others', () => {
  const written = rules({}, (c) => {
    c.addMonitoring();
    c.addSnapshots({ store }).addRestoreDrill({ suspend: true });
  });
  const suspended = written.find((rule) => rule.alert === EtcdAlert.JOB_SUSPENDED);
  expect(suspended?.expr).toContain('cronjob=~"etcd-snapshotter"');
});

test.each<[string, (c: EtcdCluster) => unknown, string]>([
  ['no job', () => undefined, '1h'],
  ['a daily job', (c) => c.addDefrag(), '1d2h10m'],
  ['a weekly job', (c) => c.addDefrag({ schedule: '@weekly' }), '7d2h10m'],
  ['a suspended job', (c) => c.addDefrag({ suspend: true }), '1h'],
  ['a dry run', (c) => c.addDefrag({ dryRun: true }), '1h'],
])('defragmentation is due after the job had its turn: %s', (_name, more, wait) => {
  const written = rules({}, (c) => {
    c.addMonitoring();
    more(c);
  });
  expect(written.find((rule) => rule.alert === EtcdAlert.DEFRAG_DUE)?.for).toBe(wait);
});

test('alerts that cannot fire are not written', () => {
  const namesOf = (replicas: number) =>
    rules({ resources: {}, replicas }, (c) => c.addMonitoring()).map((rule) => rule.alert as EtcdAlert);
  expect(namesOf(3)).not.toContain(EtcdAlert.CPU_THROTTLED);
  const alone = namesOf(1);
  expect(namesOf(2).filter((name) => !alone.includes(name))).toEqual([
    EtcdAlert.TWO_LEADERS,
    EtcdAlert.MEMBER_BEHIND,
    EtcdAlert.VERSION_SKEW,
    EtcdAlert.PEER_SLOW,
  ]);
});

test('disabled alerts are left out, and enabled: false leaves all out', () => {
  const disabled = Object.values(EtcdAlert).filter((name) => name !== EtcdAlert.NO_LEADER);
  expect(namesWith((c) => c.addMonitoring({ alerts: { disabled } }))).toEqual([EtcdAlert.NO_LEADER]);
  const kinds = synthCluster({}, (c) => {
    expect(c.addMonitoring({ alerts: { enabled: false } }).prometheusRule).toBeUndefined();
  }).map((o) => o.kind);
  expect(kinds).toContain('PodMonitor');
  expect(kinds).not.toContain('PrometheusRule');
});

test('the PrometheusRule has the PodMonitor’s namespace and labels', () => {
  const objects = synthCluster({}, (c) => c.addMonitoring({ namespace: 'monitoring', labels: { release: 'x' } }));
  expect(find(objects, 'PrometheusRule', 'etcd').metadata).toEqual(find(objects, 'PodMonitor', 'etcd').metadata);
  expect(toYaml(objects)).not.toContain('$ {');
});
