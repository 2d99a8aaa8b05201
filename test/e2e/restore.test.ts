import { EtcdRestore, EtcdSnapshotStore, EtcdTotalLoss } from '../../src';
import { podName, TestCluster } from './support/cluster';
import { JobRun, Shelf } from './support/jobs';
import { sleep } from './support/kubectl';
import { LIMITS, PATIENCE, SLACK } from './support/limits';
import { RecoverCluster } from './support/recover';
import { report } from './support/report';
import { Scenario, timed } from './support/scenario';
import { useSpace } from './support/space';

const CLAIM = 'etcd-snapshotter';
const NEVER = '0 0 1 1 *';
/** How long the test checks that members without a valid file do not start. */
const STILL_MILLIS = 4000;

describe('restore', () => {
  const space = useSpace('restore');
  let cluster: TestCluster;
  /** The earlier snapshot. */
  let name: string;

  beforeAll(async () => {
    cluster = new TestCluster(space.kubectl, (etcd) =>
      etcd.addSnapshots({ store: EtcdSnapshotStore.persistentVolumeClaim({ size: '1Gi' }), schedule: NEVER }),
    );
    await cluster.apply();
    await cluster.whole();
    await cluster.etcdctl('put', 'key', 'before');
    name = await take('take');
    await cluster.etcdctl('put', 'key', 'after');
  });

  async function take(job: string): Promise<string> {
    const { ok, log } = await (await JobRun.start(space.kubectl, job, 'etcd-snapshotter')).end();
    expect({ ok, log }).toMatchObject({ ok: true });
    return /snapshot saved: \/snapshots\/(db-\S+)/.exec(log)?.[1] ?? '';
  }

  const restoreLog = async (instance: string): Promise<string> => {
    const pods = await space.kubectl.look(
      'pods',
      `app.kubernetes.io/instance=${instance},app.kubernetes.io/component=restore`,
    );
    const logs = await Promise.all(pods.map((pod) => space.kubectl.logs(pod.metadata.name, 'restore')));
    return logs.join('\n');
  };

  /** The guide's second cluster. */
  describe('into a new cluster', () => {
    let recover: RecoverCluster;
    let shelf: Shelf;
    /** The later snapshot. */
    let other: string;
    beforeAll(async () => {
      shelf = await Shelf.open(space.kubectl, CLAIM);
      await shelf.sh(`mkdir good; mv ${name} ${name}.json good/`); // otherwise the next one waits for a minute
      other = await take('take-later');
      await shelf.sh(`mkdir other; mv ${other} ${other}.json other/; cp good/* .`);
      recover = new RecoverCluster(space.kubectl, EtcdRestore.fromClaim(CLAIM, name));
    });
    const ask = async (pod: string): Promise<string> =>
      (await space.kubectl.exec(pod, 'etcd', ['wget', '-q', '-O', '-', 'http://127.0.0.1:2382/cgi-bin/hello'])).stdout;

    /** No member starts, and all say why, in their phase and in the log of the job. */
    async function refused(why: string): Promise<void> {
      for (const pod of recover.members)
        await space.kubectl.until(`${pod} to say: ${why}`, PATIENCE, async () =>
          (await ask(pod)).includes(`waiting: ${why}`),
        );
      expect(await restoreLog('etcd-recover')).toContain(`cannot serve it: ${why}`);
      await expectNothingStarted();
    }

    async function expectNothingStarted(): Promise<void> {
      await sleep(STILL_MILLIS);
      const started = 'ls -d $ETCD_DATA_DIR 2>/dev/null || echo nothing';
      for (const pod of recover.members)
        expect((await space.kubectl.exec(pod, 'etcd', ['sh', '-c', started])).stdout).toBe('nothing\n');
    }

    space.case('with a damaged file, no member starts, not even after a restart', async () => {
      await shelf.sh(`rm ${name} ${name}.json`);
      await recover.apply();
      await refused(`${name} does not exist`);
      await shelf.sh(`: >${name}`);
      await refused(`${name} is empty`);
      await shelf.sh(`head -c 5000 good/${name} >${name}`);
      await refused(`${name} is truncated or not a snapshot: 5000 bytes`);
      await shelf.sh(`{ cat good/${name} | head -c 8192; head -c 32 /dev/zero; } >${name}`);
      await refused(`${name} does not match the sha256 at its end`);
      await space.kubectl.do([
        'delete',
        'pod',
        `--selector=${recover.selector('etcd')}`,
        '--wait=true',
        '--timeout=120s',
      ]);
      await refused(`${name} does not match the sha256 at its end`);
      await shelf.sh(`cp good/${name} .; printf X | dd of=${name} bs=1 seek=9000 conv=notrunc 2>/dev/null`);
      await refused(`${name} does not match the sha256 at its end`);
      await shelf.sh(`cp good/${name} .; sed 's/"sha256": ".*"/"sha256": "0"/' good/${name}.json >${name}.json`);
      await refused(`${name} does not match the sha256 in ${name}.json`);
      const noSnapshot = `head -c 8192 /dev/zero >x; { cat x; sha256sum x | head -c 64 | sed 's/../\\\\x&/g' | xargs -0 printf; } >${name}`;
      await shelf.sh(`rm ${name}.json; ${noSnapshot}; rm x`);
      await refused(`etcdutl cannot open ${name}`);
    });

    space.case(
      'members with different files of the same name do not start; with the same file, they continue',
      async () => {
        const signal = async (name: string, pattern: string, ordinals: number[]) => {
          for (const ordinal of ordinals)
            await space.kubectl.do(['exec', `etcd-recover-${ordinal}`, '-c', 'etcd', '--', 'pkill', `-${name}`, '-f', pattern]); // prettier-ignore
        };
        const freeze = (...ordinals: number[]) => signal('STOP', 'restore-member.sh', ordinals);
        // All processes: a process that was just forked can be another program when the signal arrives.
        const thaw = (...ordinals: number[]) => signal('CONT', '.', ordinals);
        const says = (pod: string, what: string) =>
          space.kubectl.until(`${pod} to say: ${what}`, PATIENCE, async () => (await ask(pod)).includes(what));
        const [first = '', second = '', third = ''] = recover.members;

        await freeze(2);
        await shelf.sh(`cp other/${other} ${name}; cp other/${other}.json ${name}.json`);
        await says(first, ' prepared ');
        await says(second, ' prepared ');
        await freeze(0, 1);
        await shelf.sh('cp good/* .');
        await thaw(2);
        await space.kubectl.until('the refusal', PATIENCE, async () =>
          (await space.kubectl.logs(third, 'etcd')).includes('waiting: members have different data of this restore: '),
        );
        await expectNothingStarted();

        await thaw(0, 1);
        await recover.serves('restored into a new cluster, from a good file on');
        for (const pod of recover.members) expect(await recover.get('key', pod)).toBe('before');
        await space.kubectl.do([
          'wait',
          '--for=condition=complete',
          'job',
          `--selector=${recover.selector('restore')}`,
          '--timeout=60s',
        ]);
      },
    );
  });

  /** One commit, and one that leads back. */
  describe('in place, under writes', () => {
    let scenario: Scenario;
    const value = async () => (await cluster.etcdctl('get', 'key', '--print-value-only')).trim();
    const restore = (id: string) => EtcdRestore.fromClaim(CLAIM, name, { id });

    beforeAll(async () => {
      scenario = await Scenario.beside(cluster);
    });

    space.case('a missing file changes nothing', async () => {
      const run = await scenario.write('bad');
      await cluster.apply({ restoreFrom: EtcdRestore.fromClaim(CLAIM, 'db-2000-01-01_00-00', { id: 'r0' }) });
      await space.kubectl.until('the reason', PATIENCE, async () =>
        (await cluster.hello(podName(1))).includes('restore r0 waiting: db-2000-01-01_00-00 does not exist'),
      );
      expect(await value()).toBe('after');
      const { stats, verdict } = await scenario.finish('restore in place, no such file', run);
      expect(stats.failed).toBe(0);
      expect(verdict.lost).toBe(0);
    });

    space.smoke(
      'data of before are gone from view, new writes work, and the way back brings the old data',
      async () => {
        const writes = await scenario.write('over');
        const before = await cluster.list();
        const millis = await timed(async () => {
          await cluster.apply({ restoreFrom: restore('r1') });
          await space.kubectl.until('the restored data', PATIENCE, async () => (await value()) === 'before');
          await cluster.whole();
        });
        const stats = await writes.stop();
        report('restored in place, from the commit on', { wholeMillis: millis, stats });
        expect((await cluster.list()).clusterId).not.toBe(before.clusterId);
        expect(stats.netGapMs).toBeLessThan(SLACK * LIMITS.restoreInPlace.gap);
        const run = await scenario.write('restored');
        const after = await scenario.finish('writes after a restore in place', run);
        expect(after).toMatchObject({ stats: { failed: 0 }, verdict: { lost: 0 } });
        await cluster.agreed();
        await cluster.etcdctl('put', 'key', 'of r1');

        const old = await cluster.pod(podName(2));
        await cluster.loseDisks([2]);
        await cluster.whole([old]);
        const local = await cluster.exec(podName(2), 'etcdctl', 'get', 'key', '--print-value-only', '--consistency=s');
        expect(local.stdout).toBe('of r1\n');

        const back = await timed(async () => {
          await cluster.apply({ restoreFrom: EtcdRestore.original() });
          await space.kubectl.until('the old data', PATIENCE, async () => (await value()) === 'after');
          await cluster.whole();
        });
        report('back, from the commit on', { wholeMillis: back });
        expect((await cluster.list()).clusterId).toBe(before.clusterId);
        await cluster.agreed();
      },
    );
  });

  /** Off by default. */
  describe('total loss', () => {
    space.case('all claims deleted: the next run of the snapshot job restores the newest snapshot', async () => {
      await cluster.apply({ existingCluster: true, onTotalLoss: EtcdTotalLoss.RESTORE_NEWEST });
      await space.kubectl.until('members to know', PATIENCE, async () =>
        (await cluster.exec(podName(0), 'cat', '/settings/on-total-loss')).stdout.includes('restore'),
      );
      const old = await cluster.pods();
      await cluster.loseDisks([0, 1, 2], { kill: true });
      // All of them, because one that the job cannot reach may have data.
      for (const pod of cluster.podNames)
        await space.kubectl.until(`${pod} to wait`, PATIENCE, async () =>
          // The job of an earlier case may still be there.
          /^restore - waiting(?: for the restore job|: the job serves )/m.test(await cluster.hello(pod)),
        );
      const millis = await timed(async () => {
        const { ok, log } = await (await JobRun.start(space.kubectl, 'total-loss', 'etcd-snapshotter')).end();
        expect(log).toContain('no member has data: serving the newest verified snapshot');
        expect(ok).toBe(true);
        await cluster.whole(old);
      });
      report('all claims lost, the newest snapshot restored by the snapshot job', { wholeMillis: millis });
      expect((await cluster.etcdctl('get', 'key', '--print-value-only')).trim()).toBe('before');
    });
  });
});
