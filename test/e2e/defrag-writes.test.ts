import { Duration } from 'cdk8s';
import { EtcdDefragMethod, EtcdStorage } from '../../src';
import { bloat } from './support/bloat';
import { podName, TestCluster, type TestProps } from './support/cluster';
import { JobRun } from './support/jobs';
import { GAP_SLACK, LIMITS } from './support/limits';
import { report } from './support/report';
import { expectHandedOver, expectNothingLost, Scenario, timed, type Seen } from './support/scenario';
import { useSpace } from './support/space';

/** Size of the database, half of which can be reclaimed. `npm run bench:defrag` uses more. */
const MEBIBYTES = Number(process.env.E2E_DEFRAG_MIB ?? '80');
const MIB = 2 ** 20;
const IS_MUCH = MEBIBYTES > 200;
/** etcd keeps recent writes in memory: for large databases, members get more memory while they are filled, then this. */
const MEMORY = IS_MUCH ? '512Mi' : '1Gi';

const GAIN = { minimumGain: '20Mi' };
const memory = (limit: string) => ({ cpuRequest: '50m', memory: limit });

describe('defragmentation under writes', () => {
  const space = useSpace('defrag-writes');
  let method = EtcdDefragMethod.OFFLINE;
  let scenario: Scenario;
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = new TestCluster(space.kubectl, (etcd) =>
      etcd.addDefrag({ method, schedule: '0 0 1 1 *', pauseAfterMember: Duration.seconds(1) }),
    );
    await cluster.apply({
      resources: memory(MEMORY),
      storage: EtcdStorage.persistentVolumeClaim({ size: '4Gi' }),
      quotaBackend: '1Gi',
      snapshotCount: IS_MUCH ? 50 : undefined, // what came since the last is read into memory at a start
      defragmentation: GAIN,
    });
    await cluster.whole();
    scenario = await Scenario.beside(cluster);
  });

  const sizes = async (): Promise<number[]> => (await cluster.status()).map((status) => status.dbSize);

  /** Applies props that restart all members without a defragmentation. */
  async function roll(props: TestProps): Promise<void> {
    const old = await cluster.pods();
    await cluster.apply({ ...props, defragmentation: { minimumGain: '1Ti' } });
    await cluster.whole(old);
  }

  async function fill(): Promise<void> {
    if (IS_MUCH) await roll({ resources: memory('3Gi') });
    await bloat(cluster, MEBIBYTES);
    if (!IS_MUCH) return;
    await roll({ resources: memory(MEMORY) });
    await cluster.apply({ defragmentation: GAIN });
  }

  const take = (name: string) => JobRun.start(space.kubectl, name, 'etcd-defrag');

  /** Runs with a client on the members' URLs and one on the Service. Returns what both saw, and the largest database afterwards. */
  async function measured(
    title: string,
    act: () => Promise<void>,
  ): Promise<{ several: Seen; service: Seen; toWin: number; won: number }> {
    await fill();
    const before = Math.max(...(await sizes()));
    const toWin = Math.max(...(await cluster.status()).map(({ dbSize, dbSizeInUse }) => dbSize - dbSizeInUse));
    const several = await scenario.write('several', { endpoints: cluster.memberUrls(), reads: 20 });
    const service = await scenario.write('service', { endpoints: [cluster.serviceUrl], reads: 20, retries: 1 });
    const millis = await timed(act);
    const won = before - Math.max(...(await sizes()));
    const seen = {
      several: await scenario.finish(`defragmentation, ${title}, several endpoints`, several, millis),
      service: await scenario.finish(`defragmentation, ${title}, Service, one retry`, service, millis),
      toWin,
      won,
    };
    report(`defragmentation, ${title}`, {
      remark: `${Math.round(before / MIB)} MiB, ${Math.round(won / MIB)} MiB won`,
    });
    return seen;
  }

  space.case('for comparison: etcdctl defrag over all endpoints, as the chart does', async () => {
    const old = await cluster.restarts();
    const { several } = await measured('etcdctl on all members', async () => {
      const endpoints = cluster.memberUrls().join(',');
      const defrag = ['etcdctl', `--endpoints=${endpoints}`, '--command-timeout=60s', 'defrag'];
      const { ok } = await cluster.exec(podName(0), ...defrag);
      if (!IS_MUCH) expect(ok).toBe(true); // otherwise it may need more memory than there is
    });
    await cluster.whole();
    report('defragmentation, etcdctl on all members', {
      remark: `${(await cluster.restarts()) - old} containers restarted`,
    });
    expectNothingLost(several);
  });

  space.smoke('offline: clients notice nothing, and it reclaims as much', async () => {
    const old = await cluster.pods();
    let log = '';
    const { several, service, toWin, won } = await measured('offline', async () => {
      const end = await (await take('offline')).end();
      ({ log } = end);
      expect(end).toMatchObject({ ok: true });
      await cluster.ready(old);
    });
    for (let ordinal = 0; ordinal < 3; ordinal++)
      expect(log).toMatch(new RegExp(`Finished defragmenting etcd member\\[https?://${podName(ordinal)}\\.`));
    expect(won).toBeGreaterThan(0.8 * toWin);
    expect(service.stats.failed).toBe(0); // the writer does not retry reads
    for (const seen of [several, service]) {
      expectHandedOver(seen, 3);
      expect(seen.stats.netGapMs).toBeLessThan(GAP_SLACK * LIMITS.defrag.gap);
    }
    await cluster.agreed();
  });

  space.case('online: reclaims as much, and reports the figures', async () => {
    method = EtcdDefragMethod.ONLINE;
    await cluster.apply();
    const { several, won } = await measured('online', async () => {
      expect(await (await take('online')).end()).toMatchObject({ ok: true });
    });
    expectNothingLost(several);
    expect(won).toBeGreaterThan(0);
  });
});
