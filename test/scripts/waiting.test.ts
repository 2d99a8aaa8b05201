import { chmodSync } from 'node:fs';
import { parseVersion } from '../../src/constants/version';
import { describeMembers, machine } from './support/machine';
import { Members } from './support/members';

/** Files that scripts take for data. */
const LOG_FILE = 'data/member/wal/0000000000000000-0000000000000000.wal';

const TO = machine.etcdVersion;
type Refused = [writtenBy: string | undefined, why: string];
const skips = (before: string): Refused => [
  before,
  `the data is from etcd ${before}, and ${TO} skips a minor version; upgrade one minor version at a time`,
];
const tooOld = (before: string, first: string): Refused => [
  before,
  `the data is from etcd ${before}; run ${first} on it first, then ${TO}`,
];
const unknown = (then: string): Refused => [
  undefined,
  `cannot tell which etcd version wrote the data; run 3.5.26 or a later 3.5 on it first, then ${then}`,
];

/** Data on which the etcd on the PATH must not start, by its minor version. */
const REFUSED: { readonly [minor: number]: Refused[] } = {
  5: [skips('3.3.27')],
  6: [skips('3.4.30'), tooOld('3.5.25', '3.5.26 or a later 3.5'), unknown(TO)],
  7: [skips('3.5.35'), tooOld('3.6.10', '3.6.11 or a later 3.6'), unknown(`each minor version up to ${TO}`)],
};

describeMembers('members that wait', () => {
  let members: Members;
  beforeEach(async () => {
    members = await Members.create();
  });
  afterEach(() => members.remove());

  test('data without a log is set aside; the newest such folder is kept, and data that was set aside before', async () => {
    const pod = members.pod(0);
    for (const folder of [
      'data.removed-20200101-000000',
      'data.unusable-20220101-000000',
      'data.removed-20210101-000000',
    ])
      pod.write(`${pod.volume}/${folder}/member/wal/0.wal`, '');
    pod.write(`${pod.volume}/data/member/snap/db`, 'useless');
    pod.write(`${pod.volume}/data.notes/member-id`, '1234');
    await pod.start();
    await pod.says(/^fresh 3 \S+ - for etcd-1 \(silent\) etcd-2 \(silent\)$/);
    const aside = pod.kept();
    expect(aside).toEqual([
      'data.removed-20200101-000000',
      'data.removed-20210101-000000',
      expect.stringMatching(/^data\.unusable-2(?!0220101)\d{7}-\d{6}$/),
    ]);
    expect(pod.read(`${pod.volume}/${aside[2]}/member/snap/db`)).toBe('useless');
    await pod.logs(/ \/var\/lib\/etcd\/data has no write-ahead log$/);
    expect(pod.runsEtcd()).toBe(false);
  });

  test.each(REFUSED[parseVersion(TO).minor] ?? [])('on data of etcd %s it is not started: %s', async (version, why) => {
    const pod = members.pod(0);
    pod.write(`${pod.volume}/${LOG_FILE}`, '');
    if (version) pod.write(`${pod.volume}/data.notes/etcd-version`, `${version}\n`);
    const before = pod.kept();
    await pod.start();
    await pod.says(new RegExp(`^refusing 3 \\S+ - ${why}$`));
    await pod.logs(new RegExp(` waiting: ${why}$`));
    expect(pod.runsEtcd()).toBe(false);
    expect(pod.kept()).toEqual(before);
  });

  test('a silent member is not asked whether it is ready, which would take another second in an outage', async () => {
    const pod = members.pod(0);
    await pod.start();
    const surveyed = async (answer: string) =>
      (
        await pod.sh(
          ['preamble.sh', 'messages.sh', 'phase.sh'],
          `RUN=/tmp/asks; mkdir -p $RUN; answers=$RUN/answers; rm -f $RUN/asked
          fetch_to() { echo "$2" >>$RUN/asked; case $2 in */hello*) ${answer} ;; esac; }
          survey etcd-1; phase_of etcd-1; cat $RUN/asked`,
        )
      ).stdout;
    expect(await surveyed('return 1')).toMatch(/^silent\nhttp\S+hello\S+\n$/);
    expect(await surveyed('echo "member 3 $(pod_host etcd-1) -" >"$1"')).toMatch(
      /^member .*\nhttp\S+hello\S+\nhttp\S+\/readyz\n$/,
    );
  });

  test('an answer that is too long counts as none, and says nothing in the log; metrics may be longer', async () => {
    const [pod, other] = [members.pod(0), members.pod(1)];
    await pod.start();
    await other.start();
    await other.says(/^fresh /);
    const program = 'run/etcd/public/cgi-bin/hello';
    const surveyed = async (length: number): Promise<string> => {
      other.write(
        program,
        `#!/toolbox/bin/sh
        printf 'Content-Type: text/plain\\r\\n\\r\\nmember 3 etcd-1.'"$POD_DOMAIN"' - \\n'
        head -c ${length} /dev/zero | tr '\\0' x`,
      );
      chmodSync(other.path(program), 0o755);
      const { stdout, stderr } = await pod.sh(
        ['preamble.sh', 'messages.sh', 'phase.sh'],
        `survey etcd-1; word_of etcd-1
        fetch "http://$(host_that_answered etcd-1).:$PHASE_PORT/cgi-bin/hello" | wc -c`,
      );
      return `${stdout}${stderr}`;
    };
    expect(await surveyed(1000)).toMatch(/^member\n10\d\d\n$/);
    expect(await surveyed(100_000)).toMatch(/^silent\n100\d\d\d\n$/);
  });

  test('it stops on SIGTERM', async () => {
    const pod = members.pod(0);
    await pod.start();
    await pod.says(/^fresh /);
    expect(await pod.stop(5)).toBe(true);
  });
});
