import { describeMembers } from './support/machine';
import { Members } from './support/members';

const ID = '8e9e05c52164694d';

/** What decides, in the pod of a member that lost its data, whether its old entry may be removed, and how its etcd starts. */
describeMembers('a member whose data is gone', () => {
  let members: Members;

  beforeAll(async () => {
    members = await Members.create({ replicas: 1 });
    await members.pod(0).start();
    await members.whole();
  });
  afterAll(() => members?.remove());

  /** What is_gone decides in each of several looks; a line `say MEMBER LEADS GAUGE BYTES` changes what a member says. */
  const looks = async (script: string): Promise<string[]> => {
    const { stdout } = await members.pod(0).sh(
      ['preamble.sh', 'messages.sh', 'phase.sh', 'data.sh', 'membership.sh'],
      `RUN=/tmp/gone time=100; rm -rf $RUN; mkdir -p $RUN; answers=$RUN/answers
      now() { echo $time; }
      fetch_to() {
        local member
        member=$(echo "$2" | sed 's,^http://\\([^.]*\\)[.].*,\\1,')
        cp "$RUN/says.$member" "$1"
      }
      say() {
        {
          echo "etcd_server_is_leader $2"
          echo "etcd_network_active_peers{Local=\\"1\\",Remote=\\"${ID}\\"} $3"
          [ -z "$4" ] || echo "etcd_network_peer_received_bytes_total{From=\\"${ID}\\"} $4"
        } >$RUN/says.$1
      }
      look() { if is_gone ${ID} "$@"; then echo gone; else echo "$reason"; fi; }
      ${script}`,
    );
    return stdout.trim().split('\n');
  };

  const again = (member: string) =>
    `asking ${member} again whether it is connected to member ${ID}, which has the same name`;
  const runs = (member: string) =>
    `member ${ID}, which has the same name, is connected to ${member}: another pod runs as etcd-0`;
  const recently = (member: string) =>
    `${member} has received nothing from member ${ID}, which has the same name, for less than 10 s`;
  const silent = (member: string) =>
    `${member} does not say whether it is connected to member ${ID}, which has the same name`;

  test('is gone when the others receive nothing from it', async () => {
    const said = await looks('say etcd-1 1 0 10; say etcd-2 0 0 ""; look etcd-1 etcd-2; look etcd-1 etcd-2');
    expect(said).toEqual([again('etcd-2'), 'gone']);
  });

  test('is gone after 10 s when the gauge of a member stays at 1', async () => {
    const said = await looks(
      `say etcd-1 1 0 10; say etcd-2 0 1 5; look etcd-1 etcd-2
      time=101; look etcd-1 etcd-2
      time=109; look etcd-1 etcd-2
      time=110; look etcd-1 etcd-2`,
    );
    expect(said).toEqual([again('etcd-2'), recently('etcd-2'), recently('etcd-2'), 'gone']);
  });

  test.each([0, 1])('is kept while bytes arrive, with a gauge of %i', async (gauge) => {
    const said = await looks(
      `say etcd-1 1 ${gauge} 10; look etcd-1
      time=160; say etcd-1 1 ${gauge} 11; look etcd-1
      time=161; look etcd-1
      time=171; look etcd-1`,
    );
    expect(said).toEqual([again('etcd-1'), runs('etcd-1'), gauge === 1 ? recently('etcd-1') : 'gone', 'gone']);
  });

  test('is kept while the leader does not answer: another follower may receive nothing from it', async () => {
    const said = await looks('say etcd-1 0 1 10; look etcd-1; time=200; look etcd-1; time=300; look etcd-1');
    const may = `etcd-1 may be connected to member ${ID}, which has the same name, and the leader does not answer`;
    expect(said).toEqual([again('etcd-1'), may, may]);
  });

  test('is kept when a member does not say, says something else, or cannot be asked', async () => {
    const said = await looks(
      `say etcd-1 1 0 10; look; look etcd-1
      rm $RUN/says.etcd-1; look etcd-1
      echo "<html>" >$RUN/says.etcd-1; look etcd-1
      say etcd-1 1 0 10; awk() { return 1; }; look etcd-1`,
    );
    expect(said).toEqual(['no member is ready', again('etcd-1'), silent('etcd-1'), silent('etcd-1'), silent('etcd-1')]);
  });

  test.each(['nothing', 'echo', 'mkdir', 'mv', 'sed', 'peer_scheme', 'peer_url'])(
    'how etcd starts is written completely, or not at all; what fails: %s',
    async (program) => {
      const { stdout } = await members.pod(0).sh(
        ['preamble.sh', 'messages.sh', 'phase.sh', 'data.sh', 'membership.sh'],
        `RUN=/tmp/starts; rm -rf $RUN; mkdir -p $RUN; use_current_data
      peer_scheme() { echo http; }
      ${program}() { return 1; }
      if start_with existing a=http://a:2380 ""; then printf 'started\\n'; else printf '%s\\n' "$reason"; fi
      [ -e $RUN/start ] || printf 'nothing\\n'`,
      );
      expect(stdout).toBe(
        program === 'nothing' ? 'started\n' : 'cannot write to /tmp/starts how etcd starts\nnothing\n',
      );
    },
  );
});
