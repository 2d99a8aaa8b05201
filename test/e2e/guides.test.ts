import { Duration } from 'cdk8s';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtcdSnapshotStore } from '../../src';
import { quickstart } from '../support/readme';
import { podName, TestCluster } from './support/cluster';
import { blocksOf, runBlock, runCommands } from './support/guides';
import { PATIENCE } from './support/limits';
import { useSpace } from './support/space';

const ROOT = join(__dirname, '../..');
const NEVER = '0 0 1 1 *';
/** Every page of docs/ that has commands for a shell, and the order in which a test runs them. */
const BLOCKS: [page: string, ...blocks: string[]][] = [
  ['troubleshoot.md', 'look'],
  ['members.md', 'read a phase'],
  ['protocol.md', 'read what a member says'],
  ['back-up.md', 'give rclone its configuration', 'take a snapshot', 'look into the claim', 'run a drill'],
  ['restore.md', 'see what members wait for'],
  ['defragment.md', 'defragment'],
  ['alerts.md', 'replace a member'],
  ['recover-quorum.md', 'look', 'save', 'recover'],
];

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'guides-'))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('README: quickstart', () => {
  const space = useSpace('quickstart');

  // test/package/synth.test.ts runs the earlier commands, which install the packed tarball and synthesize.
  space.case('its commands start what it synthesizes', async () => {
    const { app, commands } = quickstart();
    const [, , synth = '', apply = '', wait = ''] = commands;
    const { namespace } = space.kubectl;
    const modules = join(folder, 'node_modules');
    mkdirSync(modules);
    symlinkSync(ROOT, join(modules, 'cdk8s-etcd'));
    symlinkSync(join(ROOT, 'node_modules', 'cdk8s'), join(modules, 'cdk8s'));
    writeFileSync(join(folder, 'main.js'), app.replace("namespace: 'default'", `namespace: '${namespace}'`));
    await runCommands(synth, synth, folder);
    await runCommands(apply, apply, folder);
    await runCommands(wait, wait.replace('kubectl', `kubectl --namespace ${namespace}`), folder);
    await new TestCluster(space.kubectl).whole();
  });
});

describe('docs: commands for a shell', () => {
  const space = useSpace('guides');

  space.case('every block runs as it stands', async () => {
    for (const [page, ...blocks] of BLOCKS)
      expect([page, ...[...blocksOf(`docs/${page}`).keys()].sort()]).toEqual([page, ...[...blocks].sort()]);

    const store = EtcdSnapshotStore.existingClaim('nfs-etcd-backup');
    const cluster = new TestCluster(space.kubectl, (etcd) => {
      etcd
        .addSnapshots({ store, schedule: NEVER })
        .addRestoreDrill({ schedule: NEVER, maximumAge: Duration.days(400) });
      etcd.addDefrag({ schedule: NEVER, pauseAfterMember: Duration.seconds(1) });
    });
    await space.kubectl.apply(JSON.stringify(CLAIM));
    await cluster.apply();
    await cluster.whole();
    writeFileSync(join(folder, 'rclone.conf'), '[backup]\ntype = local\n');
    for (const [page, ...blocks] of BLOCKS) {
      if (page === 'recover-quorum.md') await loseTwoDisks(cluster);
      const before = page === 'alerts.md' ? [await cluster.pod(podName(1))] : [];
      for (const block of blocks) await runBlock(`docs/${page}`, block, space.kubectl.namespace, folder);
      await cluster.whole(before);
    }
    await cluster.agreed();
  });
});

/** Of etcd-0 and etcd-1, as docs/recover-quorum.md has it; etcd-2 has the data. */
async function loseTwoDisks(cluster: TestCluster): Promise<void> {
  await cluster.loseDisks([0, 1], { kill: true });
  for (const name of [podName(0), podName(1)])
    await cluster.kubectl.until(`${name} waits for etcd-2`, PATIENCE, async () => {
      const { ok, stdout } = await cluster.exec(name, 'cat', '/run/etcd/public/phase');
      return ok && stdout.startsWith('fresh') && stdout.includes(podName(2));
    });
}

const CLAIM = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'nfs-etcd-backup' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};
