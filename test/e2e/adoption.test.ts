import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Adoption, synthImport } from './support/adoption';
import { BITNAMI_IMAGE, values, writeChart } from './support/bitnami-chart';
import { issueCertificates } from './support/chart-tls';
import { createSecrets, createUsers } from './support/chart-users';
import { TestCluster } from './support/cluster';
import { must } from './support/kubectl';
import { GAP_SLACK, LIMITS, SLACK } from './support/limits';
import { Page } from './support/page';
import { ensureMonitorTypes } from './support/prometheus';
import { expectUnnoticed } from './support/scenario';
import { useSpace } from './support/space';

const COMMAND = join(__dirname, '../../lib/src/cli/main.js');

/** A release by real Helm, of a chart that renders what Bitnami's renders. */
describe('docs/leave-bitnami.md', () => {
  const space = useSpace('adoption');
  let folder: string;
  let page: Page;
  let cluster: TestCluster;
  let adoption: Adoption;

  beforeAll(async () => {
    const { kubectl } = space;
    folder = mkdtempSync(join(tmpdir(), 'leave-bitnami-'));
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    chmodSync(COMMAND, 0o755);
    symlinkSync(COMMAND, join(folder, 'node_modules/.bin/cdk8s-etcd')); // as npm install would
    writeChart(join(folder, 'chart'), kubectl.namespace, '1Gi');
    writeFileSync(join(folder, 'given.yaml'), values(BITNAMI_IMAGE));
    await ensureMonitorTypes(kubectl);
    await issueCertificates(kubectl);
    await createSecrets(kubectl);
    const given = ['--namespace', kubectl.namespace, '--values', join(folder, 'given.yaml')];
    await must('helm', 'install', 'etcd', join(folder, 'chart'), ...given);
    cluster = new TestCluster(kubectl);
    await cluster.ready();
    await createUsers(cluster);
    adoption = await Adoption.of(cluster);
    page = new Page('leave-bitnami.md', kubectl.namespace, folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs blocks of the page that restart the members, under writes. */
  const roll = (title: string, ...blocks: string[]) =>
    adoption.roll(title, async () => {
      for (const block of blocks) await page.run(block);
    });

  space.case('the commands of a runbook are those that are tested', async () => {
    expect(page.blocks).toEqual([
      'snapshot',
      'look',
      'way back',
      'ask',
      "out of Helm's hands",
      'make room',
      'take over',
      'clean up',
      'upstream',
      'back',
      'remove what is not used',
      // argo-cd.test.ts
      'argo cd: manual',
      'argo cd: sync',
      'argo cd: surplus',
      // flux.test.ts
      'flux: clean up',
    ]);
    await page.run('snapshot');
    await page.run('look');
    await page.run('way back');
  });

  space.smoke('a release is taken over in place, under writes', async () => {
    synthImport(folder, space.kubectl.namespace, BITNAMI_IMAGE);
    await cluster.lead('etcd-0'); // the last pod to stop: the names of both others can still resolve to their old pods
    const seen = await roll('Bitnami adopted', 'ask', "out of Helm's hands", 'make room', 'take over');
    expectUnnoticed(seen.bySeveral);
    expectUnnoticed(seen.byService);
    expect(seen.bySeveral.stats.netGapMs).toBeLessThan(GAP_SLACK * LIMITS.adoption.gap);
    expect(seen.wholeMillis).toBeLessThan(SLACK * LIMITS.adoption.whole);
    await cluster.agreed();
    await page.run('clean up');
    await adoption.expectOurs();
  });

  space.case('the upstream image follows in a separate commit', async () => {
    synthImport(folder, space.kubectl.namespace, { tag: BITNAMI_IMAGE.tag }); // of the chart's own repository, so that the import uses the etcd project's image
    const seen = await roll('Bitnami left', 'upstream');
    expectUnnoticed(seen.bySeveral);
    expectUnnoticed(seen.byService);
  });

  space.case('and back again', async () => {
    await roll('back to Bitnami', 'back');
    for (const pod of await cluster.pods()) {
      expect(pod.spec.initContainers).toBeUndefined();
      expect(pod.spec.containers[0].command).toEqual(['/opt/bitnami/etcd/bin/etcd']);
      expect(pod.spec.containers[0].env).toContainEqual({ name: 'ETCD_DISASTER_RECOVERY', value: 'no' });
    }
    await page.run('remove what is not used');
  });
});
