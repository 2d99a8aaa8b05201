import { Duration } from 'cdk8s';
import {
  EtcdDefragMethod,
  EtcdSnapshotStore,
  type EtcdClusterProps,
  type EtcdDefragOptions,
  type EtcdProbeTimings,
} from '../../src';
import { problemsOf, synthCluster, warningsOf } from '../support/synth';

const { seconds, minutes, hours, days } = Duration;
const store = EtcdSnapshotStore.existingClaim('claim');

test.each<[Partial<EtcdClusterProps>, string]>([
  [
    { terminationGracePeriod: days(365) },
    'terminationGracePeriod: expected a whole number of seconds from 30 to 86400',
  ],
  [{ minReady: days(2) }, 'minReady: expected a whole number of seconds from 0 to 86400'],
  [{ livenessProbe: { period: days(1) } }, 'livenessProbe.period: expected a whole number of seconds from 1 to 3600'],
  [{ readinessProbe: { initialDelay: days(7) } }, 'readinessProbe.initialDelay: expected a whole number of seconds'],
  [
    { startupProbe: { failureThreshold: 1 } },
    'startupProbe.failureThreshold: expected a probe that gives a member at least 30 s to start, because the kubelet kills it then, and this one gives it 1 s, got 1',
  ],
  [{ startupProbe: { failureThreshold: 2, period: seconds(10) } }, 'startupProbe.failureThreshold: expected a probe'],
])('%j', (props, expected) => {
  expect(problemsOf(() => synthCluster(props))).toEqual([expect.stringContaining(`[test/Etcd] ${expected}`)]);
});

const off: EtcdProbeTimings = { enabled: false };

test.each<[Partial<EtcdClusterProps>, ...string[]]>([
  [{ readinessProbe: off }, 'readinessProbe.enabled'],
  [{ startupProbe: off }, 'startupProbe.enabled'],
  [{ livenessProbe: off }, 'livenessProbe.enabled'],
  [{ startupProbe: off, readinessProbe: off, livenessProbe: off }, 'startupProbe', 'readinessProbe', 'livenessProbe'],
  [
    { livenessProbe: { period: seconds(1) } },
    'livenessProbe: the kubelet kills a member that does not answer within 30 s for 6 s',
  ],
  [
    { livenessProbe: { timeout: seconds(1) } },
    'livenessProbe: the kubelet kills a member that does not answer within 1 s for 60 s',
  ],
  [{ livenessProbe: { failureThreshold: 2 } }, 'livenessProbe: '],
  [{ livenessProbe: { failureThreshold: 3, timeout: seconds(5) } }],
  [
    { startupProbe: { failureThreshold: 60 } },
    'startupProbe.failureThreshold: the kubelet kills a member that has not started after 60 s',
  ],
  [{ startupProbe: { failureThreshold: 60, period: seconds(10) } }],
  [{ startupProbe: { failureThreshold: 1, initialDelay: minutes(10) } }],
])('probes: %j', (props, ...expected) => {
  expect(warningsOf(props)).toEqual(expected.map((text) => expect.stringContaining(`warning: [test/Etcd] ${text}`)));
});

test.each([
  [499, 1],
  [500, 0],
])('an election timeout of %i ms: %i warnings', (millis, count) => {
  const times = { electionTimeout: Duration.millis(millis), heartbeatInterval: Duration.millis(50) };
  expect(warningsOf(times)).toHaveLength(count);
});

test('a grace period of an hour is no warning', () => {
  expect(warningsOf({ terminationGracePeriod: hours(1) })).toEqual([]);
});

describe('defragmentation', () => {
  const problems = (options: EtcdDefragOptions, props: Partial<EtcdClusterProps> = {}): string[] =>
    problemsOf(() => synthCluster(props, (c) => c.addDefrag(options)));

  test.each<[EtcdDefragOptions, Partial<EtcdClusterProps>, string]>([
    [
      {},
      { replicas: 1 },
      'method: needs at least three members to defragment one after another, and there are 1, got "offline"; use EtcdDefragMethod.ONLINE',
    ],
    [{ dryRun: true }, { replicas: 2 }, 'method: needs at least three members'],
    [
      {},
      { podDisruptionBudget: { maxUnavailable: 0 } },
      'method: needs a podDisruptionBudget with maxUnavailable of at least 1',
    ],
    [{ memberTimeout: seconds(150) }, {}, 'memberTimeout: expected more than the terminationGracePeriod of 150 s'],
    [
      {},
      { terminationGracePeriod: minutes(10) },
      'memberTimeout: expected more than the terminationGracePeriod of 600 s',
    ],
    [{ memberTimeout: hours(3) }, {}, 'memberTimeout: expected at most the activeDeadline of 7200 s'],
    [{ pauseAfterMember: hours(3) }, {}, 'pauseAfterMember: expected at most the activeDeadline of 7200 s'],
    [
      { maintenanceWindow: hours(3) },
      {},
      'maintenanceWindow: expected at most the activeDeadline of 7200 s, because the run is stopped then, got "10800 s"; lower it, or raise activeDeadline',
    ],
    [
      { activeDeadline: minutes(5), maintenanceWindow: minutes(4) },
      {},
      'memberTimeout: expected at most the activeDeadline of 300 s',
    ],
    [{ activeDeadline: seconds(1) }, {}, 'activeDeadline: expected a whole number of seconds from 10 to 604800'],
    [{ activeDeadline: days(30) }, {}, 'activeDeadline: expected a whole number of seconds from 10 to 604800'],
    [
      { schedule: '*/61 * * * *' },
      {},
      'schedule: expected in the cron field minute a step of at most 60, because a larger one runs once in its range, got "*/61 * * * *"; name the number itself',
    ],
    [{ schedule: '0 */25 * * *' }, {}, 'schedule: expected in the cron field hour a step of at most 24'],
    [{ schedule: '0 0 1,*/40 * *' }, {}, 'schedule: expected in the cron field day of month a step of at most 31'],
  ])('%j, %j', (options, props, expected) => {
    expect(problems(options, props)).toEqual([expect.stringContaining(`[test/Etcd/Defrag] ${expected}`)]);
  });

  test.each<[EtcdDefragOptions, Partial<EtcdClusterProps>]>([
    [{ method: EtcdDefragMethod.ONLINE }, { replicas: 1 }],
    [{ method: EtcdDefragMethod.ONLINE }, { podDisruptionBudget: { maxUnavailable: 0 } }],
    [{}, { podDisruptionBudget: { enabled: false } }],
    [{ schedule: '*/60 */24 * * *' }, {}],
    [{ maintenanceWindow: hours(2) }, {}],
  ])('%j, %j is accepted', (options, props) => {
    expect(problems(options, props)).toEqual([]);
  });
});

describe('ages and schedules', () => {
  const drill = (schedule: string, maximumAge?: Duration): string[] =>
    problemsOf(() => synthCluster({}, (c) => c.addSnapshots({ store, schedule }).addRestoreDrill({ maximumAge })));

  test('a drill that allows no snapshot to be as old as the schedule makes it', () => {
    expect(drill('0 */6 * * *', hours(5))).toEqual([
      '[test/Etcd/Snapshots/Drill] maximumAge: expected at least 21600 seconds, the longest time between two snapshots by the schedule 0 */6 * * *, got "18000 seconds"; raise it',
    ]);
    expect(drill('@yearly', Duration.days(366))).toEqual([]);
    expect(drill('0 0 29 2 *', Duration.days(3000))).toEqual([]);
    expect(drill('@weekly')).toEqual([expect.stringContaining('maximumAge: expected at least 604800 seconds')]);
    expect(drill('0 */6 * * *', hours(6))).toEqual([]);
    expect(drill('@weekly', days(8))).toEqual([]);
  });

  test.each(['before', 'after'])('alerts of an age, added %s the jobs', (order) => {
    const alerts = { snapshotMaximumAge: minutes(20), drillMaximumAge: hours(12) };
    const problems = problemsOf(() =>
      synthCluster({}, (c) => {
        if (order === 'before') c.addMonitoring({ alerts });
        c.addSnapshots({ store }).addRestoreDrill();
        if (order === 'after') c.addMonitoring({ alerts });
      }),
    );
    expect(problems).toEqual([
      '[test/Etcd/Monitoring] alerts.snapshotMaximumAge: expected more than 1800 seconds, the longest time between two runs by the schedule */30 * * * *, got "1200 seconds"; raise it',
      '[test/Etcd/Monitoring] alerts.drillMaximumAge: expected more than 86400 seconds, the longest time between two runs by the schedule 15 5 * * *, got "43200 seconds"; raise it',
    ]);
  });

  test('no jobs, or suspended ones: ages do not matter', () => {
    const alerts = { snapshotMaximumAge: minutes(20) };
    expect(problemsOf(() => synthCluster({}, (c) => c.addMonitoring({ alerts })))).toEqual([]);
    expect(
      problemsOf(() =>
        synthCluster({}, (c) => {
          c.addSnapshots({ store, suspend: true });
          c.addMonitoring({ alerts });
        }),
      ),
    ).toEqual([]);
  });
});
