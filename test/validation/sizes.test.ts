import {
  EtcdSnapshotStore,
  EtcdStorage,
  type EtcdClusterProps,
  type EtcdResources,
  type EtcdSnapshotsOptions,
} from '../../src';
import { problemsOf, synthCluster, warningsOf } from '../support/synth';

const BYTES = 'expected whole bytes such as 8Gi, 512Mi or 500M, because m, u and n are thousandths of a byte and less';
const CPUS = 'expected a number of CPUs such as 250m or 2, because other suffixes are for bytes';
const FRACTIONS = ['512m', '500m', '1m', '7u', '9000000n', '0.5', '1500.5', '1e-1', '20E-1'];

const job = { store: EtcdSnapshotStore.existingClaim('claim') };
const remote = { path: 'a:b', configSecret: 's' };
const claim = (size: string) => EtcdStorage.persistentVolumeClaim({ size });
const emptyDir = (sizeLimit: string) => EtcdStorage.emptyDir({ sizeLimit });
const snapshotClaim = (size: string) => EtcdSnapshotStore.persistentVolumeClaim({ size });
const scratch = (sizeLimit: string) => EtcdSnapshotStore.remoteOnly({ sizeLimit });

/** Every prop of a cluster that is a number of bytes. */
const OF_CLUSTER: [string, (size: string) => Partial<EtcdClusterProps>][] = [
  ['quotaBackend', (quotaBackend) => ({ quotaBackend })],
  ['maxRequest', (maxRequest) => ({ maxRequest })],
  ['storage.size', (size) => ({ storage: claim(size) })],
  ['storage.sizeLimit', (size) => ({ storage: emptyDir(size) })],
  ['defragmentation.minimumGain', (minimumGain) => ({ defragmentation: { minimumGain } })],
  ['resources.memory', (memory) => ({ resources: { memory } })],
  ['resources.ephemeralStorageRequest', (size) => ({ resources: { ephemeralStorageRequest: size } })],
  ['resources.ephemeralStorageLimit', (size) => ({ resources: { ephemeralStorageLimit: size } })],
];

const OF_SNAPSHOTS: [string, (size: string) => EtcdSnapshotsOptions][] = [
  ['resources.memory', (memory) => ({ ...job, resources: { memory } })],
  ['store.size', (size) => ({ store: snapshotClaim(size) })],
  ['store.sizeLimit', (size) => ({ store: scratch(size), remote })],
];

describe.each(FRACTIONS)('%s is not a whole number of bytes', (size) => {
  test.each(OF_CLUSTER)('%s', (path, props) => {
    expect(problemsOf(() => synthCluster(props(size)))).toEqual([
      `[test/Etcd] ${path}: ${BYTES}, got "${size}"; use Mi or Gi`,
    ]);
  });

  test.each(OF_SNAPSHOTS)('snapshots: %s', (path, options) => {
    expect(problemsOf(() => synthCluster({}, (c) => c.addSnapshots(options(size))))).toEqual([
      `[test/Etcd/Snapshots] ${path}: ${BYTES}, got "${size}"; use Mi or Gi`,
    ]);
  });

  test('alerts.freeSpaceMinimum', () => {
    const options = { alerts: { freeSpaceMinimum: size } };
    expect(problemsOf(() => synthCluster({}, (c) => c.addMonitoring(options)))).toEqual([
      `[test/Etcd/Monitoring] alerts.freeSpaceMinimum: ${BYTES}, got "${size}"; use Mi or Gi`,
    ]);
  });
});

test.each(['8Gi', '1.5Gi', '0.7Gi', '1e10', '17179869184', '4294967296.0', '5G', '+3Gi'])('%s is one', (size) => {
  for (const [, props] of OF_CLUSTER)
    expect(problemsOf(() => synthCluster({ quotaBackend: '100Gi', ...props(size) }))).toEqual([]);
});

test.each(['1Gi', '2k', '5M', '1Ki', '3E'])('%s is not a valid number of CPUs', (cpu) => {
  for (const key of ['cpuRequest', 'cpuLimit'] as (keyof EtcdResources)[])
    expect(problemsOf(() => synthCluster({ resources: { [key]: cpu } }))).toEqual([
      `[test/Etcd] resources.${key}: ${CPUS}, got "${cpu}"; use m for thousandths of a CPU`,
    ]);
});

/** Sizes with which nothing works, and the smallest that is accepted. */
const TOO_SMALL: [string, Partial<EtcdClusterProps>, Partial<EtcdClusterProps>][] = [
  ['quotaBackend: expected at least 16Mi', { quotaBackend: '4Mi' }, { quotaBackend: '16Mi' }],
  ['quotaBackend: expected at least 16Mi', { quotaBackend: '1' }, { quotaBackend: '17M' }],
  ['maxRequest: expected at least 16Ki', { maxRequest: '1' }, { maxRequest: '16Ki' }],
  ['maxRequest: expected less than the quota of 16Mi', { maxRequest: '16Mi' }, { maxRequest: '15Mi' }],
  ['resources.memory: expected at least 64Mi', { resources: { memory: '16Mi' } }, { resources: { memory: '64Mi' } }],
  ['resources.memory: expected at least 64Mi', { resources: { memory: '67108863' } }, {}],
  ['storage.size: expected at least 256Mi', { storage: claim('1Ki') }, { storage: claim('256Mi') }],
  ['storage.sizeLimit: expected at least 256Mi', { storage: emptyDir('100Mi') }, { storage: emptyDir('1Gi') }],
  [
    'resources.ephemeralStorageLimit: expected at least 64Mi',
    { resources: { ephemeralStorageLimit: '1Mi' } },
    { resources: { ephemeralStorageLimit: '64Mi' } },
  ],
  [
    'defragmentation.minimumGain: expected less than the quota of 16Mi',
    { defragmentation: { minimumGain: '1Gi' } },
    { defragmentation: { minimumGain: '15Mi' } },
  ],
];

test.each(TOO_SMALL)('%s: %j', (text, props, enough) => {
  const small = { quotaBackend: '16Mi', defragmentation: { minimumGain: '1Mi' } };
  expect(problemsOf(() => synthCluster({ ...small, ...props }))).toEqual([expect.stringContaining(`] ${text}`)]);
  expect(problemsOf(() => synthCluster({ ...small, ...enough }))).toEqual([]);
});

test.each([
  ['resources.memory: expected at least 64Mi', { ...job, resources: { memory: '1Mi' } }],
  ['store.size: expected at least 64Mi', { store: snapshotClaim('1Ki') }],
  ['store.sizeLimit: expected at least 64Mi', { store: scratch('1Ki'), remote }],
])('snapshots: %s: %j', (text, options) => {
  expect(problemsOf(() => synthCluster({}, (c) => c.addSnapshots(options)))).toEqual([
    expect.stringContaining(`[test/Etcd/Snapshots] ${text}`),
  ]);
});

/** Sizes that do not fit each other, and the warnings. */
test.each<[Partial<EtcdClusterProps>, ...string[]]>([
  [{ quotaBackend: '2Gi', resources: { memory: '2Gi' } }],
  [
    { quotaBackend: '8Gi', storage: claim('20Gi') },
    'resources.memory: a database at its quota of 8Gi does not fit into 2Gi',
  ],
  [{ resources: { memory: '256Mi' } }, 'use 2Gi or more, or a quota of 256Mi [TightMemory'],
  [
    { storage: EtcdStorage.emptyDir({ inMemory: true }), resources: { memory: '3Gi' } },
    'use 4Gi or more, or a quota of 1536Mi [TightMemory',
  ],
  [{ storage: claim('1Gi') }, 'second copy during defragmentation; use a claim of 5Gi [TightQuota'],
  [{ storage: claim('1100Mi') }, 'use a claim of 5Gi, or a quota of 39845888 bytes [TightQuota'],
  [
    { storage: emptyDir('1Gi') },
    'quotaBackend: a quota of 2147483648 bytes in an emptyDir of 1Gi leaves no room for the write-ahead log and for the second copy during defragmentation, and a pod above its sizeLimit is evicted and loses its data; use a sizeLimit of 5Gi [TightQuota',
  ],
])('%j', (props, ...expected) => {
  const quiet = warningsOf({ ...props, acknowledgeWarnings: ['EmptyDir' as never] });
  expect(quiet).toEqual(expected.map((text) => expect.stringContaining(text)));
});

test.each<[EtcdSnapshotsOptions, ...string[]]>([
  [{ store: EtcdSnapshotStore.persistentVolumeClaim() }],
  [{ store: snapshotClaim('6Gi') }],
  [{ store: snapshotClaim('5Gi') }, 'need 6Gi, but the claim has 5Gi; use a claim of that size [SnapshotRoom'],
  [{ store: snapshotClaim('4Gi'), snapshotHistoryLimit: 1 }],
  [
    { store: snapshotClaim('3Gi'), snapshotHistoryLimit: 1 },
    'a snapshot and a new one of a database at its quota of 2Gi need 4Gi, but the claim has 3Gi',
  ],
  [job],
  [{ store: EtcdSnapshotStore.remoteOnly(), remote }],
  [{ store: scratch('2Gi'), remote }],
  [
    { store: scratch('1Gi'), remote },
    'store.sizeLimit: a snapshot of a database at its quota of 2Gi does not fit into 1Gi, and a pod above it is evicted; use 2Gi or more [SnapshotRoom',
  ],
])('snapshots: %j', (options, ...expected) => {
  expect(warningsOf({}, (c) => c.addSnapshots(options))).toEqual(expected.map((text) => expect.stringContaining(text)));
});

test('a drill with less memory than the quota', () => {
  const drill = (memory: string) =>
    warningsOf({}, (c) => c.addSnapshots(job).addRestoreDrill({ resources: { memory } }));
  expect(drill('2Gi')).toEqual([]);
  expect(drill('1Gi')).toEqual([
    expect.stringContaining('a database at its quota of 2Gi does not fit into 1Gi, so the drill may be killed'),
  ]);
});

test.each(['16Mi', '100Mi', '101Mi'])(
  'a quota of %s, with the default least gain of a defragmentation',
  (quotaBackend) => {
    expect(problemsOf(() => synthCluster({ quotaBackend, maxRequest: '1Mi' }))).toEqual([]);
  },
);

test('a quota above 100Ti', () => {
  const refusals = (quotaBackend: string): string[] => problemsOf(() => synthCluster({ quotaBackend }));
  expect(refusals('100Ti')).toEqual([]);
  expect(refusals('101Ti')).toEqual([
    expect.stringContaining('quotaBackend: expected at most 100Ti, because etcd does'),
  ]);
});
