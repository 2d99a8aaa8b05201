import { Chart } from 'cdk8s';
import { EtcdCluster, EtcdSnapshotStore, FleetApp } from 'cdk8s-etcd';

/** Many clusters in one app, a chart each: `node main.js 100`. FleetApp writes them in linear time. */
const count = Number(process.argv[2] ?? 10);

const app = new FleetApp();
for (let i = 0; i < count; i++) {
  const chart = new Chart(app, `etcd-${i}`, { namespace: `team-${i}` });
  const etcd = new EtcdCluster(chart, 'Etcd', { name: 'etcd' });
  etcd.addSnapshots({ store: EtcdSnapshotStore.persistentVolumeClaim({ size: '100Gi' }) });
  etcd.addDefrag();
  etcd.addMonitoring();
}
app.synth();
