import { Duration } from 'cdk8s';
import {
  EtcdAccessMode,
  EtcdAutoCompaction,
  EtcdClaimRetention,
  EtcdImage,
  EtcdRestore,
  EtcdSnapshotStore,
  EtcdStorage,
  EtcdUpdateStrategy,
  type EtcdAlertOptions,
  type EtcdMonitoringOptions,
  type EtcdCluster,
  type EtcdClusterProps,
  type EtcdRestoreDrillOptions,
  type EtcdSnapshotsOptions,
} from '../../src';
import { synthCluster } from '../support/synth';
import { ALL_ALERTS, ALL_DEFRAG, ALL_MONITORING, ALL_PROPS, ALL_RESTORE_DRILL, ALL_SNAPSHOTS } from './everything';

/**
 * Each prop by itself changes what is written, against the same cluster without it. A prop that is read nowhere fails
 * here; a prop without a value here does not compile (see everything.ts).
 */
function changes(props: Partial<EtcdClusterProps>, base: Partial<EtcdClusterProps> = {}): boolean {
  const written = (given: Partial<EtcdClusterProps>): string =>
    JSON.stringify(synthCluster(given, (c) => c.addSnapshots({ store: EtcdSnapshotStore.existingClaim('claim') })));
  return written({ ...base, ...props }) !== written(base);
}

/** What a prop needs before it has an effect. */
const NEEDS: { readonly [K in keyof EtcdClusterProps]?: Partial<EtcdClusterProps> } = {
  antiAffinityTopologyKey: { antiAffinity: ALL_PROPS.antiAffinity },
  onTotalLoss: { existingCluster: true },
};
/** Changes nothing in the YAML: its own test is in warnings.test.ts. */
const SILENT = ['acknowledgeWarnings', 'upgradeFrom'];

const props = Object.keys(ALL_PROPS).filter((key) => !SILENT.includes(key)) as (keyof EtcdClusterProps)[];

test.each(props)('cluster: %s', (key) => {
  const base = NEEDS[key] ?? {};
  const needed = key === 'extraVolumeMounts' ? { extraVolumes: ALL_PROPS.extraVolumes } : base;
  expect(changes({ [key]: ALL_PROPS[key] }, needed)).toBe(true);
});

const STRUCTS = [
  'selector',
  'claimRetentionPolicy',
  'resources',
  'ports',
  'security',
  'startupProbe',
  'readinessProbe',
  'clientService',
  'headlessService',
  'memberServices',
  'externalAccess',
  'podDisruptionBudget',
  'serviceAccount',
  'networkPolicy',
] as const;

/** Values for fields that everything.ts omits or sets to their default, and what a field needs besides. */
const FIELDS: { readonly [path: string]: { readonly value?: unknown; readonly beside?: object } } = {
  'security.platformAssignsIds': { value: true },
  'startupProbe.enabled': { value: false },
  'startupProbe.initialDelay': { value: Duration.seconds(9) },
  'readinessProbe.period': { value: Duration.seconds(9) },
  'clientService.enabled': { value: false },
  'clientService.nodePort': { beside: { type: 'NodePort' } },
  'clientService.externalTrafficPolicy': { beside: { type: 'NodePort' } },
  'clientService.loadBalancerIp': { beside: { type: 'LoadBalancer' } },
  'clientService.loadBalancerClass': { beside: { type: 'LoadBalancer' } },
  'clientService.loadBalancerSourceRanges': { beside: { type: 'LoadBalancer' } },
  'externalAccess.type': { value: 'NodePort' },
  'podDisruptionBudget.enabled': { value: false },
  'serviceAccount.create': { value: false, beside: { name: 'members' } },
  'networkPolicy.enabled': { value: false },
  'networkPolicy.extraEgress': { beside: { restrictEgress: true } },
};

const fields = [
  ...STRUCTS.flatMap((struct) => Object.keys(ALL_PROPS[struct]).map((key) => `${struct}.${key}`)),
  ...Object.keys(FIELDS),
];

test.each([...new Set(fields)])('cluster: %s', (path) => {
  const [struct = '', key = ''] = path.split('.');
  const { value, beside = {} } = FIELDS[path] ?? {};
  const all = ALL_PROPS[struct as keyof EtcdClusterProps] as { readonly [key: string]: unknown };
  const base = { [struct]: beside };
  expect(changes({ [struct]: { ...beside, [key]: value ?? all[key] } }, base)).toBe(true);
});

test.each([
  ['claim size', { storage: EtcdStorage.persistentVolumeClaim({ size: '9Gi' }) }],
  ['claim class', { storage: EtcdStorage.persistentVolumeClaim({ storageClassName: '' }) }],
  [
    'claim access modes',
    { storage: EtcdStorage.persistentVolumeClaim({ accessModes: [EtcdAccessMode.READ_WRITE_MANY] }) },
  ],
  ['claim selector', { storage: EtcdStorage.persistentVolumeClaim({ selector: { matchLabels: { a: 'b' } } }) }],
  ['claim labels', { storage: EtcdStorage.persistentVolumeClaim({ labels: { a: 'b' } }) }],
  ['claim annotations', { storage: EtcdStorage.persistentVolumeClaim({ annotations: { a: 'b' } }) }],
  ['emptyDir', { storage: EtcdStorage.emptyDir() }],
  ['image layout', { image: EtcdImage.custom('example.com/etcd:3.6.16', { version: '3.6.16', binDirectory: '/bin' }) }],
  ['image mount', { image: EtcdImage.custom('example.com/etcd:3.6.16', { version: '3.6.16', mountPath: '/data' }) }],
  ['image digest', { image: EtcdImage.upstream('3.6.16', { digest: `sha256:${'0'.repeat(64)}` }) }],
  ['image repository', { image: EtcdImage.upstream('3.6.16', { repository: 'example.com/etcd' }) }],
  ['no compaction', { autoCompaction: EtcdAutoCompaction.disabled() }],
  ['compaction age', { autoCompaction: EtcdAutoCompaction.periodic(Duration.minutes(90)) }],
  ['partition', { updateStrategy: EtcdUpdateStrategy.rollingUpdate(2) }],
  ['claims kept when scaled', { claimRetentionPolicy: { whenScaled: EtcdClaimRetention.DELETE } }],
])('variant: %s', (_name, props) => {
  expect(changes(props)).toBe(true);
});

test.each([
  ['sizeLimit', { sizeLimit: '1Gi' }],
  ['inMemory', { inMemory: true }],
])('emptyDir: %s', (_name, options) => {
  expect(changes({ storage: EtcdStorage.emptyDir(options) }, { storage: EtcdStorage.emptyDir() })).toBe(true);
});

function added(add: (cluster: EtcdCluster) => void): string {
  return JSON.stringify(synthCluster({}, add));
}

const store = EtcdSnapshotStore.existingClaim('claim');
const snapshots = (options: Partial<EtcdSnapshotsOptions>) => added((c) => c.addSnapshots({ store, ...options }));

test.each(Object.keys(ALL_SNAPSHOTS) as (keyof EtcdSnapshotsOptions)[])('snapshots: %s', (key) => {
  const beside = key === 'remoteHistoryLimit' ? { remote: ALL_SNAPSHOTS.remote } : {};
  expect(snapshots({ ...beside, [key]: ALL_SNAPSHOTS[key] })).not.toBe(snapshots(beside));
});

test.each(['name', 'subPath', 'size', 'storageClassName', 'accessModes', 'labels', 'annotations'])(
  'snapshots: claim’s %s',
  (key) => {
    const all = ALL_SNAPSHOTS.store._claim as { readonly [key: string]: unknown };
    expect(all[key]).toBeDefined();
    const claim = (options: object) => snapshots({ store: EtcdSnapshotStore.persistentVolumeClaim(options) });
    expect(claim({ [key]: all[key] })).not.toBe(claim({}));
  },
);

const REMOTE = { path: 'a:b', configSecret: 's' };

test.each(Object.keys(ALL_SNAPSHOTS.remote))('snapshots: remote.%s', (key) => {
  const all = ALL_SNAPSHOTS.remote as unknown as { readonly [key: string]: unknown };
  expect(snapshots({ remote: { ...REMOTE, [key]: all[key] } })).not.toBe(snapshots({ remote: REMOTE }));
});

test('snapshots: space for what is sent to the remote', () => {
  const scratch = (options: object) => snapshots({ remote: REMOTE, store: EtcdSnapshotStore.remoteOnly(options) });
  expect(scratch({ sizeLimit: '1Gi' })).not.toBe(scratch({}));
});

test.each(Object.keys(ALL_RESTORE_DRILL))('restore drill: %s', (key) => {
  const drill = (options: EtcdRestoreDrillOptions) =>
    added((c) => c.addSnapshots({ store, remote: REMOTE }).addRestoreDrill(options));
  expect(drill({ [key]: ALL_RESTORE_DRILL[key as keyof EtcdRestoreDrillOptions] })).not.toBe(drill({}));
});

test.each(Object.keys(ALL_PROPS.restoreFrom._options))('restore: %s', (key) => {
  const all = ALL_PROPS.restoreFrom._options as { readonly [key: string]: unknown };
  const beside = key === 'discardOldData' ? { id: 'r1' } : {};
  const restoreFrom = (options: object) => EtcdRestore.fromClaim('claim', 'db', { ...beside, ...options });
  expect(changes({ restoreFrom: restoreFrom({ [key]: all[key] }) }, { restoreFrom: restoreFrom({}) })).toBe(true);
});

test.each(Object.keys(ALL_DEFRAG))('defrag: %s', (key) => {
  const value = ALL_DEFRAG[key as keyof typeof ALL_DEFRAG];
  expect(added((c) => c.addDefrag({ [key]: value }))).not.toBe(added((c) => c.addDefrag()));
});

test.each(Object.keys(ALL_MONITORING))('monitoring: %s', (key) => {
  const value = ALL_MONITORING[key as keyof typeof ALL_MONITORING];
  const props = { sidecars: key === 'tls' ? ALL_PROPS.sidecars : undefined };
  const monitored = (options: EtcdMonitoringOptions): string =>
    JSON.stringify(synthCluster(props, (c) => c.addMonitoring(options)));
  expect(monitored({ [key]: value })).not.toBe(monitored({}));
});

test.each(Object.keys(ALL_ALERTS))('alerts: %s', (key) => {
  const value = key === 'enabled' ? false : ALL_ALERTS[key as keyof typeof ALL_ALERTS];
  const rules = (alerts: EtcdAlertOptions): string =>
    JSON.stringify(
      synthCluster({ resources: { cpuLimit: '2' } }, (c) => {
        c.addMonitoring({ alerts });
        c.addSnapshots({ store }).addRestoreDrill();
      }),
    );
  expect(rules({ [key]: value })).not.toBe(rules({}));
});

test.each(Object.keys(ALL_MONITORING.dashboard))('monitoring: dashboard.%s', (key) => {
  const all = { ...ALL_MONITORING.dashboard, enabled: false } as { readonly [key: string]: unknown };
  const dashboard = (options: object) => added((c) => c.addMonitoring({ dashboard: options }));
  expect(dashboard({ [key]: all[key] })).not.toBe(dashboard({}));
});
