import { closeSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, pause } from './support/eventually';
import { describeMembers } from './support/machine';
import { Members } from './support/members';
import type { Pod } from './support/pod';

/** Overwrites a part of the newest file of the log. */
function damage(pod: Pod): void {
  const folder = pod.path(`${pod.volume}/data/member/wal`);
  const file =
    readdirSync(folder)
      .filter((name) => name.endsWith('.wal'))
      .sort()
      .pop() ?? '';
  const handle = openSync(join(folder, file), 'r+');
  writeSync(handle, Buffer.alloc(512, 0x5a), 0, 512, 20_000);
  closeSync(handle);
}

describeMembers('faults of real life', () => {
  let members: Members;
  let [first, second, third]: Pod[] = [];
  beforeEach(async () => {
    members = await Members.create();
    [first, second, third] = members.pods;
    await members.start();
    await members.whole();
    for (let i = 0; i < 20; i++) await first.put(`key${i}`, 'x'.repeat(3000));
  });
  afterEach(() => members.remove());

  test('damaged data of a member is set aside while a quorum lists the member, and it rejoins', async () => {
    await second.kill();
    damage(second);
    await second.start();
    await members.whole(members.pods, 60);
    await second.logs(/ the data of this member is damaged, and a quorum lists the member: .*(crc|checksum|wal|WAL)/);
    expect(second.kept()).toContainEqual(expect.stringMatching(/^data\.damaged-/));
    expect(await second.get('key19')).toBe('x'.repeat(3000));
  });

  test('damaged data without a quorum: the member waits, and says what is damaged', async () => {
    await members.kill();
    damage(second);
    await second.start();
    await eventually(
      'it says so',
      () => /^refusing 3 .* is damaged, and there is no quorum to join: /.test(second.phase()),
      60,
      () => second.log().join('\n'),
    );
    expect(second.kept().filter((name) => name.includes('damaged'))).toEqual([]);
    await Promise.all([first.start(), third.start()]);
    await members.whole(members.pods, 90);
  });

  /** An etcd that ends like this with data, and runs without. */
  const failsWithData = (end: string): { etcd: string } => ({
    etcd: `if [ "$1" != --version ] && [ -d "$ETCD_DATA_DIR/member/wal" ]; then ${end}; fi\nexec /usr/local/bin/etcd "$@"`,
  });
  const setAside = (pod: Pod) => pod.kept().filter((name) => /\.[a-z]+-\d/.test(name));

  test('if etcd is killed from outside, its data is kept', async () => {
    await second.kill();
    second.programs = failsWithData('kill -9 $$');
    for (let i = 0; i < 4; i++) {
      await second.start({ restart: false });
      await eventually(
        'its container ends',
        () => !second.running(),
        40,
        () => second.log().join('\n'),
      );
    }
    await second.logs(/ etcd exited with status 137$/);
    expect(setAside(second)).toEqual([]);
    second.programs = {};
    await second.start();
    await members.whole();
  });

  test('data of a newer etcd that this one does not start with is kept', async () => {
    await second.kill();
    const [, minor] = /^3\.(\d+)/.exec(second.read(`${second.volume}/data.notes/etcd-version`)) ?? [];
    const newer = `3.${Number(minor) + 1}.0`;
    second.write(`${second.volume}/data.notes/etcd-version`, `${newer}\n`);
    second.programs = failsWithData('echo \'{"level":"panic","msg":"invalid downgrade"}\' >&2; exit 2');
    await second.start();
    await second.says(new RegExp(`^refusing 3 .* does not start with data of etcd ${newer}; set that version again`));
    await pause(2);
    expect(setAside(second)).toEqual([]);
    second.programs = {};
    await second.stop(10);
    await second.start();
    await members.whole();
  });

  test('the entry of a member is kept while it is not known whether another pod runs under its name', async () => {
    const SEES = 'run/etcd/sees';
    await second.kill();
    second.wipe();
    const metrics = `case "$*" in *:2381/metrics) [ -e /${SEES} ] || exit 1 ;; esac`;
    second.programs = { wget: `${metrics}\nexec busybox wget "$@"` };
    await second.start();
    await second.logs(
      / waiting: etcd-[02] does not say whether it is connected to member [0-9a-f]+, which has the same name$/,
    );
    await pause(3);
    expect(second.log().join('\n')).not.toContain('removing the old entry');
    second.write(SEES, '');
    await members.whole(members.pods, 60);
  });

  test('folders without a log that are set aside leave data that was set aside before', async () => {
    const kept = ['removed-20200101-000000', 'damaged-20200101-000001'];
    const others = ['unusable-20200101-000002', 'unusable-20200101-000003'];
    const make = 'for why in "$@"; do mkdir -p "$VOLUME/data.$why"; done; mkdir -p "$VOLUME/data/member/snap"';
    const { stdout } = await second.exec(
      'sh',
      '-euc',
      `export ETCD_DATA_DIR=/tmp/volume/data; mkdir -p /tmp/volume; . /toolbox/scripts/preamble.sh; . /toolbox/scripts/data.sh; use_data -; ${make}; set_aside unusable; ls "$VOLUME"`,
      'sh',
      ...kept,
      ...others,
    );
    expect(stdout.trim().split('\n').sort()).toEqual([
      'data.damaged-20200101-000001',
      'data.removed-20200101-000000',
      expect.stringMatching(/^data\.unusable-20(?!200101)/),
    ]);
  });

  test('if etcd fails to start for another reason, its data is kept', async () => {
    await second.kill();
    second.programs = {
      etcd: '[ "$1" != --version ] || exec /usr/local/bin/etcd --version\necho "flag provided but not defined" >&2\nexit 2',
    };
    await second.start({ restart: false });
    await second.logs(/ etcd exited three times before it served requests: checking whether the data is damaged$/);
    await eventually(
      'its container ends',
      () => !second.running(),
      40,
      () => second.log().join('\n'),
    );
    expect(second.kept().filter((name) => name.includes('damaged'))).toEqual([]);
    second.programs = {};
    await second.start();
    await members.whole();
  });

  test('with authentication enabled by hand, members are ready, and the log says what the scripts need', async () => {
    for (const command of ['user add root:secret', 'user grant-role root root', 'auth enable'])
      expect((await first.exec('etcdctl', ...command.split(' '))).status).toBe(0);
    await third.kill();
    await third.start();
    await eventually(
      'it is ready',
      () => third.ready(),
      30,
      () => members.state(),
    );
    await third.logs(/ etcd has authentication enabled and refuses the scripts: set auth/);
  });

  test('a defragmentation that killed the container is not tried again', async () => {
    await second.kill();
    // Only while others serve, which takes an election if it was the leader.
    await eventually('the others elect', () => first.votes());
    second.set('defrag-gain', '1');
    second.set('defrag-gain-percent', '0');
    second.write(`${second.volume}/data.notes/in-use`, '1\n');
    second.programs = { etcdutl: 'sleep 60' };
    await second.start();
    await second.logs(/ defragmenting \d+ MiB before etcd starts$/);
    second.crash();
    second.write(`${second.volume}/data.notes/in-use`, '1\n');
    await second.logs(/ not defragmenting: the last attempt in this pod did not finish; it may need more memory$/);
    await members.whole();
  });

  test('on a full volume, the member serves, and its notes stay', async () => {
    await third.kill();
    await third.start();
    await members.whole();
    const before = third.read(`${third.volume}/data.notes/member-id`);
    const full = 'echo() { return 1; }; note member-id other || true; cat "$notes/member-id"';
    const { stdout } = await third.sh(['preamble.sh', 'data.sh'], `use_current_data; ${full}`);
    expect(stdout).toBe(before);
  });
});
