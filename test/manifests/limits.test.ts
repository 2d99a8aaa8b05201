import { EtcdRestore, EtcdSnapshotStore } from '../../src';
import { synthCluster, type Written } from '../support/synth';

/** A namespace can demand limits of every container: a quota, or a policy. */

const resources = { cpuLimit: '5m', ephemeralStorageRequest: '1Gi', ephemeralStorageLimit: '2Gi' };
const remote = { path: 'backup:bucket/etcd', configSecret: 'rclone' };

interface Container {
  readonly name: string;
  readonly resources: { readonly requests: object; readonly limits: object };
}

function containersOf({ kind, metadata, spec }: Written): [string, Container][] {
  const template = kind === 'CronJob' ? spec.jobTemplate.spec.template : spec?.template;
  const { initContainers = [], containers = [] } = template?.spec ?? {};
  return [...initContainers, ...containers].map((c: Container) => [`${kind} ${metadata.name} ${c.name}`, c]);
}

const objects = synthCluster(
  { resources, restoreFrom: EtcdRestore.newestFromRemote(remote, { id: 'again', resources }) },
  (cluster) => {
    const store = EtcdSnapshotStore.remoteOnly();
    cluster.addSnapshots({ store, remote, resources }).addRestoreDrill({ resources });
    cluster.addDefrag({ resources });
  },
);
const containers = objects.flatMap(containersOf);

test('all pods are here', () => {
  const names = containers.map(([name]) => name.split(' ').pop());
  expect([...new Set(names)].sort()).toEqual([
    ...['defrag', 'drill', 'etcd', 'kubectl', 'rclone', 'restore', 'snapshot', 'toolbox'],
  ]);
});

test.each(containers)('%s has the limits, and no request above them', (_name, container) => {
  expect(container.resources.limits).toMatchObject({ cpu: '5m', 'ephemeral-storage': '2Gi' });
  expect(container.resources.requests).toMatchObject({ cpu: '5m', 'ephemeral-storage': '1Gi' });
});
