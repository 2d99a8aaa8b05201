import { EtcdDefragMethod, EtcdRestore, EtcdSnapshotStore, type EtcdCluster, type EtcdClusterProps } from '../../src';
import { synthCluster } from '../support/synth';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is written
type Anything = any;

const RESTRICTED: Partial<EtcdClusterProps> = { networkPolicy: { restrictEgress: true } };
const remote = { path: 'backup:etcd', configSecret: 'rclone' };

/** The egress of each NetworkPolicy, by its name; undefined if it is about ingress only. */
function egress(props: Partial<EtcdClusterProps>, more: (cluster: EtcdCluster) => void): { [name: string]: Anything } {
  const policies = (synthCluster(props, more) as Anything[]).filter(({ kind }) => kind === 'NetworkPolicy');
  return Object.fromEntries(policies.map(({ metadata, spec }) => [metadata.name, spec.egress]));
}

const ALL_JOBS = (cluster: EtcdCluster): void => {
  cluster.addSnapshots({ store: EtcdSnapshotStore.existingClaim('claim') }).addRestoreDrill();
  cluster.addDefrag({ method: EtcdDefragMethod.ONLINE });
};

test('without restrictEgress, jobs have no policy', () => {
  expect(Object.keys(egress({}, ALL_JOBS))).toEqual(['etcd']);
});

test('jobs that need only members may connect to these and to DNS', () => {
  const restoreFrom = EtcdRestore.fromClaim('claim', 'db');
  const found = egress({ ...RESTRICTED, restoreFrom }, ALL_JOBS);
  const { etcd, 'etcd-restore': serves, ...jobs } = found;
  expect(serves).toBeUndefined();
  expect(Object.keys(jobs)).toEqual(['etcd-restore-egress', 'etcd-snapshotter', 'etcd-drill', 'etcd-defrag']);
  const dns = [53, 5353].flatMap((port) => ['TCP', 'UDP'].map((protocol) => ({ port, protocol })));
  for (const rules of [etcd, ...Object.values(jobs)]) expect(rules).toContainEqual({ ports: dns });
  for (const rules of Object.values(jobs))
    expect(rules[0].ports.map(({ port }: Anything) => port)).toEqual([2379, 2381, 2382]);
});

test('jobs that need a remote or the API server may connect to everything: the addresses are not known', () => {
  const found = egress({ ...RESTRICTED, restoreFrom: EtcdRestore.fromRemote(remote, 'db') }, (cluster) => {
    cluster
      .addSnapshots({ store: EtcdSnapshotStore.existingClaim('claim'), remote })
      .addRestoreDrill({ fromRemote: true });
    cluster.addDefrag();
  });
  for (const job of ['etcd-restore-egress', 'etcd-snapshotter', 'etcd-drill', 'etcd-defrag'])
    expect(found[job]).toEqual([{}]);
});
