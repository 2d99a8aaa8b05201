import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Adoption, synthImport } from './support/adoption';
import { BITNAMI_IMAGE, values, writeChart } from './support/bitnami-chart';
import { issueCertificates } from './support/chart-tls';
import { TestCluster } from './support/cluster';
import { GIT_OPS } from './support/daemons';
import { Flux } from './support/flux';
import { must, type Live } from './support/kubectl';
import { Page } from './support/page';
import { ensureMonitorTypes } from './support/prometheus';
import { expectUnnoticed } from './support/scenario';
import { useSpace } from './support/space';

if (!GIT_OPS) {
  test.skip('Flux: skipped, since it takes E2E_GITOPS (see README.md)', () => undefined);
} else {
  describe('docs/leave-bitnami.md with Flux', () => {
    const space = useSpace('flux');
    let folder: string;
    let page: Page;
    let cluster: TestCluster;
    let adoption: Adoption;
    let flux: Flux;
    // Not `wait`, which also waits for the claim of the snapshots: it may be bound only when the first job mounts it.
    const statefulSet = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      name: 'etcd',
      namespace: space.kubectl.namespace,
    };
    const spec = { prune: true, healthChecks: [statefulSet] };

    beforeAll(async () => {
      const { kubectl } = space;
      folder = mkdtempSync(join(tmpdir(), 'flux-'));
      // As helm-controller leaves a release, with its own labels.
      writeChart(join(folder, 'chart'), kubectl.namespace, '1Gi', {
        'helm.toolkit.fluxcd.io/name': 'etcd',
        'helm.toolkit.fluxcd.io/namespace': kubectl.namespace,
      });
      writeFileSync(join(folder, 'given.yaml'), values(BITNAMI_IMAGE));
      await ensureMonitorTypes(kubectl);
      await issueCertificates(kubectl);
      const given = ['--namespace', kubectl.namespace, '--values', join(folder, 'given.yaml')];
      await must('helm', 'install', 'etcd', join(folder, 'chart'), ...given);
      flux = await Flux.start(kubectl, folder);
      cluster = new TestCluster(kubectl);
      adoption = await Adoption.of(cluster);
      page = new Page('leave-bitnami.md', kubectl.namespace, folder);
    });
    afterAll(async () => {
      await flux.stop();
      rmSync(folder, { recursive: true });
    });

    space.case('a Kustomization with prune adopts a release, under writes', async () => {
      synthImport(folder, space.kubectl.namespace, BITNAMI_IMAGE);
      const seen = await adoption.roll('Flux: Bitnami adopted', async () => {
        await page.run("out of Helm's hands");
        await page.run('make room');
        await flux.commit();
        await flux.apply(spec);
        await flux.ready();
      });
      expectUnnoticed(seen.bySeveral);
      expectUnnoticed(seen.byService);
      await page.run('clean up');
      await page.run('flux: clean up');
      await adoption.expectOurs();
    });

    space.case('with substitution switched on, what is applied is what was committed', async () => {
      await flux.apply({ ...spec, postBuild: { substitute: { DS_PROMETHEUS: 'oops', data: 'oops' } } });
      await flux.ready();
      const text = readFileSync(join(folder, 'dist/etcd.k8s.yaml'), 'utf8');
      for (const document of parseAllDocuments(text)) {
        const { kind, metadata, data } = document.toJS() as Live;
        if (kind === 'ConfigMap') expect((await space.kubectl.get('configmap', metadata.name)).data).toEqual(data);
      }
      await adoption.expectSame();
    });

    space.case('the upstream image is a commit', async () => {
      const seen = await adoption.roll('Flux: Bitnami left', async () => {
        synthImport(folder, space.kubectl.namespace, { tag: BITNAMI_IMAGE.tag });
        await flux.commit();
        await flux.ready();
      });
      expectUnnoticed(seen.bySeveral);
      expectUnnoticed(seen.byService);
    });

    space.case('deleting a Kustomization deletes no claim', async () => {
      const { kubectl } = space;
      const claims = async () => (await kubectl.look('persistentvolumeclaims')).map(({ metadata }) => metadata.uid);
      const before = await claims();
      await flux.remove();
      await kubectl.until('no member', 180_000, async () => (await cluster.pods()).length === 0);
      expect(await kubectl.list('statefulset')).toEqual([]);
      expect(await claims()).toEqual(before);
      expect(before).toHaveLength(4);
    });
  });
}
