import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cluster, freeze, started, thaw, values } from './support/cases';
import { eventually, pause } from './support/eventually';
import { describeMembers, machine } from './support/machine';
import { Members } from './support/members';
import type { Pod } from './support/pod';

// Cases in which members once lost writes, split, or waited forever.

cluster('a first start', {}, (members) => {
  test('begun for one member stays for one, whatever the settings say later', async () => {
    const [first, second, third] = members().pods as [Pod, Pod, Pod];
    members().set('existing', 'false');
    first.set('replicas', '1');
    await first.start();
    await freeze(first, 'watch-member.sh');
    await eventually('a quorum of one', () => first.votes(), 20);
    await first.put('key', 'acknowledged');
    await first.kill();
    members().set('replicas', '3');
    await first.start();
    await freeze(first, 'agree.sh');
    await Promise.all([second.start(), third.start()]);
    for (const pod of [second, third]) await pod.says(/^fresh 3 \S+ - for etcd-0 \((starting|bootstrapping) [13]\)/);
    await pause(2);
    expect([second.runsEtcd(), third.runsEtcd()]).toEqual([false, false]);
    await thaw(first);
    await members().whole();
    expect(await values(members())).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
  });

  test('begun for two members stays for two, even if the settings say three before the second one starts', async () => {
    const [first, second, third] = members().pods as [Pod, Pod, Pod];
    members().set('existing', 'false');
    for (const pod of [first, second]) pod.set('replicas', '2');
    await second.start();
    await second.says(/^fresh 2 /);
    await freeze(second, 'agree.sh');
    await first.start();
    await first.says(/^bootstrapping 2 /);
    members().set('replicas', '3');
    await third.start();
    await third.says(/^fresh 3 /);
    await thaw(second);
    await members().whole(members().pods, 40);
    await second.logs(/ bootstrapping: all 2 members are without data$/);
  });

  test('does not happen beside a quorum of members that the settings no longer have', async () => {
    const [first, second, third] = await started(members());
    await first.kill();
    first.wipe();
    first.set('replicas', '1');
    await first.start();
    await members().whole();
    expect(await values(members())).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
    expect(first.log().join('\n')).not.toMatch(/bootstrapping: all 1 /);
    expect([second, third].every((pod) => pod.runsEtcd())).toBe(true);
  });

  test('on other disks is another cluster with other members', async () => {
    await started(members());
    const before = await members().list();
    await members().kill();
    for (const pod of members().pods) pod.wipe();
    await members().start();
    const after = await members().whole();
    expect(after.map(({ name }) => name).sort()).toEqual(before.map(({ name }) => name).sort());
    expect(after.filter(({ id }) => before.some((other) => other.id === id))).toEqual([]);
  });

  test('does not let a member that loses its disk right after it vote again under its old name', async () => {
    const [first, second, third] = members().pods as [Pod, Pod, Pod];
    await members().start();
    for (const pod of members().pods) await freeze(pod, 'watch-member.sh');
    await eventually(
      'a quorum',
      async () => (await first.votes()) && (await second.votes()) && (await third.votes()),
      30,
      () => members().state(),
    );
    await third.exec('sh', '-c', 'kill -STOP "$(cat /run/etcd/etcd-pid)"');
    await eventually(
      'it is acknowledged',
      async () => (await first.exec('etcdctl', 'put', 'key', 'acknowledged')).status === 0,
    );
    await members().kill();
    second.wipe();
    await second.start();
    await second.says(/^fresh 3 \S+ - for etcd-0 \(silent\)/);
    await Promise.all([first.start(), third.start()]);
    await members().whole();
    expect(await values(members())).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
    expect(second.log().filter((line) => line.includes('bootstrapping: all 3'))).toHaveLength(1);
  });
});

cluster('a member that a quorum has removed', {}, (members) => {
  test('asks every member, even if its settings have one member only: it sets its data aside, and joins', async () => {
    const [first, second] = await started(members());
    const [{ id } = { id: '' }] = (await members().list(second)).filter(({ name }) => name === first.name);
    await first.kill();
    await eventually('it is removed', async () => (await second.exec('etcdctl', 'member', 'remove', id)).status === 0);
    first.set('replicas', '1');
    await first.start();
    await first.logs(
      / etcd-[12] has quorum, but its member list does not contain the member that this data belongs to$/,
    );
    await members().whole();
    expect(await values(members())).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
  });
});

/** Kills etcd as soon as it has created its log, once: the first entry may not be in it yet. */
const KILL_ONCE = `[ "$1" = --version ] && exec /usr/local/bin/etcd --version
[ -e /tmp/killed ] && exec /usr/local/bin/etcd "$@"
/usr/local/bin/etcd "$@" &
until [ -d "$ETCD_DATA_DIR/member/wal" ]; do :; done
kill -KILL $!
touch /tmp/killed
exit 137`;

describeMembers('a first start that is killed in its first milliseconds', () => {
  test('is begun again when the log is empty', async () => {
    let begunAgain = 0;
    for (let tries = 0; tries < 12 && begunAgain === 0; tries++) {
      const members = await Members.create({ replicas: 1 });
      try {
        const pod = members.pod(0);
        members.set('existing', 'false');
        pod.programs = { etcd: KILL_ONCE };
        await pod.start();
        await members.whole(members.pods, 30);
        if (pod.log().some((line) => line.includes('cut off before its first log entry'))) begunAgain++;
      } finally {
        await members.remove();
      }
    }
    expect(begunAgain).toBe(1);
  }, 300_000);
});

cluster('a learner that was added and never ran', { replicas: 5 }, (members) => {
  test('lets a member that lost its disk rejoin', async () => {
    const [first, second, third, fourth] = members().pods as [Pod, Pod, Pod, Pod];
    members().set('replicas', '3');
    members().set('existing', 'false');
    await Promise.all([first, second, third].map((pod) => pod.start()));
    await members().whole([first, second, third]);
    members().set('replicas', '5');
    const peer = '--peer-urls=http://etcd-3.etcd-cluster.svc.cluster.local:2380';
    const add = async () => (await first.exec('etcdctl', 'member', 'add', 'etcd-3', '--learner', peer)).status === 0;
    await eventually('etcd adds a learner', add, 15);
    await third.kill();
    third.wipe();
    await third.start();
    await members().whole([first, second, third], 60);
    const said = [first, second].flatMap((pod) => pod.log()).filter((line) => line.includes('removing the learner'));
    expect(said).toEqual([
      expect.stringMatching(/ removing the learner etcd-3: it never ran, and has not answered for 30 s$/),
    ]);
    await fourth.start();
    await members().whole([first, second, third, fourth], 40);
  });
});

cluster('data of another cluster', {}, (members) => {
  test('is set aside when a quorum does not list the member', async () => {
    const [, , third] = await started(members());
    await members().kill();
    third.wipe();
    const alien = ['--name', 'alien', '--data-dir', '/var/lib/etcd/data'];
    const ports = ['--listen-client-urls', 'http://127.0.0.1:9379', '--advertise-client-urls', 'http://127.0.0.1:9379'];
    const peers = [
      '--listen-peer-urls',
      'http://127.0.0.1:9380',
      '--initial-advertise-peer-urls',
      'http://127.0.0.1:9380',
    ];
    await third.start();
    await third.says(/^fresh /);
    const etcd = [
      ...alien,
      ...ports,
      ...peers,
      '--initial-cluster',
      'alien=http://127.0.0.1:9380,b=http://127.0.0.1:9480,c=http://127.0.0.1:9580',
    ].join(' ');
    await freeze(third, 'agree.sh');
    third.write(`${third.volume}/data.notes/etcd-version`, `${machine.etcdVersion}\n`);
    await third.exec('sh', '-c', `env -i /usr/local/bin/etcd ${etcd} >/dev/null 2>&1 & sleep 4; kill $!; sleep 1`);
    await thaw(third);
    await third.logs(/ starting with the existing data; no other member has quorum$/);
    await Promise.all(
      members()
        .pods.slice(0, 2)
        .map((pod) => pod.start()),
    );
    await members().whole(members().pods, 70);
    await third.logs(
      / restarting etcd: etcd-\d has quorum, but its member list does not contain this member, [0-9a-f]+$/,
    );
    await third.logs(/ set the data aside: /);
    expect(await third.get('key')).toBe('acknowledged');
  });
});

cluster('what others answer', {}, (members) => {
  test('counts only if it follows the protocol, and only from the member that was asked', async () => {
    const pod = members().pod(0);
    await pod.start();
    await pod.says(/^fresh /);
    const heard = async (...lines: string[]): Promise<string> => {
      const said = lines.map((line) => `'${line}'`).join(' ');
      const { stdout } = await pod.sh(
        ['preamble.sh', 'messages.sh', 'phase.sh'],
        `printf '%s\\n' ${said} | well_formed etcd-1 || echo refused`,
      );
      return stdout.trim();
    };
    const host = 'etcd-1.etcd-headless.etcd-cluster.svc.cluster.local';
    expect(await heard(`member 3 ${host} -`, 'protocol 2', 'run -')).toBe(`member 3 ${host} -\nprotocol 2\nrun -`);
    expect(await heard(`member 3 ${host} -`, 'at ../../../var/lib/etcd/current-data x', 'disk ../x')).toBe(
      `member 3 ${host} -`,
    );
    for (const line of [
      'member 3 etcd-1.etcd-headless.other.svc.cluster.local -',
      'member 3 etcd-2.etcd-headless.etcd-cluster.svc.cluster.local -',
      `owner 3 ${host} -`,
      `member 300 ${host} -`,
      `member 3 ${host} ../r1`,
      '<html>',
      '',
    ])
      expect(await heard(line)).toBe('refused');
  });

  test('a member list with a host of another domain is not accepted', async () => {
    const pod = members().pod(0);
    await pod.start();
    await pod.says(/^fresh /);
    const list = async (...hosts: string[]): Promise<string> => {
      const lines = hosts
        .map((host, i) => `${i}a, started, x, http://${host}:2380, http://${host}:2379, false`)
        .join('\n');
      pod.write('list', `${lines}\n`);
      const lookAt = 'etcdctl() { cat /list; }; members_at x || echo none';
      return (
        await pod.sh(['preamble.sh', 'data.sh', 'messages.sh', 'phase.sh', 'membership.sh'], lookAt)
      ).stdout.trim();
    };
    const domain = 'etcd-cluster.svc.cluster.local';
    expect(await list(`etcd-0.${domain}`, `etcd-1.etcd-headless.${domain}`)).toMatch(
      /^0a etcd-0 false ran \S+\n1a etcd-1 false ran \S+$/,
    );
    expect(await list(`etcd-0.${domain}`, 'etcd-1.other.svc.cluster.local')).toBe('none');
    expect(await list(`etcd-0.${domain}`, `other-1.${domain}`)).toBe('none');
    expect(await list(`etcd-0.${domain}`, `etcd-1.other-headless.${domain}`)).toBe('none');
    expect(await list()).toBe('none');
  });
});

cluster('scaled down from three to one while the one that stays is down', {}, (members) => {
  test('leaving members wait, so that there is a quorum when it is back', async () => {
    const [first, second, third] = await started(members());
    await first.kill();
    members().set('replicas', '1');
    const going = [second.stop(60), third.stop(60)];
    await pause(4);
    expect([second.runsEtcd(), third.runsEtcd()]).toEqual([true, true]);
    await first.start();
    await Promise.all(going);
    expect((await members().whole([first], 40)).map(({ name }) => name)).toEqual(['etcd-0']);
    expect(await first.get('key')).toBe('acknowledged');
  });
});

cluster('notes on the volume', {}, (members) => {
  test('that a power failure emptied keep no member from starting', async () => {
    await started(members());
    await members().kill();
    for (const pod of members().pods) {
      for (const note of ['etcd-version', 'member-id']) writeFileSync(pod.path(`${pod.volume}/data.notes/${note}`), '');
      for (const note of ['current-data', 'scheme']) writeFileSync(pod.path(`${pod.volume}/${note}`), '');
    }
    await members().start();
    await members().whole();
    expect(await values(members())).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
  });

  test('unreadable data does not count as no data', async () => {
    const pod = members().pod(0);
    pod.write(`${pod.volume}/data/member/wal/0.wal`, '');
    await pod.start({ restart: false });
    const stub = 'ls() { case $1 in */member) return 1 ;; *) command ls "$@" ;; esac; }; has_data - && echo yes';
    const { stdout, stderr } = await pod.sh(['preamble.sh', 'data.sh'], stub);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/error: cannot read \/var\/lib\/etcd\/data\/member: check its owner/);
  });

  test('the folder set aside last stays, even if the clock went back', async () => {
    const pod = members().pod(0);
    for (const time of ['20980101-000000', '20990101-000000'])
      mkdirSync(pod.path(join(pod.volume, `data.unusable-${time}`)), { recursive: true });
    pod.write(`${pod.volume}/data/member/snap/db`, 'useless');
    await pod.start();
    await pod.says(/^fresh /);
    for (const time of ['20980101', '20990101'])
      await pod.logs(
        new RegExp(` removing /var/lib/etcd/data\\.unusable-${time}-000000: newer copies were set aside$`),
      );
    await pod.says(/ for etcd-1 /);
    expect(pod.kept()).toEqual([expect.stringMatching(/^data\.unusable-20[2-8]/)]);
  });
});
