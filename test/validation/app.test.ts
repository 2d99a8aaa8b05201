import { EtcdRestore, EtcdServiceType, EtcdSnapshots, EtcdSnapshotStore, type EtcdClusterProps } from '../../src';
import { k8s } from 'cdk8s-plus-28';
import { cluster, exposed, problemsIn } from '../support/apps';

const external = (...nodePorts: number[]) => ({ type: EtcdServiceType.NODE_PORT, nodePorts });
const CLAIM = {
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: k8s.Quantity.fromString('1Gi') } },
};
const REMEDY = 'choose another name, or use an app for each Kubernetes cluster';

/** Two clusters in charts `a` and `b` of one namespace, and the expected problems. */
const MEETINGS: [string, EtcdClusterProps, EtcdClusterProps, string?][] = [
  ['different names', { name: 'etcd' }, { name: 'other' }],
  ['another namespace', { name: 'etcd' }, { name: 'etcd', namespace: 'other' }],
  ['a name and one of its prefix', { name: 'etcd' }, { name: 'etcd-3' }],
  [
    'the same name',
    { name: 'etcd' },
    { name: 'etcd' },
    `[b/Etcd] StatefulSet ns/etcd: is also created by a/Etcd; ${REMEDY}`,
  ],
  [
    'the name of a headless Service',
    { name: 'etcd' },
    { name: 'etcd-headless' },
    `[b/Etcd] Service ns/etcd-headless: is also created by a/Etcd; ${REMEDY}`,
  ],
  [
    'the name of a headless Service, the other way around',
    { name: 'etcd-headless' },
    { name: 'etcd' },
    `[b/Etcd] Service ns/etcd-headless: is also created by a/Etcd; ${REMEDY}`,
  ],
  [
    'the name of a member',
    { name: 'etcd' },
    { name: 'etcd-2' },
    `[b/Etcd] Service ns/etcd-2: is also created by a/Etcd; ${REMEDY}`,
  ],
  [
    'a ServiceAccount',
    { name: 'etcd', serviceAccount: { name: 'shared' } },
    { name: 'other', serviceAccount: { name: 'shared' } },
    `[b/Etcd] ServiceAccount ns/shared: is also created by a/Etcd; ${REMEDY}`,
  ],
  [
    'claims of members',
    { name: 'a-b' },
    { name: 'b', extraVolumeClaimTemplates: [{ metadata: { name: 'data-a' }, spec: CLAIM }] },
    `[b/Etcd] PersistentVolumeClaim ns/data-a-b-0: is also created by a/Etcd, for a member, with 8 more; ${REMEDY}`,
  ],
  [
    'an instance',
    { name: 'a' },
    { name: 'b', selector: { instance: 'a' } },
    '[b/Etcd] selector.instance: is also the instance of a/Etcd in this namespace, so the Services of one would route clients to both, got "a"; choose another instance',
  ],
  [
    'an instance, the other way around',
    { name: 'b', selector: { instance: 'a' } },
    { name: 'a' },
    '[a/Etcd] selector.instance: is also the instance of b/Etcd in this namespace, so the Services of one would route clients to both, got "a"; choose another instance',
  ],
  [
    'an instance that neither has as its name',
    { name: 'a', selector: { instance: 'c' } },
    { name: 'b', selector: { instance: 'c' } },
    '[b/Etcd] selector.instance: is also the instance of a/Etcd in this namespace, so the Services of one would route clients to both, got "c"; choose another instance',
  ],
  ['an instance of another app', { name: 'a' }, { name: 'b', selector: { name: 'store', instance: 'a' } }],
  ['an instance in another namespace', { name: 'a' }, { name: 'b', namespace: 'other', selector: { instance: 'a' } }],
  [
    'a node port',
    { name: 'a', clientService: exposed(30_000) },
    { name: 'b', namespace: 'other', clientService: exposed(30_000) },
    '[b/Etcd] clientService.nodePort: is already used by a/Etcd, got 30000; choose another',
  ],
  [
    'a node port of a member',
    { name: 'a', clientService: exposed(30_000) },
    { name: 'b', externalAccess: external(30_002, 30_000, 30_001) },
    '[b/Etcd] externalAccess.nodePorts[1]: is already used by a/Etcd, got 30000; choose another',
  ],
  [
    'a node port that is kept for later',
    { name: 'a', externalAccess: external(30_000, 30_001, 30_002, 30_003) },
    { name: 'b', clientService: exposed(30_003) },
    '[b/Etcd] clientService.nodePort: is already used by a/Etcd, got 30003; choose another',
  ],
  [
    'a node port of an additional port',
    { name: 'a', clientService: exposed(30_000) },
    { name: 'b', clientService: { ...exposed(30_001), extraPorts: [{ name: 'x', port: 80, nodePort: 30_000 }] } },
    '[b/Etcd] clientService.extraPorts[0].nodePort: is already used by a/Etcd, got 30000; choose another',
  ],
  [
    'a node port of another protocol',
    { name: 'a', clientService: exposed(30_000) },
    {
      name: 'b',
      clientService: { ...exposed(30_001), extraPorts: [{ name: 'x', port: 80, nodePort: 30_000, protocol: 'UDP' }] },
    },
  ],
  [
    'a cluster IP',
    { name: 'a', clientService: { clusterIp: '10.96.0.99' } },
    { name: 'b', clientService: { clusterIp: '10.96.0.99' } },
    '[b/Etcd] clientService.clusterIp: is already used by a/Etcd, got "10.96.0.99"; choose another',
  ],
  [
    'no cluster IP',
    { name: 'a', clientService: { clusterIp: 'None' } },
    { name: 'b', clientService: { clusterIp: 'None' } },
  ],
  [
    'an external IP and port',
    { name: 'a', clientService: { externalIps: ['192.0.2.1'] } },
    { name: 'b', clientService: { externalIps: ['192.0.2.2', '192.0.2.1'] } },
    '[b/Etcd] clientService.externalIps[1]: is already used by a/Etcd, got "192.0.2.1"; choose another',
  ],
  [
    'an external IP with another port',
    { name: 'a', clientService: { externalIps: ['192.0.2.1'] } },
    { name: 'b', clientService: { externalIps: ['192.0.2.1'], port: 12379 } },
  ],
  [
    'an advertised URL',
    { name: 'etcd', externalAccess: { advertisedUrl: 'http://{member}.example.com:2379' } },
    { name: 'etcd', namespace: 'other', externalAccess: { advertisedUrl: 'http://{member}.example.com:2379' } },
    '[b/Etcd] externalAccess.advertisedUrl: is already used by a/Etcd, got "http://{member}.example.com:2379"; choose another',
  ],
];

test.each(MEETINGS)('two clusters with %s', (_name, a, b, ...expected) => {
  const problems = problemsIn((chart) => {
    cluster(chart('a'), a);
    cluster(chart('b'), b);
  });
  expect(problems).toEqual(expected);
});

test('a name and the node ports of another cluster: two problems', () => {
  const props = { name: 'etcd', clientService: exposed(30_000) };
  const problems = problemsIn((chart) => {
    cluster(chart('a'), props);
    cluster(chart('b'), props);
  });
  expect(problems).toEqual([
    expect.stringContaining('[b/Etcd] StatefulSet ns/etcd: is also created by a/Etcd'),
    '[b/Etcd] clientService.nodePort: is already used by a/Etcd, got 30000; choose another',
  ]);
});

test('clusters of the same name with jobs: one problem', () => {
  const problems = problemsIn((chart) => {
    for (const id of ['a', 'b']) {
      const etcd = cluster(chart(id), { name: 'etcd' });
      etcd.addSnapshots({ store: EtcdSnapshotStore.persistentVolumeClaim() }).addRestoreDrill();
      etcd.addDefrag();
      etcd.addMonitoring();
    }
  });
  expect(problems).toEqual([expect.stringContaining('[b/Etcd] StatefulSet ns/etcd: ')]);
});

test('the snapshots of one cluster in two charts', () => {
  const problems = problemsIn((chart) => {
    const etcd = cluster(chart('a'), { name: 'etcd' });
    const store = EtcdSnapshotStore.persistentVolumeClaim();
    new EtcdSnapshots(chart('b'), 'Snapshots', { cluster: etcd, store });
    new EtcdSnapshots(chart('c'), 'Snapshots', { cluster: etcd, store });
  });
  expect(problems).toEqual([
    `[c/Snapshots] PersistentVolumeClaim ns/etcd-snapshotter: is also created by b/Snapshots, with 1 more; ${REMEDY}`,
  ]);
});

test('the claim of another cluster’s snapshots', () => {
  const problems = problemsIn((chart) => {
    for (const name of ['a', 'b'])
      cluster(chart(name), { name }).addSnapshots({ store: EtcdSnapshotStore.persistentVolumeClaim({ name: 'all' }) });
  });
  expect(problems).toEqual([
    `[b/Etcd/Snapshots] PersistentVolumeClaim ns/all: is also created by a/Etcd/Snapshots; ${REMEDY}`,
  ]);
});

test('dashboards of two clusters in one namespace', () => {
  const problems = problemsIn((chart) => {
    for (const namespace of ['a', 'b'])
      cluster(chart(namespace), { name: 'etcd', namespace }).addMonitoring({ dashboard: { namespace: 'grafana' } });
  });
  expect(problems).toEqual([
    `[b/Etcd/Monitoring] ConfigMap grafana/etcd-dashboard: is also created by a/Etcd/Monitoring; ${REMEDY}`,
  ]);
});

describe('the claim of a member', () => {
  test.each(['data-etcd-0', 'data-etcd-8', 'wal-etcd-1'])('%s, for snapshots', (name) => {
    const props = { name: 'etcd', extraVolumeClaimTemplates: [{ metadata: { name: 'wal' }, spec: CLAIM }] };
    const created = problemsIn((chart) =>
      cluster(chart('a'), props).addSnapshots({ store: EtcdSnapshotStore.persistentVolumeClaim({ name }) }),
    );
    expect(created).toEqual([
      `[a/Etcd/Snapshots] PersistentVolumeClaim ns/${name}: is also created by a/Etcd, for a member; ${REMEDY}`,
    ]);
    const existing = problemsIn((chart) =>
      cluster(chart('a'), props).addSnapshots({ store: EtcdSnapshotStore.existingClaim(name) }),
    );
    expect(existing).toEqual([
      `[a/Etcd/Snapshots] store: is the claim of a member of a/Etcd, got "${name}"; use a claim for snapshots only`,
    ]);
  });

  test('of another cluster, to restore from', () => {
    const problems = problemsIn((chart) => {
      cluster(chart('a'), { name: 'a', restoreFrom: EtcdRestore.fromClaim('data-b-1', 'db') });
      cluster(chart('b'), { name: 'b' });
    });
    expect(problems).toEqual([
      '[a/Etcd] restoreFrom: is the claim of a member of b/Etcd, got "data-b-1"; use a claim for snapshots only',
    ]);
  });

  test.each(['data-etcd', 'data-etcd-9', 'data-other-0', 'snapshots-etcd-0'])('%s is none', (name) => {
    const problems = problemsIn((chart) =>
      cluster(chart('a'), { name: 'etcd' }).addSnapshots({ store: EtcdSnapshotStore.existingClaim(name) }),
    );
    expect(problems).toEqual([]);
  });
});
