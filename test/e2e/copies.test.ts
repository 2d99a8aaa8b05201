import { EtcdImage } from '../../src';
import { podName, TestCluster } from './support/cluster';
import { allowAll, expectReached, expectSameMembers, kustomize, refusal } from './support/copies';
import { COPY_WATCHED } from './support/limits';
import { report } from './support/report';
import { expectUnnoticed, Scenario } from './support/scenario';
import { useSpace } from './support/space';

/** Copies that Kustomize can make of a live cluster's manifests. Only the scripts keep them apart. */
describe('a copy of the manifests', () => {
  const space = useSpace('copies');
  const other = useSpace('copies-other');
  let scenario: Scenario;
  let cluster: TestCluster;

  beforeAll(async () => {
    scenario = await Scenario.start(space);
    ({ cluster } = scenario);
    await Promise.all([allowAll(space.kubectl), allowAll(other.kubectl)]);
  });

  const unharmed = async (title: string, copy: () => Promise<string>): Promise<void> => {
    const seen = await scenario.underWrites(title, async () => {
      const startedAt = Date.now();
      const phase = await copy();
      await expectSameMembers([cluster], COPY_WATCHED);
      report(title, { remark: phase });
      return Date.now() - startedAt;
    });
    expectUnnoticed(seen);
  };

  space.case('into another namespace, by Kustomize’s namespace', async () => {
    const { namespace } = other.kubectl;
    await other.kubectl.apply(await kustomize(cluster.yaml(), { namespace }));
    await unharmed('manifests copied into another namespace', async () => {
      const phases = await Promise.all(cluster.podNames.map((pod) => refusal(other.kubectl, pod)));
      const why = `this pod is in namespace ${namespace}, but its manifests are for ${space.kubectl.namespace}`;
      for (const phase of phases) expect(phase).toContain(why);
      const host = `${podName(0)}.${space.kubectl.namespace}.svc.cluster.local.`;
      await expectReached(other.kubectl, podName(0), host);
      return phases[0] ?? '';
    });
  });

  space.case('beside the original, by Kustomize’s namePrefix', async () => {
    const copy = await kustomize(cluster.yaml(), { namePrefix: 'dev-' });
    await space.kubectl.apply(copy);
    await unharmed('manifests copied with a prefix', async () => {
      const phases = await Promise.all(cluster.podNames.map((pod) => refusal(space.kubectl, `dev-${pod}`)));
      for (const [ordinal, phase] of phases.entries())
        expect(phase).toContain(`this pod is dev-etcd-${ordinal}, but its manifests are for the cluster etcd`);
      await expectReached(space.kubectl, `dev-${podName(0)}`, podName(0));
      return phases[0] ?? '';
    });
    await space.kubectl.do(['delete', '--filename=-', '--wait=false'], copy);
    await space.kubectl.kill(...cluster.podNames.map((pod) => `dev-${pod}`));
    await cluster.whole();
  });

  space.case('of another version, by Kustomize’s images', async () => {
    const pods = await cluster.pods();
    const { image } = pods[0].spec.containers.find(({ name }: { name: string }) => name === 'etcd');
    const [name] = image.split(':');
    const last = podName(cluster.size - 1);
    await unharmed('manifests with the image of an older etcd', async () => {
      await space.kubectl.apply(await kustomize(cluster.yaml(), { images: [{ name, ...OLDER }] }));
      const phase = await refusal(space.kubectl, last); // the StatefulSet waits for it with the others
      expect(phase).toMatch(
        /the image contains etcd 3\.5\.35, but its manifests are for 3\.[67]\.\d+: set the image prop/,
      );
      return phase;
    });
    expect((await cluster.pod(podName(0))).metadata.uid).toBe(pods[0].metadata.uid);
    await cluster.apply();
    await space.kubectl.kill(last); // the StatefulSet controller does not replace a pod that was never ready
    await cluster.whole();
    await cluster.agreed();
  });
});

const [newName, newTag] = EtcdImage.upstream('3.5.35').reference.split(':');
const OLDER = { newName, newTag };

describe('two clusters of one name in two namespaces', () => {
  const one = useSpace('same-name');
  const two = useSpace('same-name-other');

  one.case('do not interact, even when both restart at the same time', async () => {
    const clusters = [new TestCluster(one.kubectl), new TestCluster(two.kubectl)] as const;
    await Promise.all(clusters.map(({ kubectl }) => allowAll(kubectl)));
    await Promise.all(clusters.map((cluster) => cluster.apply()));
    const lists = await Promise.all(clusters.map((cluster) => cluster.whole()));
    expect(lists[0]?.clusterId).not.toBe(lists[1]?.clusterId);
    await Promise.all(clusters.map((cluster) => cluster.etcdctl('put', 'whose', cluster.kubectl.namespace)));
    for (const { kubectl } of clusters) {
      const { namespace } = kubectl === one.kubectl ? two.kubectl : one.kubectl;
      await expectReached(kubectl, podName(0), `${podName(0)}.${namespace}.svc.cluster.local.`);
    }

    const pods = await Promise.all(clusters.map((cluster) => cluster.pods()));
    await clusters[0].loseDisks([1], { kill: true });
    await Promise.all(clusters.map((cluster) => cluster.killAll()));
    await Promise.all(clusters.map((cluster, i) => cluster.whole(pods[i])));
    await expectSameMembers(clusters, COPY_WATCHED);
    for (const cluster of clusters) {
      expect((await cluster.etcdctl('get', 'whose', '--print-value-only')).trim()).toBe(cluster.kubectl.namespace);
      await cluster.agreed();
    }
    expect(await clusters[1].list()).toEqual(lists[1]);
    report('two clusters of one name', { remark: 'the other one’s members are as they were' });
  });
});
