import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Duration } from 'cdk8s';
import { EtcdDefragMethod, EtcdRestore, EtcdSnapshotStore, type EtcdCluster } from '../../src';
import { synthCluster, type Written } from '../support/synth';
import { describeMembers, machine } from './support/machine';
import { record, type Recording } from './support/recording';
import { contents, Rehearsal, type Call, type How, type Rehearsed, type Run } from './support/rehearsal';
import { OLD, putSnapshot, writeWorld } from './support/world';

jest.setTimeout(300_000);

const [ASKED_FOR = '', SURPLUS = '', NEWEST = ''] = OLD;
const FOREIGN = 'db-2020-01-04_00-00';
const WITHOUT_FACTS = 'db-2019-01-01_00-00';
const CLAIM = 'snapshots';
const REMOTE = 'remote/bucket/etcd';
const STORE = { store: EtcdSnapshotStore.existingClaim('backups'), snapshotHistoryLimit: 2 };
const WITH_REMOTE = {
  ...STORE,
  remote: { path: 'backup:bucket/etcd', configSecret: 'etcd-remote' },
  remoteHistoryLimit: 2,
};

/** Programs of busybox that print something, and those that do something and report failures by their status. */
const ASKED = ['sha256sum', 'stat', 'df', 'dd', 'od'];
const TOLD = ['mv', 'cp', 'ln', 'rm', 'flock', 'sync', 'fsync'];

/** A call whose failure the job tolerates. */
interface Tolerated {
  readonly call: RegExp;
  readonly because: string;
}

describeMembers('each call of each program goes wrong once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'etcd-rehearsals-'));
  let recorded: Recording;
  let rehearsals = 0;
  beforeAll(async () => (recorded = await record(join(folder, 'recording'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  function rehearse(
    job: Pick<Rehearsed, 'script' | 'asked' | 'told' | 'env'> & { readonly of: string },
    more: (cluster: EtcdCluster) => void,
    props: Parameters<typeof synthCluster>[0] = {},
  ): Rehearsal {
    const objects = synthCluster(props, more);
    const { spec } = objects.find((o) => o.metadata.name.startsWith(job.of) && /Job$/.test(o.kind)) as Written;
    const [container] = (spec.jobTemplate?.spec ?? spec).template.spec.containers;
    const made = new Rehearsal({ ...job, folder: join(folder, `${++rehearsals}`), objects, container });
    writeWorld(made.template, recorded);
    return made;
  }

  /**
   * Each call fails once. The job then fails, and its last line says why, unless the failure is tolerated.
   * @param harm what a run did wrong, in words
   */
  async function expectNoHarm(job: Rehearsal, tolerated: Tolerated[], harm: (run: Run) => string[]): Promise<void> {
    const needed = new Set<Tolerated>();
    const problemsOf = (run: Run, how: How): string[] => {
      if (!run.wrong) return harm(run); // it was faster than the counted run, and announced itself less often
      const { line } = run.wrong;
      const reasons = run.status === 0 ? tolerated.filter((t) => t.call.test(`${how}: ${line}`)) : [];
      reasons.forEach((reason) => needed.add(reason));
      const problems = [...(reasons.length > 0 ? [] : problemOfEnding(run)), ...harm(run)];
      return problems.map(
        (problem) => `${problem}: ${how}: ${line.slice(0, 200)}\n    ${run.log.slice(-4).join('\n    ')}`,
      );
    };
    const problems = await job.each(problemsOf);
    expect(problems.length).toBeGreaterThan(5);
    expect(problems.flat().sort().join('\n')).toBe('');
    expect(tolerated.filter((t) => !needed.has(t))).toEqual([]);
  }

  function problemOfEnding({ status, log }: Run): string[] {
    if (status === 0) return ['it succeeds'];
    if (status === null) return ['it does not end'];
    if (!/Z error: ./.test(log.at(-1) ?? '')) return ['its last line does not say why'];
    return log.filter((line) => /Z error: /.test(line)).length === 1 ? [] : ['more than one line says why'];
  }

  describe('defragmentation', () => {
    const ACT = /^kubectl create |^etcdctl .* (defrag|compact|alarm disarm|move-leader)\b/;
    const acts = (calls: Call[]): string[] => calls.map(({ line }) => line).filter((line) => ACT.test(line));
    const named = (calls: Call[]) =>
      acts(calls).map((line) => (/ (compact|move-leader|alarm disarm)\b/.exec(line) ?? /(etcd-\d)/.exec(line))?.[1]);
    const addDefrag = (method: EtcdDefragMethod, compactFirst: boolean) => (etcd: EtcdCluster) =>
      etcd.addDefrag({ method, compactFirst, pauseAfterMember: Duration.seconds(0) });
    const job = {
      of: 'etcd-defrag',
      script: 'defrag.sh',
      asked: ['etcdctl', 'kubectl', 'wget'],
      env: { MEMBER_TIMEOUT_SECONDS: '15' }, // less than a pod may take to stop
    };

    test('offline: no pod is evicted after a failed question', async () => {
      const defrag = rehearse(job, addDefrag(EtcdDefragMethod.OFFLINE, false));
      const good = await defrag.run((run) => run);
      expect(good).toMatchObject({ status: 0 });
      expect(named(good.calls)).toEqual(['etcd-0', 'etcd-2']);
      const tolerated = [
        { call: /^\w+: kubectl get pod/, because: 'the job waits until a pod is back, and asks again' },
        { call: /^\w+: wget .*\/readyz$/, because: 'the same' },
      ];
      await expectNoHarm(defrag, tolerated, ({ status, after }) => (status === 0 ? [] : acts(after ?? [])));
    });

    test('online: no member is defragmented after a failed question', async () => {
      const defrag = rehearse(job, addDefrag(EtcdDefragMethod.ONLINE, true));
      writeFileSync(join(defrag.template, 'alarms'), recorded.nospace);
      const good = await defrag.run((run) => run);
      expect(good).toMatchObject({ status: 0 });
      expect(named(good.calls)).toEqual(['compact', 'etcd-0', 'move-leader', 'etcd-2', 'alarm disarm']);
      const tolerated = [{ call: /^silent: etcdctl .* compact /, because: 'then there is less to free' }];
      await expectNoHarm(defrag, tolerated, ({ status, after }) => (status === 0 ? [] : acts(after ?? [])));
    });
  });

  describe('snapshots', () => {
    const job = {
      ...{ of: 'etcd-snapshotter', script: 'snapshot.sh' },
      asked: ['etcdctl', 'etcdutl', 'rclone', 'wget', ...ASKED],
      told: TOLD,
      // One endpoint only: otherwise the next one is asked.
      env: { MEMBER_ENDPOINTS: 'http://etcd-0.etcd-headless.etcd-cluster.svc.cluster.local:2379' },
    };
    const tolerated = [
      { call: /: wget .*\?etcd-snapshotter$/, because: 'members are told that the job runs as well as can be' },
      { call: /: flock /, because: 'a volume without locks is used all the same' },
      { call: /: rm -rf .*\/trial$/, because: 'scratch space ends with the pod' },
    ];

    /** In the claim: three of this cluster, of which one is removed and one is restored; one of another cluster; one without metadata. */
    function fill(template: string, place: string, names: string[]): void {
      for (const name of names) putSnapshot(join(template, place), name, recorded);
      putSnapshot(join(template, place), FOREIGN, recorded, { cluster: 'other/etcd' });
      writeFileSync(join(template, place, WITHOUT_FACTS), 'of the chart');
      writeFileSync(join(template, 'settings/restore-file'), ASKED_FOR);
    }

    /** Unexpected files, and missing ones. */
    function harmIn(world: string, place: string, before: Map<string, Buffer>): string[] {
      const files = contents(join(world, place));
      const isNew = (name: string): boolean => !before.has(name) && /^db-[\d_-]+$/.test(name);
      const verified = [...files.keys()].filter((name) => isNew(name) && isVerified(files, name));
      // At the remote, a file without metadata is an incomplete copy.
      const isNamed = (name: string): boolean => isNew(name) && (place === CLAIM || files.has(`${name}.json`));
      const unverified = [...files.keys()].filter((name) => isNamed(name) && !isVerified(files, name));
      const gone = [...before].filter(([name, bytes]) => !files.get(name)?.equals(bytes)).map(([name]) => name);
      const mayGo = (name: string): boolean => verified.some((own) => own > NEWEST) && name.startsWith(SURPLUS);
      return [
        ...unverified.map((name) => `${place} has ${name}, which is not verified`),
        ...gone.filter((name) => !mayGo(name)).map((name) => `${place} has lost ${name}`),
      ];
    }

    function isVerified(files: Map<string, Buffer>, name: string): boolean {
      const [bytes, facts] = [files.get(name), files.get(`${name}.json`)];
      if (!bytes?.equals(recorded.snapshot) || !facts) return false;
      const right = {
        ...{ cluster: 'etcd-cluster/etcd', revision: 2, keys: 1, etcdVersion: machine.etcdVersion },
        ...{ size: bytes.length, sha256: sumOf(bytes) },
      };
      try {
        return isDeepStrictEqual({ ...JSON.parse(facts.toString()), ...right }, JSON.parse(facts.toString()));
      } catch {
        return false; // not JSON
      }
    }

    test('with a remote: no verified snapshot is lost, and no unverified one gets a final name', async () => {
      const ofRemote = [
        { call: /: rclone lsf .* --include \/db-[\d_-]+\* /, because: 'nothing is written over at the remote' },
        {
          call: /: rclone (deletefile|lsf) .*db-2020-01-02/,
          because: 'what is left there is removed later, or by hand',
        },
      ];
      const add = (etcd: EtcdCluster) => etcd.addSnapshots({ ...WITH_REMOTE, trialRestore: true });
      const snapshotter = rehearse(job, add);
      fill(snapshotter.template, CLAIM, OLD);
      fill(snapshotter.template, REMOTE, [ASKED_FOR, SURPLUS]);
      const before = new Map([CLAIM, REMOTE].map((place) => [place, contents(join(snapshotter.template, place))]));
      const harm = ({ world }: Run): string[] => [...before].flatMap(([place, files]) => harmIn(world, place, files));
      const left = await snapshotter.run((run) => {
        expect(run).toMatchObject({ status: 0 });
        expect(harm(run)).toEqual([]);
        return [CLAIM, REMOTE].map((place) => [...contents(join(run.world, place)).keys()]);
      });
      for (const names of left) {
        expect(names.filter((name) => /^db-[\d_-]+$/.test(name))).toHaveLength(5);
        expect(names).toEqual(expect.arrayContaining([ASKED_FOR, NEWEST, FOREIGN, WITHOUT_FACTS]));
      }
      await expectNoHarm(snapshotter, [...tolerated, ...ofRemote], harm);
    });

    test('a damaged snapshot gets no final name, whatever else fails', async () => {
      const snapshotter = rehearse(job, (etcd) => etcd.addSnapshots(STORE));
      fill(snapshotter.template, CLAIM, OLD);
      damage(snapshotter.template);
      const before = contents(join(snapshotter.template, CLAIM));
      const harm = ({ world, status }: Run): string[] => [
        ...harmIn(world, CLAIM, before),
        ...(status === 0 ? ['it succeeds'] : []),
      ];
      expect(await snapshotter.run(({ log }) => log.at(-1))).toContain('no member with quorum returned a snapshot');
      await expectNoHarm(snapshotter, [], harm);
    });
  });

  describe('drills', () => {
    const job = {
      ...{ of: 'etcd-drill', script: 'drill.sh', told: [...TOLD, 'etcd'] },
      asked: ['etcdctl', 'etcdutl', 'rclone', 'wget', ...ASKED],
      env: { MAXIMUM_AGE_SECONDS: '999999999' },
    };
    const tolerated = [
      { call: /: wget .*\?etcd-drill$/, because: 'members are told that the job runs as well as can be' },
      { call: /: (rclone copyto|cp|mv) .*drill.json/, because: 'whether the job succeeds says the same as its file' },
      { call: /: etcdctl .* endpoint health$/, because: 'it waits until etcd serves' },
    ];

    /** A drill changes only its recorded result, which is good only if it succeeds. */
    function harmOf(place: string, before: Map<string, Buffer>): (run: Run) => string[] {
      return ({ world, status }) => {
        const files = contents(join(world, place));
        const outcome = files.get(`${NEWEST}.drill.json`)?.toString() ?? '';
        return [
          ...[...before]
            .filter(([name, bytes]) => !files.get(name)?.equals(bytes))
            .map(([name]) => `${name} is changed`),
          ...(status !== 0 && outcome.includes('passed') ? ['it tells that it passed'] : []),
        ];
      };
    }

    test.each([
      ['the claim', STORE, CLAIM, tolerated],
      ['the remote', WITH_REMOTE, REMOTE, tolerated],
    ])('from %s: a drill that could not do everything does not pass', async (_where, snapshots, place, mayFail) => {
      const fromRemote = place === REMOTE;
      const drill = rehearse(job, (etcd) => etcd.addSnapshots(snapshots).addRestoreDrill({ fromRemote }));
      for (const name of OLD) putSnapshot(join(drill.template, place), name, recorded);
      const harm = harmOf(place, contents(join(drill.template, place)));
      const good = await drill.run((run) => ({ ...run, harm: harm(run) }));
      expect(good).toMatchObject({ status: 0, harm: [] });
      await expectNoHarm(drill, mayFail, harm);
    });

    test('a damaged snapshot does not pass, whatever else fails', async () => {
      const drill = rehearse(job, (etcd) => etcd.addSnapshots(STORE).addRestoreDrill());
      damage(drill.template);
      putSnapshot(join(drill.template, CLAIM), NEWEST, recorded);
      writeFileSync(join(drill.template, CLAIM, NEWEST), readFileSync(join(drill.template, 'snapshot')));
      const passes = ({ status }: Run): string[] => (status === 0 ? ['it passes'] : []);
      expect(await drill.run(({ log }) => log.at(-1))).toContain('does not match the sha256 at its end');
      await expectNoHarm(drill, [], passes);
    });
  });

  describe('restores', () => {
    const told = TOLD;
    const asked = ['etcdutl', 'rclone', 'wget', ...ASKED];
    const again = { call: /./, because: 'it tries again until all members run on the snapshot' };

    /** What the job offers is the snapshot, and the job ends when members have it. */
    function harm({ world, status }: Run): string[] {
      const file = join(world, 'run/public/offer');
      const offer = existsSync(file) ? readFileSync(file, 'utf8') : '';
      const [, sum] = /^sha256 (.*)$/m.exec(offer) ?? [];
      const served = join(world, 'run/public/snapshot');
      const isRight = (): boolean =>
        readFileSync(readlinkSync(served)).equals(recorded.snapshot) && sum === sumOf(recorded.snapshot);
      if (sum === undefined) return status === 0 ? ['it is done, and has offered nothing'] : [];
      return isRight() ? [] : ['it offers what is not verified'];
    }

    test.each([
      ['the claim', EtcdRestore.fromClaim('backups', NEWEST, { id: 'r1' }), CLAIM],
      ['the newest of the remote', EtcdRestore.newestFromRemote(WITH_REMOTE.remote, { id: 'r1' }), REMOTE],
    ])('from %s: no unverified snapshot is offered', async (_where, restoreFrom, place) => {
      const serve = rehearse({ of: 'etcd-restore-', script: 'serve-snapshot.sh', asked, told }, () => undefined, {
        restoreFrom,
      });
      for (const name of OLD) putSnapshot(join(serve.template, place), name, recorded);
      const good = await serve.run((run) => ({ ...run, harm: harm(run) }));
      expect(good).toMatchObject({ status: 0, harm: [] });
      await expectNoHarm(serve, [again], harm);
    });

    test('a silent member may have all of the data', async () => {
      const job = { of: 'etcd-snapshotter', script: 'all-lost.sh', asked: ['wget', 'cat'] };
      const ask = rehearse(job, (etcd) => etcd.addSnapshots(STORE));
      writeFileSync(join(ask.template, 'phase'), 'fresh 3 HOST - existingCluster is set\n');
      expect(await ask.run(({ log }) => log.at(-1))).toContain('no member has data: ');
      const needless = [
        { call: /: wget .*\/readyz$/, because: 'one without data need not be ready' },
        { call: /: cat .*\/settings\/replicas$/, because: 'a member is tried at one name, and not at two' },
        { call: /: (wget|cat) .*etcd-[3-8]\./, because: 'a member above replicas need not exist' },
      ];
      // It first reads how many members there can be.
      const counts = ({ status, wrong }: Run): string[] =>
        status === 0 && wrong?.program === 'cat' && wrong.number === 1
          ? ['it does not know how many members there are']
          : [];
      await expectNoHarm(ask, needless, counts);
    });
  });

  /** A byte that changed in transit. etcdutl still opens such a file. */
  function damage(template: string): void {
    const bytes = Buffer.from(recorded.snapshot);
    bytes[9000] = (bytes[9000] ?? 0) ^ 1;
    writeFileSync(join(template, 'snapshot'), bytes);
  }
});

function sumOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
