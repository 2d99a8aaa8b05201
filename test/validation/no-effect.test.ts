import {
  EtcdAccessMode,
  EtcdClaimRetention,
  EtcdRestore,
  EtcdServiceType,
  EtcdSnapshotStore,
  EtcdStorage,
  type EtcdClusterProps,
  type EtcdSnapshotClaimOptions,
} from '../../src';
import { problemsOf, synthCluster } from '../support/synth';

/** Options that would be ignored. */
test.each<[Partial<EtcdClusterProps>, ...string[]]>([
  [
    { networkPolicy: { enabled: false, clients: [] } },
    'networkPolicy.clients: has no effect with enabled: false, got []; remove one of them',
  ],
  [
    { networkPolicy: { enabled: false, metrics: [], restrictEgress: true } },
    'networkPolicy.metrics: has no effect',
    'networkPolicy.restrictEgress: has no effect',
  ],
  [
    { clientService: { enabled: false, type: EtcdServiceType.LOAD_BALANCER } },
    'clientService.type: has no effect with enabled: false, got "LoadBalancer"',
  ],
  [{ clientService: { enabled: false, annotations: { a: 'b' } } }, 'clientService.annotations: has no effect'],
  [
    { serviceAccount: { create: false, name: 'a', annotations: { a: 'b' } } },
    'serviceAccount.annotations: has no effect with create: false',
  ],
  [
    { serviceAccount: { create: false, name: 'a', labels: { a: 'b' } } },
    'serviceAccount.labels: has no effect with create: false',
  ],
  [{ podDisruptionBudget: { enabled: false, maxUnavailable: 1 } }, 'podDisruptionBudget.maxUnavailable: has no effect'],
  [{ readinessProbe: { enabled: false, failureThreshold: 2 } }, 'readinessProbe.failureThreshold: has no effect'],
  [
    { security: { platformAssignsIds: true, user: 5, fsGroup: 5 } },
    'security.user: has no effect with platformAssignsIds: true',
    'security.fsGroup: has no effect',
  ],
  [{ podAnnotations: { 'cdk8s-etcd/scripts': 'x' } }, 'podAnnotations.cdk8s-etcd/scripts: is set by the library'],
  [
    { storage: EtcdStorage.emptyDir(), claimRetentionPolicy: { whenScaled: EtcdClaimRetention.DELETE } },
    'claimRetentionPolicy.whenScaled: has no effect, because there are no claims',
  ],
])('%j', (props, ...expected) => {
  expect(problemsOf(() => synthCluster(props))).toEqual(
    expected.map((text) => expect.stringContaining(`[test/Etcd] ${text}`)),
  );
});

test.each<Partial<EtcdClusterProps>>([
  { networkPolicy: { enabled: false } },
  { networkPolicy: { enabled: true, clients: [] } },
  { clientService: { enabled: false, type: undefined } },
  { serviceAccount: { create: false, name: 'a' } },
  { security: { platformAssignsIds: true, supplementalGroups: [5] } },
])('%j has an effect', (props) => {
  expect(problemsOf(() => synthCluster(props))).toEqual([]);
});

test('a dashboard that is not written can have a title, for dashboardJson', () => {
  const problems = (dashboard: object) => problemsOf(() => synthCluster({}, (c) => c.addMonitoring({ dashboard })));
  expect(problems({ enabled: false, title: 'etcd' })).toEqual([]);
  expect(problems({ enabled: false, labels: {} })).toEqual([
    expect.stringContaining('dashboard.labels: has no effect'),
  ]);
});

const claim = (options: EtcdSnapshotClaimOptions): string[] =>
  problemsOf(() =>
    synthCluster({}, (c) => c.addSnapshots({ store: EtcdSnapshotStore.persistentVolumeClaim(options) })),
  );
const { READ_ONLY_MANY, READ_WRITE_MANY, READ_WRITE_ONCE_POD } = EtcdAccessMode;

test.each(['argocd.argoproj.io/sync-options', 'kustomize.toolkit.fluxcd.io/prune'])('the guard %s stays', (key) => {
  expect(claim({ annotations: { [key]: 'x' } })).toEqual([
    `[test/Etcd/Snapshots] store.annotations.${key}: is set by the library, because snapshots must outlive the cluster, got "x"; remove it, or use an existing claim`,
  ]);
  expect(claim({ annotations: { 'argocd.argoproj.io/sync-wave': '1' } })).toEqual([]);
});

test.each([
  [[READ_ONLY_MANY], 'expected a mode for writing, such as ReadWriteOnce, got ["ReadOnlyMany"]; add it'],
  [[READ_WRITE_ONCE_POD, READ_WRITE_MANY], 'ReadWriteOncePod cannot be combined with other access modes'],
])('access modes %j', (accessModes, expected) => {
  expect(claim({ accessModes })).toEqual([expect.stringContaining(`store.accessModes: ${expected}`)]);
  const storage = EtcdStorage.persistentVolumeClaim({ accessModes });
  expect(problemsOf(() => synthCluster({ storage }))).toEqual([
    expect.stringContaining('[test/Etcd] storage.accessModes: '),
  ]);
});

test.each(['db-2025-01-06_11-18.json', 'db.drill.json'])('%s is no snapshot', (name) => {
  expect(problemsOf(() => synthCluster({ restoreFrom: EtcdRestore.fromClaim('claim', name) }))).toEqual([
    `[test/Etcd] restoreFrom.fileName: is the metadata of a snapshot, got "${name}"; use the name without .json`,
  ]);
});
