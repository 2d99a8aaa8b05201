import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Adoption, synthImport } from './support/adoption';
import { ArgoCd } from './support/argo-cd';
import { BITNAMI_IMAGE, values, writeChart } from './support/bitnami-chart';
import { issueCertificates } from './support/chart-tls';
import { TestCluster } from './support/cluster';
import { GIT_OPS } from './support/daemons';
import { must } from './support/kubectl';
import { Page } from './support/page';
import { ensureMonitorTypes } from './support/prometheus';
import { expectUnnoticed } from './support/scenario';
import { useSpace } from './support/space';

const CHART = { path: 'chart', helm: { releaseName: 'etcd', valueFiles: ['../values.yaml'] } };
const OURS = { path: 'dist' };
const SERVER_SIDE = ['ServerSideApply=true'];

if (!GIT_OPS) {
  test.skip('Argo CD: skipped, since it takes E2E_GITOPS (see README.md)', () => undefined);
} else {
  // Label is the default before 3.0, annotation since.
  describe.each(['label', 'annotation'] as const)(
    'docs/leave-bitnami.md with Argo CD that tracks by %s',
    (tracking) => {
      const space = useSpace(`argo-cd-${tracking}`);
      let folder: string;
      let repository: string;
      let page: Page;
      let cluster: TestCluster;
      let adoption: Adoption;
      let argoCd: ArgoCd;

      const commit = async (message: string) => {
        await must('git', '-C', repository, 'add', '--all');
        const author = ['-c', 'user.name=e2e', '-c', 'user.email=e2e@example.com'];
        await must('git', '-C', repository, ...author, 'commit', '--quiet', '--message', message);
      };

      beforeAll(async () => {
        const { kubectl } = space;
        folder = mkdtempSync(join(tmpdir(), 'argo-cd-'));
        repository = join(folder, 'repository');
        mkdirSync(repository);
        await must('git', 'init', '--quiet', repository);
        writeChart(join(repository, 'chart'), kubectl.namespace, '1Gi');
        writeFileSync(join(repository, 'values.yaml'), values(BITNAMI_IMAGE));
        await commit('The chart');
        await ensureMonitorTypes(kubectl);
        await issueCertificates(kubectl);
        argoCd = await ArgoCd.start(kubectl, folder, `file://${repository}`, tracking);
        await argoCd.commit(CHART, { automated: { prune: true, selfHeal: true } });
        await argoCd.synced();
        cluster = new TestCluster(kubectl);
        adoption = await Adoption.of(cluster);
        page = new Page('leave-bitnami.md', kubectl.namespace, folder, argoCd.environment);
      });
      afterAll(async () => {
        await argoCd?.stop();
        rmSync(folder, { recursive: true });
      });

      space.case('the same Application continues with the new manifests, under writes', async () => {
        await argoCd.commit(CHART);
        await page.run('argo cd: manual');
        synthImport(folder, space.kubectl.namespace, BITNAMI_IMAGE);
        cpSync(join(folder, 'dist'), join(repository, 'dist'), { recursive: true });
        await commit('The same etcd, the same image');
        const seen = await adoption.roll(`Argo CD (${tracking}): Bitnami adopted`, async () => {
          await page.run('make room');
          await argoCd.commit(OURS, { syncOptions: SERVER_SIDE });
          await page.run('argo cd: sync');
        });
        expectUnnoticed(seen.bySeveral);
        expectUnnoticed(seen.byService);
        await adoption.expectOurs();
      });

      space.case('it would prune only what the chart alone had, and no claim', async () => {
        await page.run('argo cd: surplus');
        expect(await argoCd.surplus()).toEqual(['Secret etcd-jwt-token']);
      });

      space.case('with automatic sync and prune, it changes nothing more', async () => {
        const pods = (await cluster.pods()).map(({ metadata }) => metadata.uid as string);
        await argoCd.commit(OURS, { syncOptions: SERVER_SIDE, automated: { prune: true, selfHeal: true } });
        await argoCd.synced();
        await adoption.expectSame();
        expect((await cluster.pods()).map(({ metadata }) => metadata.uid)).toEqual(pods);
        expect(await space.kubectl.get('secret', 'etcd-jwt-token')).toBeDefined();
      });

      space.case('the upstream image is a commit', async () => {
        const seen = await adoption.roll(`Argo CD (${tracking}): Bitnami left`, async () => {
          synthImport(repository, space.kubectl.namespace, { tag: BITNAMI_IMAGE.tag });
          await commit('The upstream image');
          await argoCd.refresh();
        });
        expectUnnoticed(seen.bySeveral);
        expectUnnoticed(seen.byService);
        await argoCd.synced();
      });
    },
  );
}
