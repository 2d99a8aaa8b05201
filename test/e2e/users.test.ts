import { EtcdSnapshotStore, type EtcdClusterProps } from '../../src';
import { podName, TestCluster } from './support/cluster';
import { JobRun } from './support/jobs';
import { PATIENCE } from './support/limits';
import { report } from './support/report';
import { timed } from './support/scenario';
import { useSpace } from './support/space';
import { WITH_TLS } from './support/tls';

const NEVER = '0 0 1 1 *';
const PASSWORD = 'of-the-test';
const CREDENTIALS: EtcdClusterProps['extraEnv'] = [
  { name: 'ETCDCTL_USER', value: 'root' },
  { name: 'ETCDCTL_PASSWORD', valueFrom: { secretKeyRef: { name: 'root', key: 'password' } } },
];

/** The library does not enable authentication, but a person may. */
describe('authentication enabled by hand', () => {
  const space = useSpace('users');
  let extraEnv: EtcdClusterProps['extraEnv'];
  let cluster: TestCluster;

  beforeAll(async () => {
    await space.kubectl.do(['create', 'secret', 'generic', 'root', `--from-literal=password=${PASSWORD}`]);
    cluster = new TestCluster(space.kubectl, (etcd) => {
      const store = EtcdSnapshotStore.persistentVolumeClaim({ size: '1Gi' });
      etcd.addSnapshots({ store, schedule: NEVER, backoffLimit: 0, extraEnv });
      etcd.addDefrag({ schedule: NEVER, backoffLimit: 0, extraEnv });
    });
    await cluster.apply();
    await cluster.whole();
    await cluster.etcdctl('put', 'key', 'value');
    for (const command of [`user add root:${PASSWORD}`, 'user grant-role root root', 'auth enable'])
      await cluster.etcdctl(...command.split(' '));
  });

  const withoutCredentials = async (): Promise<void> => {
    const old = await cluster.pod(podName(2));
    await cluster.deletePod(podName(2));
    await cluster.ready([old]);
    await space.kubectl.until('the log to say so', PATIENCE, async () =>
      (await cluster.logs(podName(2))).includes('refuses the scripts: set auth'),
    );
  };
  const withCertificates = async (): Promise<void> => {
    const old = await cluster.pod(podName(2));
    await cluster.loseDisks([2]);
    await cluster.whole([old]);
  };
  if (WITH_TLS)
    space.case('with certificates: members log in as root, and one with a lost volume rejoins', withCertificates);
  else
    space.case(
      'without credentials: a restarted member is ready, and its log says what is missing',
      withoutCredentials,
    );

  space.case('with credentials: a member with a lost volume rejoins, and jobs run', async () => {
    const pods = await cluster.pods();
    extraEnv = CREDENTIALS;
    await cluster.apply({ extraEnv });
    await cluster.whole(pods);
    const old = await cluster.pod(podName(1));
    const wholeMillis = await timed(async () => {
      await cluster.loseDisks([1]);
      await cluster.whole([old]);
    });
    report('claim and pod deleted, with users', { wholeMillis });
    expect((await cluster.etcdctl('get', 'key', '--print-value-only')).trim()).toBe('value');
    for (const job of ['etcd-snapshotter', 'etcd-defrag']) {
      const { ok, log } = await (await JobRun.start(space.kubectl, `${job}-with-users`, job)).end();
      expect([log, ok]).toEqual([log, true]);
    }
    await cluster.agreed();
  });
});
