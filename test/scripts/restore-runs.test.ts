import { renameSync } from 'node:fs';
import { Duration } from 'cdk8s';
import { cluster, started, values } from './support/cases';
import { eventually } from './support/eventually';
import type { Members } from './support/members';
import type { Pod } from './support/pod';

// Data of the same restore but of another run: for another number of members, or from another Job.

/** Two members that run on data of the restore r1, and the third without. */
async function twoOnTheRestore(members: Members): Promise<Pod> {
  const third = (await started(members))[2];
  await members.kill();
  for (const pod of members.pods) {
    for (const name of ['data', 'data.notes']) {
      renameSync(pod.path(`${pod.volume}/${name}`), pod.path(`${pod.volume}/${name.replace('data', 'data-r1')}`));
    }
    pod.write(`${pod.volume}/current-data`, 'r1\n');
    pod.write(`${pod.volume}/data-r1.notes/run`, 'uid-2-0\n');
  }
  members.set('restore-id', 'r1');
  await Promise.all(members.pods.slice(0, 2).map((pod) => pod.start()));
  await eventually(
    'a quorum on the restore',
    async () => (await members.pod(0).ready()) && (await members.pod(1).ready()),
    20,
  );
  return third;
}

cluster('a restore that two members run on', {}, (members) => {
  test('a member that switched to another run sets its data aside, and joins', async () => {
    const third = await twoOnTheRestore(members());
    third.write(`${third.volume}/data-r1.notes/run`, 'uid-3-0\n');
    third.write(`${third.volume}/data-r1.notes/bootstrapping`, '3\n');
    third.remove(`${third.volume}/data-r1.notes/member-id`);
    await third.start();
    await third.logs(/ set the data aside: /);
    await members().whole();
    expect(await values(members())).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
    expect(third.read(`${third.volume}/data-r1.notes/run`)).toBe('uid-2-0\n');
  });

  test('a member that prepared another run drops that data, and joins', async () => {
    const third = await twoOnTheRestore(members());
    const facts = { id: 'r1', run: 'uid-3-0', count: '3', bump: '0', kind: 'asked', sha256: 'same' };
    for (const [fact, value] of Object.entries(facts)) third.write(`${third.volume}/prepared/${fact}`, `${value}\n`);
    renameSync(third.path(`${third.volume}/data-r1`), third.path(`${third.volume}/prepared/data`));
    third.remove(`${third.volume}/data-r1.notes`);
    third.remove(`${third.volume}/current-data`);
    await third.start();
    await third.logs(/ restore r1: waiting: other members run on data from a different run of this restore$/);
    await members().whole();
    expect(await values(members())).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
    expect(third.kept()).not.toContain('prepared');
  });

  test.each(['id', 'folder'])(
    'a member with data prepared for another restore, by its %s, drops it, and joins',
    async (what) => {
      const third = await twoOnTheRestore(members());
      if (what === 'id') third.write(`${third.volume}/prepared/run`, 'uid-9-0\n');
      third.write(`${third.volume}/prepared/id`, 'r2\n'); // without a run, it was being removed
      for (const folder of ['data-r1', 'data-r1.notes', 'current-data']) third.remove(`${third.volume}/${folder}`);
      await third.start();
      await members().whole();
      expect(await values(members())).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
      expect(third.kept()).not.toContain('prepared');
    },
  );
});

/** Data of a restore beside that of the member, as restore-member.sh leaves them when it switches. */
async function switched(members: Members, pod: Pod): Promise<void> {
  const peers = members.pods.map(({ name }) => `${name}=${peerOf(name)}`).join();
  const restored = `${pod.volume}/data-r1`;
  const restore = `etcdutl snapshot restore /tmp/db --skip-hash-check=false --data-dir /${restored} --name ${pod.name}`;
  const into = `--initial-cluster ${peers} --initial-cluster-token r1 --initial-advertise-peer-urls ${peerOf(pod.name)}`;
  const { status, stderr } = await pod.exec('sh', '-c', `etcdctl snapshot save /tmp/db && ${restore} ${into}`);
  if (status !== 0) throw new Error(stderr);
  for (const [note, text] of Object.entries({ run: 'uid-2-0', scheme: 'http', bootstrapping: '2' }))
    pod.write(`${restored}.notes/${note}`, `${text}\n`);
  pod.write(`${pod.volume}/current-data`, 'r1\n');
}

const peerOf = (name: string): string => `http://${name}.etcd-cluster.svc.cluster.local:2380`;

// Until the first election, etcd reports 0 entries of data that were restored.
cluster(
  'data of a restore, before their first election',
  { replicas: 2, electionTimeout: Duration.seconds(10) },
  (of) => {
    test('they are not taken for a bootstrap that was cut off', async () => {
      const members = of();
      await members.start();
      await members.whole(members.pods, 60);
      await members.pod(0).put('key', 'acknowledged');
      for (const pod of members.pods) await switched(members, pod);
      await members.kill();
      members.set('restore-id', 'r1');
      await members.start();
      await members.whole(members.pods, 90);
      expect(await values(members)).toEqual(['acknowledged', 'acknowledged']);
      expect(members.pods.flatMap((pod) => pod.kept()).filter((name) => name.includes('unusable'))).toEqual([]);
    }, 200_000);
  },
);
