import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart, Testing, Yaml } from 'cdk8s';
import { EtcdCluster, EtcdWarning } from '../../src';
import { BITNAMI_IMAGE, values, writeChart } from './support/bitnami-chart';
import { isReady, TestCluster } from './support/cluster';
import { run as runProgram, type Live } from './support/kubectl';
import { GAP_SLACK, LIMITS, SLACK } from './support/limits';
import { Page } from './support/page';
import { expectNothingLost, expectUnnoticed, Scenario, timed } from './support/scenario';
import { useSpace } from './support/space';

const COMMAND = join(__dirname, '../../lib/src/cli/main.js');

/** A release that real Helm made, of a chart that makes what Bitnami's makes. */
describe('docs/leave-bitnami.md', () => {
  const space = useSpace('adoption');
  let folder: string;
  let page: Page;
  let cluster: TestCluster;
  let scenario: Scenario;
  let before: Identity;

  beforeAll(async () => {
    const { kubectl } = space;
    folder = mkdtempSync(join(tmpdir(), 'leave-bitnami-'));
    mkdirSync(join(folder, 'dist'));
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    chmodSync(COMMAND, 0o755);
    symlinkSync(COMMAND, join(folder, 'node_modules/.bin/cdk8s-etcd')); // as npm install would
    writeChart(join(folder, 'chart'), kubectl.namespace, '1Gi');
    writeFileSync(join(folder, 'given.yaml'), values(BITNAMI_IMAGE));
    const given = ['--namespace', kubectl.namespace, '--values', join(folder, 'given.yaml')];
    const install = ['install', 'etcd', join(folder, 'chart'), ...given];
    const { ok, stderr } = await runProgram('helm', install);
    if (!ok) throw new Error(`helm ${install.join(' ')}: ${stderr}`);
    cluster = new TestCluster(kubectl);
    await cluster.ready();
    before = await identity();
    scenario = await Scenario.beside(cluster);
    page = new Page('leave-bitnami.md', kubectl.namespace, folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  interface Identity {
    readonly clusterId: string;
    readonly members: string[];
    readonly claims: string[];
    readonly clusterIp: string;
  }

  /** What must be the same ever after. */
  async function identity(): Promise<Identity> {
    const { clusterId, members } = await cluster.whole();
    const claims = (await cluster.claims()).map((claim) => claim.metadata.uid as string);
    const { clusterIP } = (await space.kubectl.get('service', 'etcd')).spec;
    return { clusterId, members: members.map(({ id, name }) => `${id} ${name}`), claims, clusterIp: clusterIP };
  }

  /** A user's next commit, up to `npm run synth`. */
  function synth(image: object): void {
    const chart = new Chart(Testing.app(), 'e2e');
    EtcdCluster.fromBitnamiValues(chart, 'Etcd', {
      values: values(image),
      releaseName: 'etcd',
      namespace: space.kubectl.namespace,
      acknowledgeWarnings: Object.values(EtcdWarning),
    });
    writeFileSync(join(folder, 'dist/etcd.k8s.yaml'), Yaml.stringify(...Testing.synth(chart)));
  }

  /** Runs blocks of the page that roll the members, under writes. */
  async function roll(title: string, ...blocks: string[]) {
    const pods = await cluster.pods();
    const several = await scenario.write('several', { endpoints: cluster.memberUrls(), retries: 1 });
    const service = await scenario.write('service', { endpoints: [cluster.serviceUrl], retries: 1 });
    let mostAway = 0;
    const watch = setInterval(() => {
      void cluster.pods().then((now) => (mostAway = Math.max(mostAway, 3 - now.filter(isReady).length)));
    }, 500);
    const wholeMillis = await timed(async () => {
      for (const block of blocks) await page.run(block);
      await cluster.ready(pods);
    }).finally(() => clearInterval(watch));
    const after = await identity();
    const bySeveral = await scenario.finish(`${title}, several endpoints, one retry`, several, wholeMillis);
    const byService = await scenario.finish(`${title}, Service, one retry`, service, wholeMillis);
    expect(after).toEqual(before);
    expect(mostAway).toBe(1);
    expectNothingLost(bySeveral);
    expectNothingLost(byService);
    return { bySeveral, byService, wholeMillis };
  }

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
    ]);
    await page.run('snapshot');
    await page.run('look');
    await page.run('way back');
  });

  space.case('a release is taken over in place, under writes', async () => {
    synth(BITNAMI_IMAGE);
    const seen = await roll('Bitnami adopted', 'ask', "out of Helm's hands", 'make room', 'take over');
    expectUnnoticed(seen.bySeveral);
    expectUnnoticed(seen.byService);
    expect(seen.bySeveral.stats.netGapMs).toBeLessThan(GAP_SLACK * LIMITS.adoption.gap);
    expect(seen.wholeMillis).toBeLessThan(SLACK * LIMITS.adoption.whole);
    await cluster.agreed();
    await page.run('clean up');
    await expectOurs();
  });

  /** Nothing is left of the chart: not on the objects, nor in the pods, nor in what members advertise. */
  async function expectOurs(): Promise<void> {
    const { kubectl } = space;
    for (const pod of await cluster.pods()) {
      expect(pod.spec.initContainers.map(nameOf)).toEqual(['toolbox']);
      expect(pod.spec.containers.map(nameOf)).toEqual(['etcd']);
      expect(pod.spec.containers[0].readinessProbe).toMatchObject({ httpGet: { path: '/readyz' } });
      expect(pod.spec.containers[0].readinessProbe.exec).toBeUndefined();
    }
    for (const kind of ['service', 'serviceaccount', 'networkpolicy', 'poddisruptionbudget', 'statefulset', 'cronjob'])
      for (const { metadata } of await kubectl.list(kind, '--selector=app.kubernetes.io/instance=etcd')) {
        expect(Object.keys(metadata.labels)).not.toContain('helm.sh/chart');
        expect(JSON.stringify(metadata.annotations ?? {})).not.toContain('meta.helm.sh');
        expect(metadata.labels['app.kubernetes.io/managed-by']).toBe('cdk8s');
      }
    for (const cronJob of await kubectl.list('cronjob'))
      expect(cronJob.spec.jobTemplate.spec.template.spec.containers).toHaveLength(1);
    expect((await kubectl.get('service', 'etcd')).spec.ports.map(nameOf)).toEqual(['client']);
    expect(await kubectl.list('secret', '--selector=owner=helm')).toEqual([]);
    expect(await cluster.etcdctl('member', 'list')).not.toContain(`http://etcd.${kubectl.namespace}.svc`);
  }

  space.case('the upstream image follows, in a commit of its own', async () => {
    synth({ tag: BITNAMI_IMAGE.tag }); // of the chart's own repository: the import takes the etcd project's
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
  });
});

function nameOf({ name }: Live): string {
  return name;
}
