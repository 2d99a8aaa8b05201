import { Chart, Testing } from 'cdk8s';
import { EtcdCluster } from '../../src';
import { SMALL } from '../e2e/support/cluster';
import { addSoakDefrag, soakProps } from './props';

test.each([1, 2, 3, 4, 5])('the cluster of the soak is accepted with %i members', (replicas) => {
  const chart = new Chart(Testing.app(), 'soak', { namespace: 'soak' });
  addSoakDefrag(
    new EtcdCluster(chart, 'Etcd', { ...SMALL, ...soakProps('limited'), name: 'etcd', replicas }),
    replicas,
  );
  expect(() => Testing.synth(chart)).not.toThrow();
});
