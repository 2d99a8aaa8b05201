import { FleetApp } from 'cdk8s-etcd';
import { EtcdChart, EtcdRecoverChart, GreptimeDbChart } from './charts';

const app = new FleetApp();
const first = new EtcdChart(app, 'etcd');
const restored = new EtcdRecoverChart(app, 'etcd-recover');

/** The metadata store of GreptimeDB. After the first is lost: `restored`, in one commit. */
const store = { first, restored }.first;
new GreptimeDbChart(app, 'greptimedb', store.etcd);

app.synth();
