import { podName, TestCluster } from './support/cluster';
import { allowAll, expectReached, expectSameMembers, refusal } from './support/copies';
import { Shelf } from './support/jobs';
import { run, type Kubectl } from './support/kubectl';
import { COPY_WATCHED } from './support/limits';
import { report } from './support/report';
import { expectUnnoticed, Scenario } from './support/scenario';
import { useSpace } from './support/space';

/** Copies a volume as a backup tool does: a claim of the same name in another namespace, with the member's data. */
async function copyVolume(from: Kubectl, to: Kubectl, pod: string): Promise<void> {
  const claim = await from.get('persistentvolumeclaim', `data-${pod}`);
  const { accessModes, resources, storageClassName } = claim.spec;
  const { name, labels } = claim.metadata;
  await to.apply(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, labels },
      spec: { accessModes, resources, storageClassName },
    }),
  );
  const shelf = await Shelf.open(to, name);
  const read = `kubectl -n ${from.namespace} exec ${pod} -c etcd -- sh -c 'tar -C "$(dirname "$ETCD_DATA_DIR")" -cf - .'`;
  // Again when etcd has made a file shorter meanwhile.
  await to.until(`a copy of ${claim.metadata.name}`, 60_000, async () => {
    const { ok, stderr } = await run('sh', ['-euc', `${read} | ${shelf.command('tar -xf -')}`]);
    if (!ok) throw new Error(stderr);
    return ok;
  });
  await shelf.close();
}

describe('volumes of a live cluster, copied into another namespace', () => {
  const space = useSpace('volumes');
  const other = useSpace('volumes-other');

  space.case('the copies refuse to start, and the original is not affected', async () => {
    const scenario = await Scenario.start(space);
    const { cluster } = scenario;
    await Promise.all([allowAll(space.kubectl), allowAll(other.kubectl)]);
    for (const pod of cluster.podNames) await copyVolume(space.kubectl, other.kubectl, pod);

    const title = 'volumes copied into another namespace';
    const seen = await scenario.underWrites(title, async () => {
      const startedAt = Date.now();
      const copy = new TestCluster(other.kubectl); // manifests for that namespace: only the volumes are copies
      await copy.apply();
      const domain = ({ namespace }: Kubectl) => `${namespace}.svc.cluster.local`;
      for (const pod of copy.podNames) {
        const phase = await refusal(other.kubectl, pod);
        expect(phase).toContain(
          `the volume belongs to ${pod}.${domain(space.kubectl)}, but this pod is ${pod}.${domain(other.kubectl)}`,
        );
        report(title, { remark: phase });
      }
      await expectReached(other.kubectl, podName(0), `${podName(0)}.${domain(space.kubectl)}.`);
      await expectSameMembers([cluster], COPY_WATCHED);
      return Date.now() - startedAt;
    });
    expectUnnoticed(seen);
    await cluster.agreed();
  });
});
