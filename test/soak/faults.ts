import { podName, type TestCluster } from '../e2e/support/cluster';
import { JobRun } from '../e2e/support/jobs';
import { sleep } from '../e2e/support/kubectl';
import { CAN_PARTITION, whileCutOff, whilePairCutOff } from '../e2e/support/partition';
import { CAN_LIMIT_VOLUMES } from '../e2e/support/small-volume';
import type { LimitedVolumes } from './limited-volumes';
import type { Fault, FaultKind } from './schedule';

/** Faults that this machine does not allow. */
export const IMPOSSIBLE: readonly FaultKind[] = [
  ...(CAN_PARTITION ? [] : (['member cut off', 'pair cut off'] as const)),
  ...(CAN_LIMIT_VOLUMES ? [] : (['disk full'] as const)),
];

const SCRIPTS = 'watch-member.sh|restore-member.sh|agree.sh';

/** Causes faults, and ends those that last. */
export class Faults {
  private jobs = 0;

  public constructor(
    private readonly cluster: TestCluster,
    private readonly volumes: LimitedVolumes | undefined,
  ) {}

  /** Resolves when the fault is over. Throws if the member is not in a state for it. */
  public async make(fault: Fault): Promise<void> {
    const { cluster } = this;
    switch (fault.kind) {
      case 'pod killed':
        return cluster.deletePod(podName(fault.ordinal), { force: true });
      case 'pod deleted':
        return cluster.deletePod(podName(fault.ordinal));
      case 'all pods killed':
        return cluster.killAll();
      case 'volumes lost':
        return cluster.loseDisks(fault.ordinals, { kill: fault.kill });
      case 'member cut off':
        return whileCutOff(await this.address(fault.ordinal), () => lasting(fault));
      case 'pair cut off': {
        const [one = '', other = ''] = await Promise.all(fault.ordinals.map((ordinal) => this.address(ordinal)));
        return whilePairCutOff(one, other, () => lasting(fault));
      }
      case 'etcd frozen':
        return this.whileFrozen(podName(fault.ordinal), ['-x', 'etcd'], () => lasting(fault));
      case 'scripts frozen':
        return this.whileFrozen(podName(fault.ordinal), ['-f', SCRIPTS], () => lasting(fault));
      case 'disk full':
        return this.volumes?.whileFull(`data-${podName(fault.ordinal)}`, () => lasting(fault));
      case 'stale settings':
        return this.whileStale(fault.replicas, fault.told, () => lasting(fault));
      case 'scaled':
        return this.scale(fault.replicas, fault.told);
      case 'rolling restart':
        return cluster.restart();
      case 'defragmentation':
        return this.defragment();
    }
  }

  private async address(ordinal: number): Promise<string> {
    const pod = await this.cluster.pod(podName(ordinal));
    if (!pod.status.podIP) throw new Error(`${podName(ordinal)} has no address yet`);
    return pod.status.podIP as string;
  }

  private async whileFrozen(pod: string, processes: readonly string[], act: () => Promise<void>): Promise<void> {
    const { ok, stderr } = await this.cluster.exec(pod, 'pkill', '-STOP', ...processes);
    if (!ok) throw new Error(`nothing to freeze in ${pod}: ${stderr.trim()}`);
    await act();
    await this.cluster.exec(pod, 'pkill', '-CONT', '.'); // perhaps another pod by now
  }

  private async whileStale(replicas: number, told: readonly number[], act: () => Promise<void>): Promise<void> {
    const data = { replicas: `${replicas}` };
    await this.cluster.kubectl.do(['patch', 'configmap', 'etcd-settings', '--patch', JSON.stringify({ data })]);
    await this.tell(told);
    await act();
    await this.cluster.kubectl.apply(this.cluster.yaml());
  }

  private async scale(replicas: number, told: readonly number[]): Promise<void> {
    this.cluster.props = { ...this.cluster.props, replicas };
    await this.cluster.kubectl.apply(this.cluster.yaml());
    await this.tell(told);
  }

  /** Members that read the settings at once. Others wait for their kubelet. */
  private async tell(ordinals: readonly number[]): Promise<void> {
    if (ordinals.length === 0) return;
    const at = `e2e/at=${Date.now()}`;
    await this.cluster.kubectl.try(['annotate', '--overwrite', 'pods', ...ordinals.map(podName), at]);
  }

  private async defragment(): Promise<void> {
    const run = await JobRun.start(this.cluster.kubectl, `defrag-${this.jobs++}`, 'etcd-defrag');
    await run.end(); // healthy or not
    await run.delete();
  }
}

function lasting({ seconds }: { readonly seconds: number }): Promise<void> {
  return sleep(seconds * 1000);
}
