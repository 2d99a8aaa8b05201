import { Chart, Duration, Testing } from 'cdk8s';
import { EtcdCluster, EtcdRestore, EtcdSnapshotStore, EtcdTls } from '../../src';
import { EtcdChart, EtcdRecoverChart, GreptimeDbChart, GUIDE } from '../../examples/greptimedb/charts';
import { schemaProblems } from '../support/schemas';
import { nameScripts } from '../support/scripts';
import { toYaml, type Written } from '../support/synth';
import { everything } from './everything';

function guide(more: (etcd: EtcdCluster) => void, props = {}): object[] {
  const chart = new Chart(Testing.app(), 'test');
  more(new EtcdCluster(chart, 'Etcd', { ...GUIDE, name: 'etcd', ...props }));
  return Testing.synth(chart) as object[];
}

/** The five values files of GreptimeDB's guide "Manage ETCD", each alone, and the output of the examples. */
const SCENARIOS: { [name: string]: () => object[] } = {
  'guide-1-deploy': () => guide(() => undefined),
  'guide-2-backup': () =>
    guide((etcd) => {
      etcd.addSnapshots({
        schedule: '*/30 * * * *',
        store: EtcdSnapshotStore.existingClaim('nfs-etcd-backup'),
        snapshotHistoryLimit: 2,
        successfulJobsHistoryLimit: 2,
      });
    }),
  'guide-3-restore': () =>
    guide(() => undefined, {
      name: 'etcd-recover',
      restoreFrom: EtcdRestore.fromClaim('nfs-etcd-backup', 'db-2025-01-06_11-18'),
    }),
  'guide-4-monitoring': () =>
    guide((etcd) => {
      etcd.addMonitoring({
        interval: Duration.seconds(10),
        scrapeTimeout: Duration.seconds(10),
        labels: { release: 'prometheus' },
      });
    }),
  'guide-5-defrag': () =>
    guide((etcd) => {
      etcd.addDefrag({
        schedule: '0 3 * * *',
        suspend: false,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 1,
      });
    }),
  'example-etcd': () => Testing.synth(new EtcdChart(Testing.app(), 'etcd')) as object[],
  'example-etcd-recover': () => Testing.synth(new EtcdRecoverChart(Testing.app(), 'etcd-recover')) as object[],
  'example-greptimedb': () => {
    const app = Testing.app();
    return Testing.synth(new GreptimeDbChart(app, 'greptimedb', new EtcdChart(app, 'etcd').etcd)) as object[];
  },
  minimal: () => {
    const chart = new Chart(Testing.app(), 'test', { namespace: 'default' });
    new EtcdCluster(chart, 'Etcd', { name: 'etcd' });
    return Testing.synth(chart) as object[];
  },
  tls: () => {
    const chart = new Chart(Testing.app(), 'test', { namespace: 'default' });
    const etcd = new EtcdCluster(chart, 'Etcd', { name: 'etcd', tls: EtcdTls.fromOwnCa() });
    etcd.addSnapshots({ store: EtcdSnapshotStore.persistentVolumeClaim() });
    return Testing.synth(chart) as object[];
  },
  everything,
};

describe.each(Object.entries(SCENARIOS))('%s', (name, synth) => {
  const objects = synth();

  test('is as reviewed', () => {
    expect(toYaml(nameScripts(objects as Written[]))).toMatchGolden(`${name}.yaml`);
  });

  test.each(['1.28', '1.36'] as const)('fits the schemas of Kubernetes %s, strictly', (version) => {
    expect(objects.flatMap((object) => schemaProblems(object, version))).toEqual([]);
  });

  test('has one object for each name and kind, so that a file per resource is safe', () => {
    const keys = (objects as Written[]).map((o) => `${o.kind}.${o.metadata.name}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
