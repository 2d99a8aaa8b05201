import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtcdImage, type EtcdCluster, type EtcdClusterProps } from '../../../src';
import { SERVES_SNAPSHOTS } from '../../../src/constants/names';
import { find, synthCluster, type Written } from '../../support/synth';
import { eventually } from './eventually';
import { machine } from './machine';
import { NAMESERVER, Pod, type Sandbox } from './pod';
import { quote } from './run';

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly peerUrl: string;
  readonly learner: boolean;
}

/** Creates the network of the pods, prints its process ID as seen from outside, and ends with its standard input. */
const SANDBOX = [
  'ip link add name pods type bridge',
  `ip addr add ${NAMESERVER}/24 dev pods`,
  'ip link set pods up',
  'read -r pid _ </proc/self/stat',
  'echo $pid',
  `exec ${quote([process.execPath, join(__dirname, 'dns.mjs'), NAMESERVER])}`,
].join(' && ');

// Longer than any test needs: each gives up earlier, with a reason.
jest.setTimeout(90_000);

/** The pods of an EtcdCluster as its manifests describe them. */
export class Members {
  /** @param more adds jobs to the cluster */
  public static async create(
    props: Partial<EtcdClusterProps> = {},
    more?: (cluster: EtcdCluster) => void,
  ): Promise<Members> {
    const apart = ['--net', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', SANDBOX];
    const network = spawn('unshare', [...machine.asRoot.unshare, ...apart], { stdio: ['pipe', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve, reject) => {
      network.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())));
      network.once('exit', () => reject(new Error('no network for the pods')));
    });
    return new Members(network, pid, props, more);
  }

  public pods: Pod[];
  private readonly folder = mkdtempSync(join(tmpdir(), 'etcd-members-'));
  private readonly sandbox: Sandbox;
  private readonly namespace: string;
  private jobs: Pod[] = [];

  private constructor(
    private readonly network: ChildProcess,
    pid: number,
    private props: Partial<EtcdClusterProps>,
    private readonly more?: (cluster: EtcdCluster) => void,
  ) {
    const { spec, metadata } = find(this.synth(), 'StatefulSet', 'etcd');
    this.namespace = metadata.namespace ?? 'default';
    const ordinals = Array.from({ length: spec.replicas }, (_, ordinal) => ordinal);
    const hosts = ordinals.map((i) => this.host(i, `etcd-${i}`, `etcd-${i}.${spec.serviceName}`)).join('');
    this.sandbox = { pid, folder: this.folder, hosts: `127.0.0.1 localhost\n${hosts}` };
    this.pods = ordinals.map((ordinal) => this.written(ordinal));
  }

  /** A pod as it is written now. */
  private written(ordinal: number): Pod {
    const objects = this.synth();
    const { spec } = find(objects, 'StatefulSet', 'etcd');
    const identity = { name: `etcd-${ordinal}`, namespace: this.namespace };
    return new Pod(this.sandbox, identity, spec.template.spec, ordinal, filesOf(objects));
  }

  /** A commit that changes the pods, and the rollout of one of them; it is not waited for. */
  public async replace(ordinal: number, props: Partial<EtcdClusterProps>): Promise<Pod> {
    this.change(props);
    if (this.pod(ordinal).running()) await this.pod(ordinal).stop(30);
    const pod = this.written(ordinal);
    this.pods = this.pods.map((old, k) => (k === ordinal ? pod : old));
    await pod.start();
    return pod;
  }

  /** A commit that changes the pods, while none of them runs. */
  public rewrite(props: Partial<EtcdClusterProps>): void {
    this.change(props);
    this.pods = this.pods.map((_, ordinal) => this.written(ordinal));
  }

  /** A commit that changes the pods, and its rollout, as a StatefulSet does it. */
  public async roll(props: Partial<EtcdClusterProps>): Promise<void> {
    for (const { ordinal } of this.pods.map((_, k) => ({ ordinal: k })).reverse()) {
      const pod = await this.replace(ordinal, props);
      await this.ready(pod);
    }
  }

  public ready(pod: Pod, seconds = 40): Promise<void> {
    return eventually(
      `${pod.name} is ready`,
      () => pod.ready(),
      seconds,
      () => this.state(),
    );
  }

  /** A pod with its names: of its Service, and its own. */
  private host(number: number, ...names: string[]): string {
    const full = names.map((name) => `${name}.${this.namespace}.svc.cluster.local`);
    return `${[Pod.address(number), ...full.flatMap((name) => [name, `${name}.`])].join(' ')}\n`;
  }

  private synth(): Written[] {
    return synthCluster({ image: EtcdImage.upstream(machine.etcdVersion), ...this.props }, this.more);
  }

  /** A commit. Running pods see only the settings. */
  public change(props: Partial<EtcdClusterProps>): void {
    this.props = { ...this.props, ...props };
    for (const [setting, value] of Object.entries(filesOf(this.synth()).settings)) this.set(setting, String(value));
  }

  /** A pod of a CronJob, or of the Job that brings a snapshot, with nothing in its volumes yet. The newest one is behind the Service. */
  public job(kind: 'CronJob' | 'Job', prefix: string): Pod {
    const objects = this.synth();
    const object = objects.find((o) => o.kind === kind && o.metadata.name.startsWith(prefix));
    if (!object) throw new Error(`there is no ${kind} ${prefix}`);
    const { spec, metadata } = kind === 'CronJob' ? object.spec.jobTemplate.spec.template : object.spec.template;
    const number = this.pods.length + this.jobs.length;
    const identity = { name: `job-${number}`, namespace: this.namespace, controllerUid: `uid-of-job-${number}` };
    const job = new Pod(this.sandbox, identity, spec, number, filesOf(objects, 'etcd-job-scripts'));
    this.jobs.push(job);
    if (metadata.labels[SERVES_SNAPSHOTS] === 'true') this.serve(number);
    return job;
  }

  private serve(number: number): void {
    const name = 'etcd-restore';
    const others = this.sandbox.hosts.split('\n').filter((line) => line !== '' && !line.includes(` ${name}.`));
    this.sandbox.hosts = `${others.join('\n')}\n${this.host(number, name)}`;
    for (const pod of this.pods) pod.resolve();
  }

  public pod(ordinal: number): Pod {
    const pod = this.pods[ordinal];
    if (!pod) throw new Error(`there is no pod ${ordinal}`);
    return pod;
  }

  public async start(existing = false): Promise<void> {
    this.set('existing', `${existing}`);
    await Promise.all(this.pods.map((pod) => pod.start()));
  }

  public async kill(): Promise<void> {
    await Promise.all(this.pods.map((pod) => pod.kill()));
  }

  public set(setting: string, value: string): void {
    for (const pod of this.pods) pod.set(setting, value);
  }

  /** The member list of a pod. Empty if it has none. */
  public async list(via = this.pod(0)): Promise<Listed[]> {
    const { stdout } = await via.exec('etcdctl', '--command-timeout=1s', 'member', 'list');
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(', '))
      .map(([id = '', , name = '', peerUrl = '', , learner]) => ({ id, name, peerUrl, learner: learner === 'true' }));
  }

  /** Waits until these pods, and nothing else, are one cluster of voting members, each of which has quorum. */
  public async whole(pods = this.pods, seconds = 30): Promise<Listed[]> {
    const names = pods.map((pod) => pod.name).join();
    let list: Listed[] = [];
    await eventually(
      `one cluster of the voting members ${names}`,
      async () => {
        const ready = await Promise.all(pods.map((pod) => pod.ready()));
        if (ready.includes(false)) return false;
        // Each reports its own view: a promoted member learns of it a moment later than the others.
        const lists = await Promise.all(pods.map((pod) => this.list(pod)));
        list = lists[0] ?? [];
        const voting = (all: Listed[]): string[] =>
          all.filter((member) => !member.learner).map((member) => member.name);
        return lists.every((all) => all.length === pods.length && voting(all).sort().join() === names);
      },
      seconds,
      () => this.state(),
    );
    return list;
  }

  public state(): string {
    return [...this.pods, ...this.jobs]
      .map((pod) => [pod.phase(), pod.restore(), ...pod.log().slice(-8)].join('\n  '))
      .join('\n');
  }

  public async leader(): Promise<Pod> {
    for (const pod of this.pods.filter((p) => p.runsEtcd())) {
      const { stdout } = await pod.exec('wget', '-q', '-O', '-', 'http://127.0.0.1:2381/metrics');
      if (stdout.includes('\netcd_server_is_leader 1\n')) return pod;
    }
    throw new Error(`there is no leader: ${this.state()}`);
  }

  /** Transfers leadership to this member. */
  public async lead(pod: Pod): Promise<void> {
    const leader = await this.leader();
    if (leader === pod) return;
    const target = (await this.list(leader)).find((member) => member.name === pod.name);
    const { status, stderr } = await leader.exec('etcdctl', 'move-leader', target?.id ?? '');
    if (status !== 0) throw new Error(`leadership was not transferred to ${pod.name}: ${stderr}`);
  }

  /** Ends the sandbox, and with it every process in it. */
  public async remove(): Promise<void> {
    const killed = Promise.all([...this.pods, ...this.jobs].map((pod) => pod.kill()));
    this.network.stdin?.end();
    await killed;
    await eventually('the network has ended', () => this.network.exitCode !== null || this.network.signalCode !== null);
    rmSync(this.folder, { recursive: true });
  }
}

function filesOf(
  objects: Written[],
  scripts = 'etcd-scripts',
): { readonly scripts: object; readonly settings: object } {
  return {
    scripts: find(objects, 'ConfigMap', scripts).data,
    settings: find(objects, 'ConfigMap', 'etcd-settings').data,
  };
}
