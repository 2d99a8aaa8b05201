import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chart, Testing, Yaml } from 'cdk8s';
import { EtcdCluster, EtcdWarning } from '../../../src';
import { values } from './bitnami-chart';
import { isReady, type TestCluster } from './cluster';
import { sleep, type Live } from './kubectl';
import { expectNothingLost, Scenario, timed, type Seen } from './scenario';

interface Identity {
  readonly clusterId: string;
  readonly members: string[];
  /** The claims of the members and of the snapshots. */
  readonly claims: string[];
  readonly clusterIp: string;
}

export interface Roll {
  readonly bySeveral: Seen;
  readonly byService: Seen;
  readonly wholeMillis: number;
}

/** A release that has just been installed: DNS can have kept that its pods do not exist. */
const DNS_TTL_MILLIS = 30_000;
const INSTANCE = 'app.kubernetes.io/instance=etcd';

/** A cluster as Bitnami's chart leaves it, which this library adopts under writes. */
export class Adoption {
  public static async of(cluster: TestCluster): Promise<Adoption> {
    await cluster.ready();
    await sleep(DNS_TTL_MILLIS);
    return new Adoption(cluster, await identity(cluster), await Scenario.beside(cluster));
  }

  private constructor(
    private readonly cluster: TestCluster,
    private readonly before: Identity,
    private readonly scenario: Scenario,
  ) {}

  /** Restarts the members under writes. It stays the same cluster, with at most one member down. */
  public async roll(title: string, act: () => Promise<void>): Promise<Roll> {
    const { cluster, scenario } = this;
    const pods = await cluster.pods();
    const several = await scenario.write('several', { endpoints: cluster.podUrls(), retries: 1 });
    const service = await scenario.write('service', { endpoints: [cluster.serviceUrl], retries: 1 });
    let mostAway = 0;
    const watch = setInterval(() => {
      void cluster.pods().then((now) => (mostAway = Math.max(mostAway, 3 - now.filter(isReady).length)));
    }, 500);
    const wholeMillis = await timed(async () => {
      await act();
      await cluster.ready(pods);
    }).finally(() => clearInterval(watch));
    await this.expectSame();
    const bySeveral = await scenario.finish(`${title}, several endpoints, one retry`, several, wholeMillis);
    const byService = await scenario.finish(`${title}, Service, one retry`, service, wholeMillis);
    expect(mostAway).toBe(1);
    expectNothingLost(bySeveral);
    expectNothingLost(byService);
    return { bySeveral, byService, wholeMillis };
  }

  /** The same cluster, members, claims and address as at first. */
  public async expectSame(): Promise<void> {
    expect(await identity(this.cluster)).toEqual(this.before);
  }

  /** Nothing is left of the chart: in the objects, in the pods, or in what members advertise. */
  public async expectOurs(): Promise<void> {
    const { cluster } = this;
    const { kubectl } = cluster;
    for (const pod of await cluster.pods()) {
      expect(pod.spec.initContainers.map(nameOf)).toEqual(['toolbox']);
      expect(pod.spec.containers.map(nameOf)).toEqual(['etcd']);
      expect(pod.spec.containers[0].readinessProbe).toMatchObject({ httpGet: { path: '/readyz' } });
      expect(pod.spec.containers[0].readinessProbe.exec).toBeUndefined();
    }
    for (const kind of ['service', 'serviceaccount', 'networkpolicy', 'poddisruptionbudget', 'statefulset', 'cronjob'])
      for (const { metadata } of await kubectl.list(kind, `--selector=${INSTANCE}`)) {
        expect(Object.keys(metadata.labels).filter((label) => label.startsWith('helm.'))).toEqual([]);
        expect(JSON.stringify(metadata.annotations ?? {})).not.toContain('meta.helm.sh');
        expect(metadata.labels['app.kubernetes.io/managed-by']).toBe('cdk8s');
      }
    for (const cronJob of await kubectl.list('cronjob'))
      expect(cronJob.spec.jobTemplate.spec.template.spec.containers).toHaveLength(1);
    expect((await kubectl.get('service', 'etcd')).spec.ports.map(nameOf)).toEqual(['client']);
    expect(await kubectl.list('secret', '--selector=owner=helm')).toEqual([]);
    expect(await cluster.etcdctl('member', 'list')).not.toContain(`http://etcd.${kubectl.namespace}.svc`);
  }
}

async function identity(cluster: TestCluster): Promise<Identity> {
  const { clusterId, members } = await cluster.whole();
  const claims = (await cluster.kubectl.look('persistentvolumeclaims')).map(({ metadata }) => metadata.uid as string);
  const { clusterIP } = (await cluster.kubectl.get('service', 'etcd')).spec;
  return { clusterId, members: members.map(({ id, name }) => `${id} ${name}`), claims, clusterIp: clusterIP };
}

/** A user's next commit, up to `npm run synth`: `dist/` below the folder. */
export function synthImport(folder: string, namespace: string, image: object): void {
  const chart = new Chart(Testing.app(), 'e2e');
  EtcdCluster.fromBitnamiValues(chart, 'Etcd', {
    values: values(image),
    releaseName: 'etcd',
    namespace,
    acknowledgeWarnings: Object.values(EtcdWarning),
  });
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'dist/etcd.k8s.yaml'), Yaml.stringify(...Testing.synth(chart)));
}

function nameOf({ name }: Live): string {
  return name;
}
