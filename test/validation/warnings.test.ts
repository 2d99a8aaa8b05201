import { Duration } from 'cdk8s';
import {
  type EtcdWarning,
  EtcdClaimRetention,
  EtcdDefragMethod,
  EtcdMonitoring,
  EtcdRelabelAction,
  EtcdRoot,
  EtcdSnapshots,
  EtcdSnapshotStore,
  EtcdStorage,
  GreptimeDbMetadataStore,
  type EtcdCluster,
  type EtcdClusterProps,
} from '../../src';
import { warningsOf } from '../support/synth';

const claim = (size: string) => EtcdStorage.persistentVolumeClaim({ size });

/** Warnings of an import, tested in test/bitnami/refusals.test.ts. */
type Imported = EtcdWarning.BITNAMI_DROPPED | EtcdWarning.BITNAMI_CHANGED | EtcdWarning.BITNAMI_UNKNOWN;

/** Risky props and their warnings. Does not compile without an entry for each code. */
const RISKS: {
  [code in Exclude<EtcdWarning, Imported>]: [Partial<EtcdClusterProps>, string, ((cluster: EtcdCluster) => void)?];
} = {
  EvenReplicas: [{ replicas: 4 }, 'replicas: 4 members tolerate no more failures than 3; use 3 or 5'],
  TightQuota: [
    { quotaBackend: '8589934592', storage: claim('8Gi'), resources: { memory: '8Gi' } },
    'quotaBackend: a quota of 8589934592 bytes on a claim of 8Gi leaves no room for the write-ahead log and for the second copy during defragmentation; ' +
      'use a claim of 17Gi, or a quota of 3758096384 bytes',
  ],
  LargeQuota: [
    { quotaBackend: '9Gi', storage: claim('40Gi'), resources: { memory: '9Gi' } },
    'quotaBackend: a quota of 9663676416 bytes is above 8 GiB',
  ],
  UnsafeFlag: [
    { extraArgs: ['--unsafe-no-fsync'] },
    'extraArgs[0]: --unsafe-no-fsync is unsafe: a node that fails can lose writes that clients were told are saved; remove it',
  ],
  FullAccess: [
    {
      auth: {
        root: EtcdRoot.password({ name: 'root' }),
        passwordSecret: 'users',
        users: [{ name: 'app', roles: ['root'] }],
      },
    },
    'auth.users[0].roles: app has full access to all keys through the role root; give it only the keys that it needs',
  ],
  RiskyProbe: [{ readinessProbe: { enabled: false } }, 'readinessProbe.enabled: without it, Services route clients'],
  ShortElection: [
    { electionTimeout: Duration.millis(10), heartbeatInterval: Duration.millis(1) },
    'electionTimeout: after 10 ms without a heartbeat, members elect a new leader and writes fail',
  ],
  LongGracePeriod: [
    { terminationGracePeriod: Duration.hours(24) },
    'terminationGracePeriod: a member that cannot leave blocks the drain of its node for 86400 s; use an hour or less',
  ],
  BlockedDrains: [
    { podDisruptionBudget: { maxUnavailable: 0 } },
    'podDisruptionBudget.maxUnavailable: no node with a member can be drained with 0',
  ],
  ShortDeadline: [
    {},
    'activeDeadline: a run is stopped after 30 s, and pulling the images may take longer; use a minute or more',
    (cluster) =>
      cluster.addDefrag({
        method: EtcdDefragMethod.ONLINE,
        activeDeadline: Duration.seconds(30),
        memberTimeout: Duration.seconds(20),
      }),
  ],
  LostMetrics: [
    {},
    'relabelings[0]: changes or removes the label pod, by which alerts and the dashboard find the members; change or remove it',
    (cluster) =>
      new EtcdMonitoring(cluster, 'Defrag', {
        cluster,
        relabelings: [{ action: EtcdRelabelAction.LABELDROP, regex: 'pod' }],
      }),
  ],
  LargeRequest: [{ maxRequest: '11Mi' }, 'maxRequest: requests of up to 11Mi are above 10Mi'],
  TightMemory: [
    { quotaBackend: '3Gi', resources: { memory: '2G' } },
    'resources.memory: a database at its quota of 3Gi does not fit into 2G, so members read from disk and may be killed; use 3Gi or more, or a quota of 1907Mi',
  ],
  SnapshotRoom: [
    {},
    'store.size: 2 snapshots and a new one of a database at its quota of 2Gi need 6Gi, but the claim has 5Gi; use a claim of that size',
    // Named like the job below, for the path of the warning.
    (cluster) =>
      new EtcdSnapshots(cluster, 'Defrag', {
        cluster,
        store: EtcdSnapshotStore.persistentVolumeClaim({ size: '5Gi' }),
        snapshotHistoryLimit: 48,
      }),
  ],
  EmptyDir: [{ storage: EtcdStorage.emptyDir() }, 'storage: the data in an emptyDir is lost with its pod'],
  ClaimDeletion: [
    { claimRetentionPolicy: { whenDeleted: EtcdClaimRetention.DELETE } },
    'claimRetentionPolicy.whenDeleted: Kubernetes deletes claims and their data; use EtcdClaimRetention.RETAIN to keep them',
  ],
  DeadlineBeyondInterval: [
    {},
    'activeDeadline: a run may take 600 s, but the schedule */5 * * * * starts one every 300 s, so runs would be skipped; lower activeDeadline or change the schedule',
    (cluster) => cluster.addDefrag({ schedule: '*/5 * * * *', activeDeadline: Duration.minutes(10) }),
  ],
  LooseBudget: [
    { podDisruptionBudget: { maxUnavailable: 2 } },
    'podDisruptionBudget.maxUnavailable: 2 members may be drained at the same time',
  ],
  PodSecurity: [
    { sidecars: [{ name: 'a', image: 'a:1', securityContext: { allowPrivilegeEscalation: false } }] },
    'sidecars[0].securityContext: Pod Security "restricted" refuses the pods: unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]); change it, or use a namespace that allows it',
  ],
  GreptimeDbLimits: [
    { maxTxnOps: 100 },
    'maxTxnOps: Metasrv sends transactions of up to 128 operations, but etcd accepts 100; ' +
      "raise maxTxnOps of the etcd cluster, or lower Metasrv's max_txn_ops and set the same value here",
    // Named like the job above, for the path of the warning.
    (cluster) => new GreptimeDbMetadataStore(cluster, 'Defrag', { cluster, namespace: 'greptimedb' }),
  ],
};

test.each(Object.entries(RISKS))('%s', (code, [props, message, more]) => {
  const path = more ? 'test/Etcd/Defrag' : 'test/Etcd';
  const [line, ...others] = warningsOf(props, more);
  expect(others).toEqual([]);
  expect(line).toContain(`warning: [${path}] ${message}`);
  expect(line).toContain(`[${code}: to acknowledge, add it to acknowledgeWarnings]\n`);
  expect(warningsOf({ ...props, acknowledgeWarnings: [code as EtcdWarning] }, more)).toEqual([]);
});

test('the defaults warn of nothing', () => {
  expect(warningsOf({})).toEqual([]);
});

test('a claim that just fits causes no warning', () => {
  expect(warningsOf({ quotaBackend: '8Gi', storage: claim('17Gi'), resources: { memory: '8Gi' } })).toEqual([]);
  expect(warningsOf({ quotaBackend: '3584Mi', storage: claim('8Gi'), resources: { memory: '3584Mi' } })).toEqual([]);
});
