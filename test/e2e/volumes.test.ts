import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtcdStorage, type EtcdClaimOptions } from '../../src';
import { podName, TestCluster } from './support/cluster';
import { blocksOf, runBlock, runCommands } from './support/guides';
import { report } from './support/report';
import { expectHandedOver, expectUnnoticed, Scenario, timed } from './support/scenario';
import { useSpace } from './support/space';

const PAGE = 'docs/volumes.md';

describe('docs/volumes.md', () => {
  const space = useSpace('volumes');
  const storageClass = `e2e-${Math.random().toString(36).slice(2, 7)}`;
  let folder: string;
  let cluster: TestCluster;
  let scenario: Scenario;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'volumes-'));
    mkdirSync(join(folder, 'dist'));
    cluster = new TestCluster(space.kubectl);
    await cluster.apply();
    await cluster.whole();
    scenario = await Scenario.beside(cluster);
  });
  afterAll(async () => {
    await run('the node is back');
    await space.kubectl.do(['delete', 'storageclass', storageClass, '--ignore-not-found']);
    rmSync(folder, { recursive: true });
  });

  const run = (block: string): Promise<string> => runBlock(PAGE, block, space.kubectl.namespace, folder);
  /** The next commit: `dist/`, which is not applied. */
  const commit = (claim: EtcdClaimOptions): void => {
    cluster.props = { ...cluster.props, storage: EtcdStorage.persistentVolumeClaim(claim) };
    writeFileSync(join(folder, 'dist/etcd.k8s.yaml'), cluster.yaml());
  };
  const [, ...replacing] = blocksOf('docs/alerts.md').get('replace a member')?.split('\n') ?? [];
  /** The commands of docs/alerts.md, after the check of the other members. */
  const replace = (pod: string): Promise<string> => {
    const commands = replacing.join('\n').replaceAll('etcd-1', pod).replaceAll('etcd-cluster', space.kubectl.namespace);
    return runCommands(`replace ${pod}`, commands, folder);
  };

  space.case('volumes are made larger, and no member restarts', async () => {
    expect([...blocksOf(PAGE).keys()]).toEqual([
      'look',
      'enlarge',
      'replace the StatefulSet',
      'a lost node',
      'the node is back',
    ]);
    const before = await cluster.pods();
    const writes = await scenario.write('larger');
    const millis = await timed(async () => {
      commit({ size: '20Gi' });
      await run('look');
      await run('enlarge');
      await run('replace the StatefulSet');
    });
    expectUnnoticed(await scenario.finish('volumes made larger', writes, millis));
    const claims = await cluster.claims();
    expect(claims.map(({ spec }) => spec.resources.requests.storage)).toEqual(['20Gi', '20Gi', '20Gi']);
    const [template] = (await space.kubectl.get('statefulset', 'etcd')).spec.volumeClaimTemplates;
    expect(template.spec.resources.requests.storage).toBe('20Gi');
    const uids = (pods: typeof before) => pods.map(({ metadata }) => metadata.uid);
    expect(uids(await cluster.pods())).toEqual(uids(before));
    expect(await cluster.restarts()).toBe(0);
  });

  space.case('members move to another storage class, one after the other', async () => {
    const [existing] = await space.kubectl.list('storageclasses');
    const { provisioner, volumeBindingMode } = existing as { provisioner?: string; volumeBindingMode?: string };
    const metadata = { name: storageClass };
    const kind = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata, provisioner, volumeBindingMode };
    await space.kubectl.do(['create', '--filename=-'], JSON.stringify(kind));
    const writes = await scenario.write('class');
    const millis = await timed(async () => {
      commit({ size: '20Gi', storageClassName: storageClass });
      await run('look');
      await run('replace the StatefulSet');
      for (const ordinal of [2, 1, 0]) {
        const old = await cluster.pod(podName(ordinal));
        await run('look');
        await replace(podName(ordinal));
        await cluster.whole([old]);
      }
    });
    expectHandedOver(await scenario.finish('another storage class', writes, millis), 3);
    const claims = await cluster.claims();
    expect(claims.map(({ spec }) => spec.storageClassName)).toEqual([storageClass, storageClass, storageClass]);
  });

  space.case('a node is lost, with the volume that it had', async () => {
    const old = await cluster.pod(podName(1));
    await cluster.etcdctl('put', 'key', 'before');
    const wholeMillis = await timed(async () => {
      await run('a lost node'); // the writer may be on it
      await space.kubectl.until('etcd-1 to be gone', 60_000, async () => {
        return (await cluster.pods()).every(({ metadata }) => metadata.uid !== old.metadata.uid);
      });
      await cluster.etcdctl('put', 'key', 'meanwhile');
      await space.kubectl.until('the pod to wait for its volume', 120_000, async () => {
        const [pod] = (await cluster.pods()).filter(({ metadata }) => metadata.name === podName(1));
        return pod !== undefined && pod.metadata.uid !== old.metadata.uid && pod.status.phase === 'Pending';
      });
      await replace(podName(1));
      await cluster.whole([old]);
    });
    report('a node is lost', { wholeMillis });
    expect((await cluster.etcdctl('get', 'key', '--print-value-only')).trim()).toBe('meanwhile');
    expect((await cluster.pod(podName(1))).spec.nodeName).not.toBe(old.spec.nodeName);
    await run('the node is back');
    await cluster.agreed();
  });
});
