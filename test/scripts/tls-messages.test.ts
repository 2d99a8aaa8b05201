import { chmodSync, copyFileSync, utimesSync } from 'node:fs';
import { EtcdRestore, EtcdSnapshotStore } from '../../src';
import { Ca } from './support/certificates';
import { eventually } from './support/eventually';
import { describeMembers } from './support/machine';
import { Members } from './support/members';
import type { Pod } from './support/pod';
import { mount, ONLY, put } from './support/tls';

describeMembers('messages between pods with TLS', () => {
  let members: Members;
  let ca: Ca;
  beforeEach(() => {
    ca = new Ca();
  });
  afterEach(async () => {
    await members.remove();
    ca.remove();
  });

  test('answers without the key of the cluster are ignored, and so are answers to other questions', async () => {
    members = await Members.create(ONLY);
    mount(members, ca);
    await members.start();
    await members.whole();
    const [pod, other] = members.pods as [Pod, Pod];
    const said: string[] = [];
    const ask = async (): Promise<string> => {
      const scripts = ['preamble', 'data', 'messages', 'phase'].map((name) => `${name}.sh`);
      const { stdout, stderr } = await pod.sh(scripts, 'use_current_data; survey etcd-1; word_of etcd-1');
      said.push(...stderr.split('\n').filter((line) => line.includes('ignoring')));
      return stdout.trim();
    };
    expect(await ask()).toBe('member');
    const cgi = other.read('run/etcd/public/cgi-bin/hello');
    const answers = (text: string): void => {
      other.write('run/etcd/public/cgi-bin/hello', text);
      chmodSync(other.path('run/etcd/public/cgi-bin/hello'), 0o755);
    };
    const recorded = (await other.exec('wget', '-q', '-O', '-', 'http://127.0.0.1:2382/cgi-bin/hello?etcd-0&1-a'))
      .stdout;
    expect(recorded).toMatch(/^mac [0-9a-f]{64}$/m);
    const replay = (text: string): string =>
      `#!/toolbox/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'\ncat <<'END'\n${text.trim()}\nEND\n`;
    for (const forged of [recorded, recorded.replace(/^mac .*\n/gm, ''), recorded.replace('member 3', 'leaving 3')]) {
      answers(replay(forged));
      expect(await ask()).toBe('silent');
    }
    answers(cgi.replace('"hello $asked_by', '"hello etcd-2'));
    expect(await ask()).toBe('silent'); // an answer for another member
    answers(cgi);
    expect(await ask()).toBe('member');
    expect(said).toEqual([
      expect.stringMatching(
        / ignoring an answer in the name of etcd-1: it is not signed with the key of this cluster$/,
      ),
    ]);

    // A call of a job counts only with the key, since it delays restarts.
    const busy = async (): Promise<boolean> =>
      (await pod.exec('wget', '-q', '-O', '-', 'http://127.0.0.1:2382/cgi-bin/hello?etcd-drill')).stdout.includes(
        'busy',
      );
    expect(await busy()).toBe(false);
    const { status } = await pod.sh(
      ['preamble.sh', 'messages.sh'],
      [
        'q=$(new_question) who="etcd-drill $POD_NAME.$POD_DOMAIN"',
        'm=$(checksum "$(current_key)" "$who $q" call)',
        'wget -q -O /dev/null "http://127.0.0.1:2382/cgi-bin/hello?etcd-drill&$q&$m"',
      ].join('\n'),
    );
    expect(status).toBe(0);
    expect(await busy()).toBe(true);

    // A renewed key reaches the pods one after the other: answers of both keys are accepted.
    const noted = (): string => other.read('run/etcd/message-key');
    const before = noted();
    utimesSync(other.path('run/etcd/message-key'), new Date(0), new Date(0)); // it has been in use for long
    put(other, 'client', ca.issue({ commonName: 'root' }));
    expect(await ask()).toBe('member');
    await eventually('the new key is noted', () => noted() !== before, 15);
    expect(await ask()).toBe('member');
    await members.whole();
  }, 120_000);

  test('snapshots and restores use it, and only a pod with the key of the cluster offers a snapshot', async () => {
    const store = EtcdSnapshotStore.existingClaim('backups');
    members = await Members.create(ONLY, (etcd) => etcd.addSnapshots({ store }));
    mount(members, ca);
    await members.start();
    await members.whole();
    await members.pod(0).put('key', 'before');
    const client = ca.issue({ commonName: 'root' });
    for (const pod of members.pods) put(pod, 'client', client);
    const snapshotter = members.job('CronJob', 'etcd-snapshotter');
    put(snapshotter, 'client', client);
    await snapshotter.start({ restart: false });
    expect(await snapshotter.finished()).toBe(true);
    const name = snapshotter.kept().find((file) => /^db-[-_\d]+$/.test(file)) ?? '';
    await members.pod(0).put('key', 'after');

    members.change({ restoreFrom: EtcdRestore.fromClaim('backups', name, { id: 'r1' }) });
    const restorer = members.job('Job', 'etcd-restore-');
    for (const more of ['', '.json']) {
      restorer.write(`snapshots/${name}${more}`, '');
      copyFileSync(snapshotter.path(`snapshots/${name}${more}`), restorer.path(`snapshots/${name}${more}`));
    }
    put(restorer, 'client', ca.issue({ commonName: 'root' })); // of the same CA, and not the key of the cluster
    await restorer.start({ restart: false });
    await members
      .pod(0)
      .logs(/ ignoring an answer in the name of etcd-restore\.\S+: it is not signed with the key of this/);
    expect(members.pod(0).restore()).toBe('restore r1 waiting for the restore job');
    expect(await members.pod(0).get('key')).toBe('after');
    put(restorer, 'client', client);
    expect(await restorer.finished()).toBe(true);
    await members.whole();
    expect(await members.pod(2).get('key')).toBe('before');
  }, 150_000);
});
