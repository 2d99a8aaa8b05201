import { Duration, Yaml } from 'cdk8s';
import { EtcdRestore, EtcdSnapshotStore } from '../../src';
import { podName, TestCluster } from './support/cluster';
import { JobRun } from './support/jobs';
import { PATIENCE } from './support/limits';
import { useSpace } from './support/space';
import { STRICT_PROPS, STRICT_RESOURCES, STRICT_RULES } from './support/strict';

const NEVER = '0 0 1 1 *';
const CLAIM = 'etcd-snapshotter';

describe('a strict namespace, with props only', () => {
  const space = useSpace('strict');
  let cluster: TestCluster;
  let snapshot = '';

  beforeAll(async () => {
    await space.kubectl.apply(Yaml.stringify(...STRICT_RULES));
    cluster = new TestCluster(space.kubectl, (etcd) => {
      const job = { schedule: NEVER, resources: STRICT_RESOURCES };
      etcd
        .addSnapshots({ ...job, store: EtcdSnapshotStore.persistentVolumeClaim({ size: '1Gi' }) })
        .addRestoreDrill({ ...job, maximumAge: Duration.days(400), minimumKeys: 1 });
      etcd.addDefrag({ ...job, pauseAfterMember: Duration.seconds(1) });
    });
    await cluster.apply({
      ...STRICT_PROPS,
      defragmentation: { minimumGain: '1Mi', minimumGainPercent: 1 },
    });
    await cluster.whole();
  });

  const run = async (name: string, cronJob: string): Promise<string> => {
    const { ok, log } = await (await JobRun.start(space.kubectl, name, cronJob)).end();
    expect({ ok, log }).toMatchObject({ ok: true });
    return log;
  };

  space.case('a snapshot, and a drill of it', async () => {
    await cluster.etcdctl('put', 'key', 'before');
    snapshot = /snapshot saved: \/snapshots\/(\S+)/.exec(await run('take', 'etcd-snapshotter'))?.[1] ?? '';
    expect(await run('drill', 'etcd-drill')).toContain('drill passed: ');
  });

  space.case('a defragmentation that evicts members', async () => {
    const value = "head -c 1000000 /dev/zero | tr '\\0' a";
    const fill = `for i in $(seq 20); do ${value} | etcdctl put big >/dev/null; done; rev=$(etcdctl get big -w fields | sed -n 's/^"Revision" : //p'); etcdctl compact "$rev"`;
    expect(await cluster.exec(podName(0), 'sh', '-euc', fill)).toMatchObject({ ok: true });
    expect(await run('defrag', 'etcd-defrag')).toMatch(/evicting etcd-\d/);
    await cluster.whole();
  });

  space.case('a lost volume', async () => {
    const old = await cluster.pod(podName(1));
    await cluster.loseDisks([1]);
    await cluster.whole([old]);
  });

  space.case('a restore in place', async () => {
    await cluster.etcdctl('put', 'key', 'after');
    await cluster.apply({
      restoreFrom: EtcdRestore.fromClaim(CLAIM, snapshot, { id: 'r1', resources: STRICT_RESOURCES }),
    });
    const value = async () => (await cluster.etcdctl('get', 'key', '--print-value-only')).trim();
    await space.kubectl.until('the restored data', PATIENCE, async () => (await value()) === 'before');
    await cluster.whole();
  });
});
