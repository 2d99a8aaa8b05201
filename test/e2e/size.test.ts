import { Duration } from 'cdk8s';
import { EtcdRestore, EtcdSnapshotStore, EtcdStorage } from '../../src';
import { podName, TestCluster } from './support/cluster';
import { JobRun } from './support/jobs';
import { PATIENCE } from './support/limits';
import { report } from './support/report';
import { Scenario, timed } from './support/scenario';
import { useSpace } from './support/space';

/** `npm run bench:restore`: how long snapshots, drills and restores take with a database of this size. */
const MEBIBYTES = Number(process.env.E2E_SIZE_MIB ?? '0');
const CLAIM = 'etcd-snapshotter';
const NEVER = '0 0 1 1 *';
const MIB = 2 ** 20;
const sized = MEBIBYTES > 0 ? describe : describe.skip; // figures, not a test

sized(`${MEBIBYTES} MiB`, () => {
  const space = useSpace('size');
  // etcd keeps the last entries in memory, which are those that fill the database.
  const memory = `${Math.max(512, 3 * MEBIBYTES)}Mi`;
  let cluster: TestCluster;
  let name: string;

  beforeAll(async () => {
    const size = `${4 * MEBIBYTES + 1024}Mi`;
    cluster = new TestCluster(space.kubectl, (etcd) =>
      etcd
        .addSnapshots({ store: EtcdSnapshotStore.persistentVolumeClaim({ size }), schedule: NEVER })
        .addRestoreDrill({ schedule: NEVER, maximumAge: Duration.days(400) }),
    );
    await cluster.apply({
      resources: { cpuRequest: '50m', memory },
      storage: EtcdStorage.persistentVolumeClaim({ size }),
      quotaBackend: `${2 * MEBIBYTES + 64}Mi`,
    });
    await cluster.whole();
    const lines = [
      `v=$(head -c 750000 /dev/urandom | base64 | tr -d '\\n' | head -c 1000000)`,
      `for i in $(seq ${MEBIBYTES}); do echo "$v" | etcdctl put big/$i >/dev/null; done`,
    ];
    expect(await cluster.exec(podName(0), 'sh', '-euc', lines.join('\n'))).toMatchObject({ ok: true });
  });

  async function ran(job: string, cronJob: string): Promise<string> {
    const wholeMillis = await timed(async () => {
      expect(await (await JobRun.start(space.kubectl, job, cronJob)).end()).toMatchObject({ ok: true });
    });
    const [status] = await cluster.status();
    report(`${job} of ${Math.round((status?.dbSize ?? 0) / MIB)} MiB`, { wholeMillis });
    return new JobRun(space.kubectl, job).log();
  }

  space.case('a snapshot, and a drill with it', async () => {
    name = /snapshot saved: \/snapshots\/(db-\S+)/.exec(await ran('snapshot', 'etcd-snapshotter'))?.[1] ?? '';
    await ran('drill', 'etcd-drill');
  });

  space.case('a restore in place, under writes', async () => {
    const scenario = await Scenario.beside(cluster);
    const { clusterId } = await cluster.list();
    await scenario.underWrites(`restore in place of ${MEBIBYTES} MB, from the commit`, () =>
      timed(async () => {
        await cluster.apply({ restoreFrom: EtcdRestore.fromClaim(CLAIM, name, { id: 'sized' }) });
        await space.kubectl.until(
          'another cluster',
          3 * PATIENCE,
          async () => (await cluster.list()).clusterId !== clusterId,
        );
        await cluster.whole();
      }),
    );
    for (let ordinal = 0; ordinal < 3; ordinal++) {
      const log = (await cluster.logs(podName(ordinal))).split('\n').filter((line) => / restore sized/.test(line));
      process.stdout.write(`${podName(ordinal)}:\n${log.join('\n')}\n`);
    }
  });
});
