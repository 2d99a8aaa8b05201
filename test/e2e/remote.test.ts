import { Duration } from 'cdk8s';
import { EtcdRestore, EtcdSnapshotStore, type EtcdRemote } from '../../src';
import { TestCluster } from './support/cluster';
import { JobRun, Shelf } from './support/jobs';
import type { Kubectl } from './support/kubectl';
import { RecoverCluster } from './support/recover';
import { useSpace } from './support/space';

const NEVER = '0 0 1 1 *';
const IMAGE = 'docker.io/rclone/rclone:1.76.0';
const LIMIT = 1;

/** A real S3 server in the namespace: rclone itself. */
const S3 = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 's3', labels: { app: 's3' } },
  spec: {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 's3',
        image: IMAGE,
        imagePullPolicy: 'IfNotPresent',
        args: [
          'serve',
          's3',
          '--addr=:8080',
          '--auth-key=access,not-a-real-secret',
          '--config=/tmp/none',
          '--dir-cache-time=0s',
          '/data',
        ],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
    ],
    volumes: [{ name: 'data', emptyDir: {} }],
  },
};

const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's3' },
  spec: { selector: { app: 's3' }, ports: [{ port: 8080 }] },
};

const SECRET = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'etcd-remote' },
  stringData: {
    'rclone.conf': `[backup]
type = s3
provider = Rclone
endpoint = http://s3:8080
access_key_id = access
secret_access_key = not-a-real-secret
`,
  },
};

/** Names of all files of the bucket, with their folder. */
async function filesIn(kubectl: Kubectl): Promise<string[]> {
  const list = ['rclone', 'lsf', '-R', '--files-only', '/data/bucket'];
  const { stdout } = await kubectl.exec('s3', 's3', list);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

describe('snapshots at a remote only', () => {
  const space = useSpace('remote');
  const remote: EtcdRemote = { path: 'backup:bucket/etcd', configSecret: 'etcd-remote' };
  let cluster: TestCluster;
  let name: string;

  beforeAll(async () => {
    await space.kubectl.apply([S3, SERVICE, SECRET].map((object) => JSON.stringify(object)).join('\n'));
    cluster = new TestCluster(space.kubectl, (etcd) =>
      etcd
        .addSnapshots({
          store: EtcdSnapshotStore.remoteOnly(),
          remote,
          remoteHistoryLimit: LIMIT,
          schedule: NEVER,
          backoffLimit: 0,
        })
        .addRestoreDrill({ schedule: NEVER, maximumAge: Duration.days(400), minimumKeys: 1 }),
    );
    await cluster.apply();
    await cluster.whole();
    await space.kubectl.do(['wait', 'pod/s3', '--for=condition=Ready', '--timeout=120s']);
  });

  const inRemote = (): Promise<string[]> => filesIn(space.kubectl);

  async function run(job: string, cronJob: string): Promise<string> {
    const { ok, log } = await (await JobRun.start(space.kubectl, job, cronJob)).end();
    if (!ok) throw new Error(log);
    return log;
  }

  space.case('every verified snapshot is copied there, and only the newest stay', async () => {
    await run('first', 'etcd-snapshotter');
    const [old = ''] = await inRemote();
    await cluster.etcdctl('put', 'key', 'before');
    // Otherwise the next one would wait for a minute: the remote has no lock, and a name is never written twice.
    await space.kubectl.exec('s3', 's3', [
      'rclone',
      'moveto',
      `/data/bucket/${old}`,
      '/data/bucket/etcd/db-2020-01-01_00-00',
    ]);
    await space.kubectl.exec('s3', 's3', [
      'rclone',
      'moveto',
      `/data/bucket/${old}.json`,
      '/data/bucket/etcd/db-2020-01-01_00-00.json',
    ]);
    const log = await run('second', 'etcd-snapshotter');
    name = /copied: backup:bucket\/etcd\/(db-\S+)$/m.exec(log)?.[1] ?? '';
    expect(log).toContain('removed backup:bucket/etcd/db-2020-01-01_00-00: the newest 1 are kept there');
    expect(await inRemote()).toEqual([`etcd/${name}`, `etcd/${name}.json`]);
  });

  space.case('a drill fetches it from there, and records its result', async () => {
    expect(await run('drill', 'etcd-drill')).toContain(`drill passed: ${name} restores to 1 keys`);
    expect(await inRemote()).toContain(`etcd/${name}.drill.json`);
  });

  space.case('the newest is restored into a new cluster', async () => {
    await cluster.etcdctl('put', 'key', 'after');
    const recover = new RecoverCluster(space.kubectl, EtcdRestore.newestFromRemote(remote));
    await recover.apply();
    await recover.serves('restored into a new cluster, newest of the remote');
    expect(await recover.get('key', 'etcd-recover-2')).toBe('before');
  });

  space.case('a remote that does not answer: the job fails and says so', async () => {
    await space.kubectl.kill('s3');
    const { ok, log } = await (await JobRun.start(space.kubectl, 'no-remote', 'etcd-snapshotter')).end();
    expect(ok).toBe(false);
    expect(log).toMatch(/error: rclone could not copy db-\S+ to backup:bucket\/etcd/);
  });
});

describe('snapshots in a claim, with copies at a remote', () => {
  const space = useSpace('copies');
  let shelf: Shelf;

  beforeAll(async () => {
    // No server runs yet.
    await space.kubectl.apply([SERVICE, SECRET].map((object) => JSON.stringify(object)).join('\n'));
    const cluster = new TestCluster(space.kubectl, (etcd) =>
      etcd.addSnapshots({
        store: EtcdSnapshotStore.persistentVolumeClaim({ size: '1Gi' }),
        remote: { path: 'backup:bucket/etcd', configSecret: 'etcd-remote' },
        snapshotHistoryLimit: 3,
        remoteHistoryLimit: 2,
        schedule: NEVER,
        backoffLimit: 0,
      }),
    );
    await cluster.apply({ replicas: 1 });
    await cluster.whole();
  });

  const take = async (job: string): Promise<{ readonly ok: boolean; readonly log: string; readonly name: string }> => {
    const { ok, log } = await (await JobRun.start(space.kubectl, job, 'etcd-snapshotter')).end();
    return { ok, log, name: /snapshot saved: \/snapshots\/(db-\S+) /.exec(log)?.[1] ?? log };
  };

  /** Runs rclone at the server, whose image has nothing else. */
  async function rclone(...args: string[]): Promise<string> {
    const { ok, stdout, stderr } = await space.kubectl.exec('s3', 's3', ['rclone', ...args]);
    if (!ok) throw new Error(stderr);
    return stdout;
  }

  space.case('what could not be copied while the remote was down is copied by the next run', async () => {
    const down = await take('remote-down');
    expect(down.log).toContain(`error: rclone could not copy ${down.name} to backup:bucket/etcd`);
    expect(down.ok).toBe(false);
    shelf = await Shelf.open(space.kubectl, 'etcd-snapshotter');
    // A snapshot that would exceed the limit there.
    await shelf.sh(`cp ${down.name} db-2020-01-01_00-00; cp ${down.name}.json db-2020-01-01_00-00.json`);

    await space.kubectl.apply(JSON.stringify(S3));
    await space.kubectl.do(['wait', 'pod/s3', '--for=condition=Ready', '--timeout=120s']);
    const up = await take('remote-up');
    if (!up.ok) throw new Error(up.log);
    expect(up.log).toContain(`backup:bucket/etcd does not have ${down.name}, from an earlier run`);
    expect(up.log).toContain(`copied: backup:bucket/etcd/${down.name}`);
    expect(await filesIn(space.kubectl)).toEqual(
      [down.name, up.name].flatMap((name) => [`etcd/${name}`, `etcd/${name}.json`]),
    );
    expect(up.log).not.toContain('removed');
    expect(await shelf.snapshots()).toEqual(['db-2020-01-01_00-00', down.name, up.name]);
  });

  space.case(
    'when no copy is missing, only the new snapshot is copied; a partial file at the remote is left alone, and the job fails',
    async () => {
      const next = await take('nothing-missing');
      if (!next.ok) throw new Error(next.log);
      expect(next.log).not.toContain('does not have');
      // As if that run had been cut off at a remote that shows incomplete files.
      const file = `/data/bucket/etcd/${next.name}`;
      await rclone('copyto', '--ignore-times', `${file}.json`, file); // something that is not the snapshot
      const facts = await rclone('cat', `${file}.json`);
      await rclone('deletefile', `${file}.json`);
      const after = await take('half-a-file');
      expect(after.log).toContain(`rclone could not copy ${next.name}: a file without metadata has its name`);
      expect(after.log).toContain(`error: not copied to backup:bucket/etcd yet, for the reasons above: ${next.name}; `);
      expect(after.ok).toBe(false);
      expect(await rclone('cat', file)).toBe(facts);
      expect(await filesIn(space.kubectl)).toContain(`etcd/${after.name}.json`);
      expect(await shelf.snapshots()).toHaveLength(3);
    },
  );
});
