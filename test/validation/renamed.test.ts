import { Duration } from 'cdk8s';
import { EtcdSnapshotStore, GreptimeDbMetadataStore } from '../../src';
import { problemsOf, synthCluster } from '../support/synth';

/** Props with the names of an earlier version, as from JavaScript. */
const old = (options: object): never => options as never;

test('a prop with a new name is refused, and the message has the new name', () => {
  const problems = problemsOf(() =>
    synthCluster(old({ security: { idsByPlatform: true } }), (cluster) => {
      cluster.addDefrag(old({ settle: Duration.seconds(1), window: Duration.hours(1) }));
      cluster.addMonitoring(old({ alerts: { maximumLag: 1 } }));
      new GreptimeDbMetadataStore(cluster, 'Store', old({ cluster, namespace: 'db', everyMember: true }));
    }),
  );
  expect(problems).toEqual([
    '[test/Etcd] security.idsByPlatform: was renamed, got true; use platformAssignsIds',
    expect.stringMatching(/^\[test\/Etcd\/Defrag\] settle: was renamed, got .*; use pauseAfterMember$/),
    expect.stringMatching(/^\[test\/Etcd\/Defrag\] window: was renamed, got .*; use maintenanceWindow$/),
    '[test/Etcd/Monitoring] alerts.maximumLag: was renamed, got 1; use entriesBehind',
    '[test/Etcd/Store] everyMember: was renamed, got true; use endpointPerMember',
  ]);
});

test('an old name that was never a key of this struct is an unknown key', () => {
  const store = EtcdSnapshotStore.existingClaim('claim');
  expect(problemsOf(() => synthCluster({}, (cluster) => cluster.addSnapshots({ store, ...{ settle: 1 } })))).toEqual([
    expect.stringContaining('settle: unknown key, got 1; '),
  ]);
});
