import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { EtcdSnapshotStore } from '../../src';
import { eventually } from './support/eventually';
import { describeMembers } from './support/machine';
import { Members } from './support/members';
import type { Pod } from './support/pod';

/**
 * Replaces rclone, which this machine may lack: the calls of the scripts, on a folder of the pod. For a test against
 * a real S3 server, with the real rclone: test/e2e/remote.test.ts.
 */
const RCLONE = `#!/toolbox/bin/sh
set -eu
what=$1 include='*' one='' other=''
shift
while [ $# -gt 0 ]; do
  case $1 in
    --include) include=$(echo "$2" | tr -d /) && shift ;;
    -*) ;;
    *) if [ -z "$one" ]; then one=$1; else other=$1; fi ;;
  esac
  shift
done
folder_of() { echo "$1" | sed 's/^backup:/\\/remote\\//'; }
one=$(folder_of "$one") other=$(folder_of "$other")
if [ -e /remote-is-down ]; then echo 'no route to host' >&2 && exit 1; fi
echo "$what $one" >>/remote-calls
case $what in
  copyto)
    if [ -e /remote-hangs ]; then sleep 60; fi
    mkdir -p "$(dirname "$other")"
    if ! [ -e "$other" ]; then cp "$one" "$other"; fi
    cmp -s "$one" "$other" || { echo 'immutable file modified' >&2 && exit 1; } ;;
  copy) for found in "$one"/$include; do if [ -e "$found" ]; then cp "$found" "$other/"; fi; done ;;
  lsf) for found in "$one"/$include; do if [ -e "$found" ]; then basename "$found"; fi; done ;;
  deletefile) rm "$one" ;;
  *) exit 2 ;;
esac
`;
const LIMIT = 4;
const REMOTE = 'remote/bucket/etcd';
const old = (day: number): string => `db-2020-01-0${day}_00-00`;
const withFacts = (...names: string[]): string[] => names.flatMap((name) => [name, `${name}.json`]).sort();

describeMembers('copies at a remote, of which some failed', () => {
  let members: Members;
  let job: Pod;
  let log = '';

  beforeAll(async () => {
    members = await Members.create({ replicas: 1 }, (etcd) =>
      etcd.addSnapshots({
        store: EtcdSnapshotStore.existingClaim('backups'),
        snapshotHistoryLimit: LIMIT,
        remote: { path: 'backup:bucket/etcd', configSecret: 'etcd-remote' },
        remoteHistoryLimit: LIMIT,
      }),
    );
    await members.start();
    await members.whole();
    job = members.job('CronJob', 'etcd-snapshotter');
    job.write('usr/local/bin/rclone', RCLONE);
    chmodSync(job.path('usr/local/bin/rclone'), 0o755);
  });
  afterAll(() => members.remove());

  const here = (name: string): string => job.path(`snapshots/${name}`);
  const there = (name: string): string => job.path(`${REMOTE}/${name}`);
  const kept = (): string[] => job.kept().filter((file) => file !== '.lock');
  const copies = (): string[] => readdirSync(job.path(REMOTE)).sort();
  const newest = (): string => /snapshot saved: \/snapshots\/(db-\S+) /.exec(log)?.[1] ?? '';
  /** Copies both files of a snapshot. */
  const both = (act: (from: string, to: string) => void, from: string, to: string): void =>
    ['', '.json'].forEach((more) => act(from + more, to + more));
  const remove = (path: string): void => ['', '.json'].forEach((more) => rmSync(path + more));

  async function run(): Promise<boolean> {
    const before = job.log().length;
    await job.start({ restart: false });
    const ok = await job.finished();
    log = job.log().slice(before).join('\n');
    return ok;
  }

  test('while the remote is down, the job fails, and the snapshot is kept', async () => {
    job.write('remote-is-down', '');
    expect(await run()).toBe(false);
    expect(log).toMatch(/error: rclone could not copy db-\S+ to backup:bucket\/etcd; it is kept at \/snapshots$/m);
    expect(kept()).toEqual(withFacts(newest()));
  });

  test('the next run copies what is missing, the newest first, and nothing that would be removed at once', async () => {
    for (const day of [1, 2, 3]) both(copyFileSync, here(newest()), here(old(day)));
    both(renameSync, here(newest()), here(old(4)));
    copyFileSync(here(old(4)), here('db-2020-01-05_00-00')); // without metadata: of unknown origin
    job.write(`${REMOTE}/.folder`, '');
    copyFileSync(here(old(4)), there(old(4))); // its run was killed before the metadata was written
    job.remove('remote-is-down');
    expect(await run()).toBe(true);
    const [taken, remote] = [newest(), 'backup:bucket/etcd'];
    for (const day of [2, 3, 4]) expect(log).toContain(`${remote} does not have ${old(day)}, from an earlier run`);
    expect(copies().filter((file) => file !== '.folder')).toEqual(withFacts(old(2), old(3), old(4), taken));
    const sent = job.read('remote-calls').match(/(?<=^copyto \/snapshots\/).*$/gm);
    expect(sent).toEqual([taken, old(4), old(3), old(2)].flatMap((name) => [name, `${name}.json`]));
    for (const file of withFacts(old(3))) expect(readFileSync(there(file))).toEqual(readFileSync(here(file)));
    expect(kept()).toEqual([...withFacts(old(2), old(3), old(4)), 'db-2020-01-05_00-00', ...withFacts(taken)]);
    rmSync(here('db-2020-01-05_00-00'));
  });

  test('when nothing is missing, only the new snapshot is sent', async () => {
    for (const place of [here, there]) {
      remove(place(old(2)));
      both(renameSync, place(newest()), place('db-2020-01-05_00-00'));
    }
    job.remove('remote-calls');
    expect(await run()).toBe(true);
    expect(log).not.toContain('does not have');
    expect(job.read('remote-calls').match(/^copyto /gm)).toHaveLength(2);
  });

  test('if one cannot be copied, the others are, old ones are removed, and the job fails', async () => {
    // In both: 3, 4, 5 and the newest.
    for (const place of [here, there]) {
      both(renameSync, place(newest()), place(old(6)));
      both(copyFileSync, place(old(6)), place(old(7)));
    }
    remove(there(old(7))); // damaged since it was taken
    const bytes = readFileSync(here(old(7)));
    bytes[9000] = (bytes[9000] ?? 0) ^ 1;
    writeFileSync(here(old(7)), bytes);
    remove(there(old(6))); // a partial file exists, which rclone refuses to overwrite
    writeFileSync(there(old(6)), 'half');
    remove(there(old(5)));
    expect(await run()).toBe(false);
    expect(log).toContain(`not copying ${old(7)}: ${old(7)} does not match the sha256 at its end`);
    expect(log).toContain(
      `rclone could not copy ${old(6)}: a file without metadata has its name at backup:bucket/etcd`,
    );
    expect(log).toContain(`copied: backup:bucket/etcd/${old(5)}`);
    expect(log).toContain(
      `error: not copied to backup:bucket/etcd yet, for the reasons above: ${old(7)} ${old(6)}; the next run tries again`,
    );
    expect(kept()).toEqual(withFacts(old(5), old(6), old(7), newest()));
    expect(existsSync(there(old(7)))).toBe(false);
    expect(readFileSync(there(old(6)), 'utf8')).toBe('half');
  });

  test('a snapshot of another cluster with the same name is left alone', async () => {
    for (const place of [here, there]) both(renameSync, place(newest()), place(old(8)));
    both(copyFileSync, here(old(8)), here(old(7)));
    both(copyFileSync, here(old(8)), there(old(6)));
    both(copyFileSync, here(old(8)), there(old(7)));
    both(copyFileSync, here(old(8)), here(old(6)));
    const facts = readFileSync(there(`${old(7)}.json`), 'utf8').replace('etcd-cluster/etcd', 'other/etcd');
    writeFileSync(there(`${old(7)}.json`), facts);
    expect(await run()).toBe(true);
    expect(log).toContain(`not copying ${old(7)}: backup:bucket/etcd has one of that name, from other/etcd`);
    expect(readFileSync(there(`${old(7)}.json`), 'utf8')).toBe(facts);
  });

  test('when it is stopped during a slow copy, old snapshots are still removed from the claim', async () => {
    for (const place of [here, there]) both(renameSync, place(newest()), place(old(9)));
    for (const day of [1, 2]) both(copyFileSync, here(old(9)), here(old(day)));
    job.write('remote-hangs', '');
    const before = job.log().length;
    await job.start({ restart: false });
    const said = (): string => job.log().slice(before).join('\n');
    await eventually('it copies', () => said().includes('copying db-'), 30, said);
    await job.stop(5);
    log = said();
    expect(log).toContain('stopped before it was complete');
    expect(kept().filter((file) => !file.endsWith('.json'))).toHaveLength(LIMIT);
    expect(kept()).toEqual(expect.arrayContaining(withFacts(newest())));
    expect(existsSync(here(old(1)))).toBe(false);
  });

  test('the newest snapshot of the data before stays, however many there are since', async () => {
    job.remove('remote-hangs');
    const lost = ['db-2019-01-01_00-00', 'db-2019-01-02_00-00'];
    for (const name of lost)
      for (const place of [here, there]) {
        both(copyFileSync, here(newest()), place(name));
        const facts = readFileSync(place(`${name}.json`), 'utf8');
        writeFileSync(place(`${name}.json`), facts.replace(/"clusterId": "[0-9a-f]+"/, '"clusterId": "7e57"'));
      }
    remove(there(lost[1] ?? '')); // is copied again, since it would stay there
    both(renameSync, here(newest()), here(old(1)));
    expect(await run()).toBe(true);
    expect(log).toContain(`removed ${lost[0]}: the newest ${LIMIT} are kept`);
    expect(log).toContain(
      `keeping ${lost[1]}, the newest snapshot from before this cluster was restored or started empty`,
    );
    for (const files of [kept(), copies()]) {
      expect(files).toEqual(expect.arrayContaining(withFacts(lost[1] ?? '', newest())));
      expect(files).not.toContain(lost[0]);
    }
    expect(kept().filter((file) => !file.endsWith('.json'))).toHaveLength(LIMIT + 1);
  });
});
