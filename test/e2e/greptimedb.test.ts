import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BITNAMI_REPOSITORY } from './support/bitnami-chart';
import { JobRun } from './support/jobs';
import { Page } from './support/page';
import { ensureMonitorTypes } from './support/prometheus';
import { useSpace } from './support/space';

const ROOT = join(__dirname, '../..');

describe('docs/greptimedb.md', () => {
  const space = useSpace('manage-etcd');
  let folder: string;
  let page: Page;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'manage-etcd-'));
    cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
    for (const file of ['etcd', 'etcd-recover'])
      edit(file, [
        ['namespace: etcd-cluster', `namespace: ${space.kubectl.namespace}`],
        ['etcd-cluster.svc', `${space.kubectl.namespace}.svc`],
        ['value: etcd-cluster', `value: ${space.kubectl.namespace}`],
        ['greptime-registry.cn-hangzhou.cr.aliyuncs.com/bitnami/etcd', BITNAMI_REPOSITORY],
        // The test cluster is smaller than GreptimeDB's.
        ['cpu: "2"', 'cpu: 50m'],
        ['memory: 8Gi', 'memory: 256Mi'],
      ]);
    await ensureMonitorTypes(space.kubectl);
    await space.kubectl.apply(JSON.stringify(CLAIM));
    page = new Page('greptimedb.md', space.kubectl.namespace, folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function edit(file: string, changes: readonly (readonly [string, string])[]): void {
    const path = join(folder, `dist/${file}.k8s.yaml`);
    writeFileSync(
      path,
      changes.reduce((text, [from, to]) => text.replaceAll(from, to), readFileSync(path, 'utf8')),
    );
  }

  space.case('every command prints what the page has', async () => {
    expect(page.blocks).toEqual(['deploy', 'back up', 'restore', 'monitor', 'defragment']);
    await page.run('deploy');
    await page.run('back up');
    const name = /snapshot saved: \/snapshots\/(db-\S+)/.exec(
      await new JobRun(space.kubectl, 'snapshot-now').log(),
    )?.[1];
    expect(name).toBeDefined();
    edit('etcd-recover', [['db-2025-01-06_11-18', String(name)]]);
    await page.run('restore');
    await page.run('monitor');
    await page.run('defragment');
  });
});

/** The pods of the guide. */
const CLAIM = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'nfs-etcd-backup' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};
