import { ApiObject, Chart, JsonPatch, Testing } from 'cdk8s';
import {
  EtcdCluster,
  EtcdDefragMethod,
  EtcdImage,
  EtcdRestore,
  EtcdSnapshotStore,
  EtcdStorage,
  type EtcdClusterProps,
} from '../../src';
import { ETCD_OPTIONS } from '../../src/config/etcd-options';
import { find, synthCluster, type Written } from '../support/synth';
import { ALL_PROPS } from './everything';

/** Immutable fields of a live StatefulSet. */
function immutable(objects: Written[]): object {
  const { spec, metadata } = find(objects, 'StatefulSet', 'etcd');
  const {
    replicas,
    template,
    updateStrategy,
    revisionHistoryLimit,
    minReadySeconds,
    persistentVolumeClaimRetentionPolicy,
    ...rest
  } = spec;
  return { name: metadata.name, namespace: metadata.namespace, ...rest };
}

const REMOTE = { path: 'backup:bucket/etcd', configSecret: 'etcd-remote' };

/** Every pod template, in the order of the objects. */
function podsOf(objects: Written[]): Written['spec'][] {
  return objects.flatMap(({ kind, spec }) => {
    if (kind === 'CronJob') return [spec.jobTemplate.spec.template.spec];
    return kind === 'StatefulSet' || kind === 'Job' ? [spec.template.spec] : [];
  });
}

test('what is immutable on a live cluster is frozen', () => {
  expect(immutable(synthCluster())).toEqual({
    name: 'etcd',
    namespace: 'etcd-cluster',
    serviceName: 'etcd-headless',
    podManagementPolicy: 'Parallel',
    selector: {
      matchLabels: {
        'app.kubernetes.io/name': 'etcd',
        'app.kubernetes.io/instance': 'etcd',
        'app.kubernetes.io/component': 'etcd',
      },
    },
    volumeClaimTemplates: [
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem', resources: { requests: { storage: '8Gi' } } },
      },
    ],
  });
});

/** Props that are refused without another one. */
const NEEDED: { readonly [key: string]: Partial<EtcdClusterProps> } = {
  extraVolumeMounts: { extraVolumes: ALL_PROPS.extraVolumes },
  upgradeFrom: { image: ALL_PROPS.image },
  onTotalLoss: { existingCluster: true },
};

/** What they need besides the cluster. */
const withSnapshots = (cluster: EtcdCluster): unknown =>
  cluster.addSnapshots({ store: EtcdSnapshotStore.existingClaim('claim') });

/** Props whose documentation says that they can never change. */
const FIXED = ['name', 'namespace', 'selector', 'storage', 'extraVolumeClaimTemplates'];

test.each(Object.keys(ALL_PROPS).filter((key) => !FIXED.includes(key)))(
  '%s changes nothing that is immutable',
  (key) => {
    const needed = NEEDED[key] ?? {};
    const changed = synthCluster({ ...needed, [key]: ALL_PROPS[key as keyof EtcdClusterProps] }, withSnapshots);
    expect(immutable(changed)).toEqual(immutable(synthCluster()));
  },
);

test('members read from their settings what changes without a restart', () => {
  const template = (given: Partial<EtcdClusterProps>): unknown =>
    find(synthCluster(given, withSnapshots), 'StatefulSet', 'etcd').spec.template;
  const props = {
    replicas: 5,
    existingCluster: true,
    restoreFrom: ALL_PROPS.restoreFrom,
    onTotalLoss: ALL_PROPS.onTotalLoss,
    defragmentation: ALL_PROPS.defragmentation,
  };
  expect(template(props)).toEqual(template({}));
  expect(find(synthCluster(props, withSnapshots), 'ConfigMap', 'etcd-settings').data).toEqual({
    replicas: '5',
    existing: 'true',
    'restore-id': 'january',
    'restore-file': 'db-2026-01-01_00-00',
    'restore-sha256': '0'.repeat(64),
    'asked-bump': '5000',
    'total-loss-bump': '1000000000',
    'restore-discard': 'true',
    'on-total-loss': 'restore',
    'defrag-gain': '1073741824',
    'defrag-gain-percent': '50',
  });
});

test('what pods need comes before the StatefulSet, because kubectl apply follows the order of the file', () => {
  const kinds = synthCluster().map((o) => o.kind);
  expect(kinds.indexOf('StatefulSet')).toBeGreaterThan(kinds.lastIndexOf('ConfigMap'));
  expect(kinds.indexOf('StatefulSet')).toBeGreaterThan(kinds.lastIndexOf('Service'));
});

test.each([
  ['3.5.35', ['ETCD_EXPERIMENTAL_INITIAL_CORRUPT_CHECK', 'ETCD_EXPERIMENTAL_COMPACT_HASH_CHECK_ENABLED']],
  ['3.6.16', ['ETCD_FEATURE_GATES']],
  ['3.7.3', ['ETCD_FEATURE_GATES']],
])('flags that differ between minor versions: etcd %s', (version, names) => {
  const env = find(synthCluster({ image: EtcdImage.upstream(version) }), 'StatefulSet', 'etcd').spec.template.spec
    .containers[0].env;
  const found = (env as { name: string }[]).map((e) => e.name).filter((n) => /EXPERIMENTAL|FEATURE/.test(n));
  expect(found).toEqual(names);
});

test('no variable has a name that etcd would read as a flag', () => {
  const env = find(synthCluster(), 'StatefulSet', 'etcd').spec.template.spec.containers[0].env as { name: string }[];
  const known = ETCD_OPTIONS.map((option) => option.env);
  for (const { name } of env.filter((e) => e.name.startsWith('ETCD_'))) expect(known).toContain(name);
  expect(env.map((e) => e.name)).not.toContain('ETCDCTL_ENDPOINTS'); // etcdctl refuses it together with --endpoints
});

test('names are those of the guide', () => {
  const objects = synthCluster({}, (cluster) => {
    cluster.addSnapshots({ store: EtcdSnapshotStore.persistentVolumeClaim() }).addRestoreDrill();
    cluster.addDefrag();
    cluster.addMonitoring();
  });
  expect(objects.map((o) => `${o.kind} ${o.metadata.name}`)).toEqual([
    'ServiceAccount etcd',
    'NetworkPolicy etcd',
    'PodDisruptionBudget etcd',
    'ConfigMap etcd-settings',
    'ConfigMap etcd-scripts',
    'Service etcd-headless',
    'Service etcd',
    'Service etcd-0',
    'Service etcd-1',
    'Service etcd-2',
    'StatefulSet etcd',
    'PersistentVolumeClaim etcd-snapshotter',
    'CronJob etcd-snapshotter',
    'CronJob etcd-drill',
    'ConfigMap etcd-job-scripts',
    'ServiceAccount etcd-defrag',
    'Role etcd-defrag',
    'RoleBinding etcd-defrag',
    'CronJob etcd-defrag',
    'PodMonitor etcd',
    'PrometheusRule etcd',
    'ConfigMap etcd-dashboard',
  ]);
});

test('construct ids are contract, and the StatefulSet is the main object', () => {
  const chart = new Chart(Testing.app(), 'test');
  const cluster = new EtcdCluster(chart, 'Etcd', { name: 'etcd', namespace: 'ns' });
  expect(ApiObject.of(cluster)).toBe(cluster.statefulSet);
  expect(cluster.node.children.map((c) => c.node.id)).toEqual([
    'ServiceAccount',
    'NetworkPolicy',
    'PodDisruptionBudget',
    'Settings',
    'Scripts',
    'HeadlessService',
    'ClientService',
    'Member0',
    'Member1',
    'Member2',
    'Resource',
  ]);
});

test('endpoints for other constructs', () => {
  const cluster = new EtcdCluster(new Chart(Testing.app(), 'test'), 'Etcd', {
    name: 'etcd',
    namespace: 'etcd-cluster',
  });
  expect(cluster.clientEndpoint).toBe('http://etcd.etcd-cluster.svc.cluster.local:2379');
  expect(cluster.memberEndpoints).toEqual([
    'http://etcd-0.etcd-cluster.svc.cluster.local:2379',
    'http://etcd-1.etcd-cluster.svc.cluster.local:2379',
    'http://etcd-2.etcd-cluster.svc.cluster.local:2379',
  ]);
});

test('a JSON patch works, even with a field that the 1.28 types lack', () => {
  const objects = synthCluster({}, (cluster) => {
    cluster.clientService?.addJsonPatch(JsonPatch.add('/spec/trafficDistribution', 'PreferClose'));
    cluster.statefulSet.addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/0/ports/0/containerPort', 99));
  });
  expect(find(objects, 'Service', 'etcd').spec.trafficDistribution).toBe('PreferClose');
  expect(find(objects, 'StatefulSet', 'etcd').spec.template.spec.containers[0].ports[0].containerPort).toBe(99);
});

test.each([
  ['claims', {}],
  ['emptyDir', { storage: EtcdStorage.emptyDir() }],
  ['restore', { restoreFrom: ALL_PROPS.restoreFrom }],
  ['remote', { restoreFrom: EtcdRestore.newestFromRemote(REMOTE) }],
])('every mount has a volume (%s)', (_name, props) => {
  const objects = synthCluster(props, (c) => {
    c.addSnapshots({ store: EtcdSnapshotStore.remoteOnly(), remote: REMOTE }).addRestoreDrill();
    c.addDefrag();
  });
  const pods = podsOf(objects);
  expect(pods).toHaveLength('restoreFrom' in props ? 5 : 4);
  const claims = (find(objects, 'StatefulSet', 'etcd').spec.volumeClaimTemplates ?? []) as {
    metadata: { name: string };
  }[];
  for (const pod of pods) {
    const volumes = [...pod.volumes.map((v: { name: string }) => v.name), ...claims.map((c) => c.metadata.name)];
    const mounts = [...pod.initContainers, ...pod.containers].flatMap((c) => c.volumeMounts as { name: string }[]);
    for (const mount of mounts) expect(volumes).toContain(mount.name);
  }
});

test('only the job that evicts members has a token, which allows nothing else', () => {
  const objects = synthCluster({}, (c) => c.addDefrag());
  const withToken = objects.filter((o) => o.kind === 'CronJob').map((o) => o.spec.jobTemplate.spec.template.spec);
  expect(withToken).toEqual([
    expect.objectContaining({ automountServiceAccountToken: true, serviceAccountName: 'etcd-defrag' }),
  ]);
  const resourceNames = ['etcd-0', 'etcd-1', 'etcd-2'];
  expect((find(objects, 'Role', 'etcd-defrag') as unknown as { rules: object[] }).rules).toEqual([
    { apiGroups: [''], resources: ['pods'], verbs: ['get'], resourceNames },
    { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'], resourceNames },
  ]);
  for (const options of [{ method: EtcdDefragMethod.ONLINE }, { serviceAccountName: 'mine' }]) {
    const others = synthCluster({}, (c) => c.addDefrag(options));
    expect(others.map((o) => o.kind)).not.toContain('Role');
  }
});

test('every pod is Pod Security "restricted" and has no token', () => {
  const objects = synthCluster({ restoreFrom: EtcdRestore.newestFromRemote(REMOTE) }, (c) => {
    c.addSnapshots({ store: EtcdSnapshotStore.existingClaim('claim'), remote: REMOTE }).addRestoreDrill();
    c.addDefrag({ method: EtcdDefragMethod.ONLINE });
  });
  const pods = podsOf(objects);
  expect(pods).toHaveLength(5);
  for (const pod of pods) {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1001, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const container of [...pod.initContainers, ...pod.containers]) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        privileged: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
    }
  }
});

test('memory has the same request and limit, CPU has no limit', () => {
  const [etcd] = find(synthCluster(), 'StatefulSet', 'etcd').spec.template.spec.containers;
  expect(etcd.resources).toEqual({ requests: { cpu: '250m', memory: '2Gi' }, limits: { memory: '2Gi' } });
});

test('any change of a restore makes another Job, and the same restore keeps its Job', () => {
  const job = (restoreFrom: EtcdRestore, props: Partial<EtcdClusterProps> = {}): string | undefined =>
    synthCluster({ ...props, restoreFrom }).find((o) => o.kind === 'Job')?.metadata.name;
  const first = job(EtcdRestore.fromClaim('claim', 'db-1'));
  expect(first).toMatch(/^etcd-restore-[0-9a-f]{8}$/);
  expect(job(EtcdRestore.fromClaim('claim', 'db-1'), { replicas: 3, quotaBackend: '3Gi' })).toBe(first);
  for (const other of [
    EtcdRestore.fromClaim('claim', 'db-2'),
    EtcdRestore.fromClaim('other', 'db-1'),
    EtcdRestore.fromClaim('claim', 'db-1', { id: 'r1' }),
    EtcdRestore.newestFromClaim('claim'),
    EtcdRestore.fromRemote(REMOTE, 'db-1'),
  ])
    expect(job(other)).not.toBe(first);
});

test('only members can reach jobs that serve snapshots, and these jobs can reach members', () => {
  const [restore, etcd] = ['etcd-restore', 'etcd'].map((name) =>
    find(synthCluster({ restoreFrom: EtcdRestore.fromClaim('claim', 'db-1') }), 'NetworkPolicy', name),
  );
  expect(restore?.spec.ingress).toEqual([
    {
      from: [{ podSelector: { matchLabels: find(synthCluster(), 'StatefulSet', 'etcd').spec.selector.matchLabels } }],
      ports: [{ port: 2382, protocol: 'TCP' }],
    },
  ]);
  const phase = etcd?.spec.ingress.find((rule: Written['spec']) => rule.ports[0].port === 2382);
  const components = phase.from.map(
    (peer: Written['spec']) => peer.podSelector.matchLabels['app.kubernetes.io/component'],
  );
  expect(components).toEqual(['etcd', 'snapshot', 'restore', 'defrag', 'drill']);
  expect(synthCluster().map((o) => o.metadata.name)).not.toContain('etcd-restore');
});

test('a finished restore needs no Job, and stays in the settings', () => {
  const objects = synthCluster({ restoreFrom: EtcdRestore.done('january') });
  expect(objects.map((o) => o.kind)).not.toContain('Job');
  expect(find(objects, 'ConfigMap', 'etcd-settings').data).toMatchObject({
    'restore-id': 'january',
    'restore-file': '',
  });
});
