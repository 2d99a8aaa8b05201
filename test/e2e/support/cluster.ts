import { Chart, Testing, Yaml } from 'cdk8s';
import { EtcdCluster, EtcdImage, EtcdStorage, EtcdWarning, type EtcdClusterProps } from '../../../src';
import { AUTH, secrets, WITH_USERS } from './auth';
import { parseHashes, parseMemberList, parseStatus, type Member, type MemberList, type MemberStatus } from './etcdctl';
import { PATIENCE } from './limits';
import type { Kubectl, Live, Output } from './kubectl';
import { STRICT, STRICT_PROPS } from './strict';
import { SCHEME, tlsProps } from './tls';

export type TestProps = Partial<Omit<EtcdClusterProps, 'name' | 'namespace'>>;

const NAME = 'etcd';
const PHASE_URL = 'http://127.0.0.1:2382/phase';
const { E2E_ETCD } = process.env;
export const SMALL: TestProps = {
  ...(E2E_ETCD && { image: EtcdImage.upstream(E2E_ETCD) }),
  ...tlsProps(),
  ...(WITH_USERS && { auth: AUTH }),
  resources: { cpuRequest: '50m', memory: '256Mi' },
  storage: EtcdStorage.persistentVolumeClaim({ size: '1Gi' }),
  quotaBackend: '256Mi',
  ...(STRICT && STRICT_PROPS),
  acknowledgeWarnings: Object.values(EtcdWarning),
};

/** The cluster `etcd` of one namespace, as a user would keep it: props in a repository, applied after each commit. */
export class TestCluster {
  public props: TestProps = {};

  /** @param more adds jobs and the like, or a second cluster */
  public constructor(
    public readonly kubectl: Kubectl,
    private readonly more: (cluster: EtcdCluster) => void = () => undefined,
  ) {}

  /** A user's next commit: these props on top of the last ones. */
  public async apply(props: TestProps = {}): Promise<void> {
    this.props = { ...this.props, ...props };
    await this.kubectl.apply(this.yaml());
    await this.hurryKubelets();
  }

  /** Makes kubelets read changed ConfigMaps: they do so when a pod changes, or after more than a minute. */
  private async hurryKubelets(): Promise<void> {
    await this.kubectl.try(['annotate', 'pods', `--selector=${this.selector}`, '--overwrite', `e2e/at=${Date.now()}`]);
  }

  public yaml(): string {
    const chart = new Chart(Testing.app(), 'e2e');
    this.more(
      new EtcdCluster(chart, 'Etcd', { ...SMALL, ...this.props, name: NAME, namespace: this.kubectl.namespace }),
    );
    return Yaml.stringify(...(WITH_USERS ? secrets() : []), ...Testing.synth(chart));
  }

  // --- names
  public get size(): number {
    return this.props.replicas ?? 3;
  }

  public get selector(): string {
    return `app.kubernetes.io/name=etcd,app.kubernetes.io/instance=${NAME},app.kubernetes.io/component=etcd`;
  }

  public get podNames(): string[] {
    return Array.from({ length: this.size }, (_, ordinal) => podName(ordinal));
  }

  /** URLs of the first `count` members, as a client with several endpoints has them. */
  public memberUrls(count = this.size): string[] {
    return this.urls(count, `${this.kubectl.namespace}.svc.cluster.local`);
  }

  /** The same with the names of the pods, as in a chart's release. */
  public podUrls(): string[] {
    return this.urls(this.size, `${NAME}-headless.${this.kubectl.namespace}.svc.cluster.local`);
  }

  private urls(count: number, domain: string): string[] {
    return Array.from({ length: count }, (_, ordinal) => `${SCHEME}://${podName(ordinal)}.${domain}:2379`);
  }

  public get serviceUrl(): string {
    return `${SCHEME}://${NAME}.${this.kubectl.namespace}.svc.cluster.local:2379`;
  }

  // --- pods
  public pods(): Promise<Live[]> {
    return this.kubectl.look('pods', this.selector);
  }

  /** Waits until exactly these pods exist and are ready and, given `old`, all of those are replaced. */
  public ready(old: readonly Live[] = [], limit = PATIENCE): Promise<Live[]> {
    const before = new Set(old.map((pod) => pod.metadata.uid));
    return this.kubectl.until(`${this.size} ready pods`, limit, async () => {
      const pods = await this.pods();
      const done = pods.length === this.size && pods.every((pod) => isReady(pod) && !before.has(pod.metadata.uid));
      return done && pods;
    });
  }

  /** Waits until all pods are ready and the member list is these pods, all of them voting members. */
  public async whole(old: readonly Live[] = [], limit = PATIENCE): Promise<MemberList> {
    await this.ready(old, limit);
    return this.kubectl.until(`${this.size} voting members`, limit, async () => {
      const list = await this.list();
      return isWhole(list.members, this.podNames) && list;
    });
  }

  public async deletePod(name: string, { force = false } = {}): Promise<void> {
    await (force ? this.kubectl.kill(name) : this.kubectl.delete('pod', name));
  }

  public killAll(): Promise<void> {
    return this.kubectl.kill(`--selector=${this.selector}`);
  }

  /** A claim is deleted once its pod is gone. */
  public deleteClaims(ordinals: readonly number[]): Promise<void> {
    return this.kubectl.delete('pvc', ...ordinals.map(claimName));
  }

  /** Deletes the claims and the pods of these members at once; with `kill`, they get no time to stop. */
  public async loseDisks(ordinals: readonly number[], { kill = false } = {}): Promise<void> {
    await this.deleteClaims(ordinals);
    const names = ordinals.map(podName);
    await (kill ? this.kubectl.kill(...names) : this.kubectl.delete('pod', ...names));
  }

  public claims(): Promise<Live[]> {
    return this.kubectl.look('persistentvolumeclaims', this.selector);
  }

  /** A member's pod. */
  public async pod(name: string): Promise<Live> {
    const pod = (await this.pods()).find((candidate) => candidate.metadata.name === name);
    if (!pod) throw new Error(`there is no pod ${name}`);
    return pod;
  }

  public async restart(): Promise<void> {
    await this.kubectl.do(['rollout', 'restart', `statefulset/${NAME}`]);
  }

  public async restarts(): Promise<number> {
    const statuses = (await this.pods()).flatMap((pod) => (pod.status.containerStatuses ?? []) as Live[]);
    return statuses.reduce((sum, status) => sum + status.restartCount, 0);
  }

  public exec(pod: string, ...command: string[]): Promise<Output> {
    return this.kubectl.exec(pod, 'etcd', command);
  }

  /** The line that a pod serves about itself. */
  public async phase(pod: string): Promise<string> {
    const { stdout } = await this.exec(pod, 'wget', '-q', '-O', '-', PHASE_URL);
    return stdout.trim();
  }

  /** Everything that a pod tells others about itself. */
  public async hello(pod: string): Promise<string> {
    return (await this.exec(pod, 'wget', '-q', '-O', '-', 'http://127.0.0.1:2382/cgi-bin/hello')).stdout;
  }

  public logs(pod: string, ...more: string[]): Promise<string> {
    return this.kubectl.logs(pod, 'etcd', ...more);
  }

  // --- etcd
  /** etcdctl in the first pod where it succeeds. */
  public async etcdctl(...args: string[]): Promise<string> {
    let problem = 'there is no running pod';
    for (const pod of await this.pods()) {
      if (pod.status.phase !== 'Running') continue;
      const { ok, stdout, stderr } = await this.exec(pod.metadata.name, 'etcdctl', ...args);
      if (ok) return stdout;
      const lines = stderr.split('\n').filter((line) => line && !line.startsWith('command terminated'));
      problem = lines.at(-1) ?? '';
    }
    throw new Error(`etcdctl ${args.join(' ')}: ${problem}`);
  }

  public async list(): Promise<MemberList> {
    return parseMemberList(await this.etcdctl('member', 'list', '--write-out=json'));
  }

  public async members(): Promise<readonly Member[]> {
    return (await this.list()).members;
  }

  /** The status of every member. Fails if one of them does not answer. */
  public async status(): Promise<MemberStatus[]> {
    return parseStatus(await this.etcdctl('endpoint', 'status', '--cluster', '--write-out=json'));
  }

  public async leader(): Promise<Member> {
    const [status] = await this.status();
    const leader = (await this.members()).find((member) => member.id === status?.leaderId);
    if (!leader) throw new Error('there is no leader');
    return leader;
  }

  /** Transfers leadership to this member. */
  public async lead(pod: string): Promise<void> {
    const { name } = await this.leader();
    if (name === pod) return;
    const target = (await this.members()).find((member) => member.name === pod);
    const { ok, stderr } = await this.exec(name, 'etcdctl', 'move-leader', target?.id ?? '');
    if (!ok) throw new Error(`leadership of ${name} was not transferred to ${pod}: ${stderr}`);
  }

  /** The ID of the leader that this member knows; '0' for none. */
  public async leaderSeenBy(pod: string): Promise<string | undefined> {
    const { stdout } = await this.exec(pod, 'etcdctl', 'endpoint', 'status', '--write-out=json');
    return parseStatus(stdout)[0]?.leaderId;
  }

  /** Waits until every member follows the same leader and is at most `lag` log entries behind. */
  public async caughtUp(lag = 100): Promise<void> {
    await this.kubectl.until('all members to catch up', PATIENCE, async () => {
      const statuses = await this.status();
      const indices = statuses.map((status) => status.raftIndex);
      const leaders = new Set(statuses.map((status) => status.leaderId));
      return statuses.length === this.size && leaders.size === 1 && Math.max(...indices) - Math.min(...indices) <= lag;
    });
  }

  public async versions(): Promise<string[]> {
    return (await this.status()).map((status) => status.version);
  }

  /** Waits until all members hold the same data; writes must have stopped. */
  public async agreed(): Promise<number> {
    return this.kubectl.until('the same data on all members', 60_000, async () => {
      const hashes = parseHashes(await this.etcdctl('endpoint', 'hashkv', '--cluster', '--write-out=json'));
      return hashes.length === this.size && new Set(hashes).size === 1 && hashes[0];
    });
  }
}

export function podName(ordinal: number): string {
  return `${NAME}-${ordinal}`;
}

function claimName(ordinal: number): string {
  return `data-${podName(ordinal)}`;
}

export function ordinalOf(member: Member): number {
  return Number(member.name.split('-').at(-1));
}

export function isReady(pod: Live): boolean {
  const conditions = (pod.status.conditions ?? []) as Live[];
  return !pod.metadata.deletionTimestamp && conditions.some((c) => c.type === 'Ready' && c.status === 'True');
}

function isWhole(members: readonly Member[], names: readonly string[]): boolean {
  return (
    members.length === names.length &&
    members.every((member, i) => member.name === names[i] && !member.isLearner && member.clientUrls.length > 0)
  );
}
