import { App, Chart } from 'cdk8s';
import { EtcdCluster } from 'cdk8s-etcd';

const app = new App();
const chart = new Chart(app, 'etcd', { namespace: 'default' });

new EtcdCluster(chart, 'Etcd', { name: 'etcd' });

app.synth();
