import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestCluster } from '../e2e/support/cluster';
import { sleep } from '../e2e/support/kubectl';
import type { Faults } from './faults';
import { IMPOSSIBLE } from './faults';
import { rounds, type Fault, type FaultKind, type Round } from './schedule';

/** Longer than the longest back-off of Kubernetes, 5 minutes. */
const COMPLETE_WITHIN = 7 * 60_000;

/** The faults of a cluster, and whether it survived. */
export interface Course {
  readonly rounds: number;
  /** How often each kind of fault occurred. */
  readonly counts: ReadonlyMap<FaultKind, number>;
  /** Why it ended early. */
  readonly stuck?: string;
}

/** Runs the rounds of a seed until time is up, or until the cluster does not recover after one. */
export class Soak {
  private readonly counts = new Map<FaultKind, number>();

  public constructor(
    private readonly cluster: TestCluster,
    private readonly faults: Faults,
    private readonly folder: string,
  ) {}

  public async run(seed: number, minutes: number): Promise<Course> {
    const end = Date.now() + minutes * 60_000;
    const { clusterId } = await this.cluster.list();
    let done = 0;
    for (const round of rounds(seed, IMPOSSIBLE)) {
      if (Date.now() >= end) break;
      this.note(`round ${++done}: ${round.from} members, then ${round.to}`);
      try {
        await this.play(round);
        const after = await this.complete();
        if (after.clusterId !== clusterId) throw new Error(`another cluster: ${after.clusterId}, was ${clusterId}`);
      } catch (error) {
        return { rounds: done, counts: this.counts, stuck: await this.tellStuck(done, error as Error) };
      }
    }
    return { rounds: done, counts: this.counts };
  }

  private async play(round: Round): Promise<void> {
    await Promise.all(
      round.faults.map(async ({ after, fault }) => {
        await sleep(after * 1000);
        await this.make(fault);
      }),
    );
  }

  private async make(fault: Fault): Promise<void> {
    this.note(`  ${JSON.stringify(fault)}`);
    try {
      await this.faults.make(fault);
      this.counts.set(fault.kind, (this.counts.get(fault.kind) ?? 0) + 1);
    } catch (error) {
      // Without the cluster's settings, the rest is meaningless.
      if (fault.kind === 'scaled' || fault.kind === 'stale settings') throw error;
      this.note(`  ${fault.kind} was not possible: ${(error as Error).message.split('\n')[0]}`);
    }
  }

  /** The members of the settings are all voting and ready, match the pods, and have the same data. */
  private async complete(): ReturnType<TestCluster['whole']> {
    const { cluster } = this;
    const startedAt = Date.now();
    await cluster.apply(); // kubelets refresh the settings
    await cluster.kubectl.do(['rollout', 'status', 'statefulset/etcd', `--timeout=${COMPLETE_WITHIN / 1000}s`]);
    const list = await cluster.whole([], COMPLETE_WITHIN);
    await cluster.caughtUp();
    this.note(`  complete after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    return list;
  }

  private async tellStuck(round: number, error: Error): Promise<string> {
    this.note(`round ${round} did not end well: ${error.message}`);
    writeFileSync(join(this.folder, 'pods.txt'), await this.cluster.kubectl.describe());
    return `round ${round}: ${error.message.split('\n')[0]}`;
  }

  private note(text: string): void {
    const line = `${new Date().toISOString()} ${text}\n`;
    process.stdout.write(line);
    appendFileSync(join(this.folder, 'rounds.log'), line);
  }
}
