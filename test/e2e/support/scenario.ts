import { TestCluster, type TestProps } from './cluster';
import { GAP_SLACK, LIMITS } from './limits';
import { report } from './report';
import type { Space } from './space';
import { Writer, type Run, type RunOptions, type Verdict, type WriterStats } from './writer';

/** What a case saw under writes. */
export interface Seen {
  readonly stats: WriterStats;
  readonly verdict: Verdict;
}

/** A cluster with a writer beside it, for the cases of one `describe`. */
export class Scenario {
  public static async start(space: Space, props: TestProps = {}): Promise<Scenario> {
    const cluster = new TestCluster(space.kubectl);
    const secured = 'tls' in props ? props.tls !== undefined : undefined;
    const whole = cluster.apply(props).then(() => cluster.whole());
    const [writer] = await Promise.all([Writer.start(space.kubectl, secured), whole]);
    return new Scenario(cluster, writer);
  }

  public static async beside(cluster: TestCluster): Promise<Scenario> {
    return new Scenario(cluster, await Writer.start(cluster.kubectl));
  }

  private constructor(
    public readonly cluster: TestCluster,
    private readonly writer: Writer,
  ) {}

  public write(name: string, options: RunOptions = { endpoints: this.cluster.memberUrls() }): Promise<Run> {
    return this.writer.write(name, options);
  }

  /** Writes to the members' URLs during `act`, reports the figures, and returns what the writer saw. `act` returns its duration. */
  public async underWrites(title: string, act: () => Promise<number>, options?: RunOptions): Promise<Seen> {
    const run = await this.write('run', options);
    const wholeMillis = await act().catch(async (error: unknown) => {
      await run.stop(); // the next case has its own writer
      throw error;
    });
    return this.finish(title, run, wholeMillis);
  }

  public async finish(title: string, run: Run, wholeMillis?: number): Promise<Seen> {
    const stats = await run.stop();
    const verdict = await run.verify();
    report(title, { wholeMillis, stats, lost: verdict.lost });
    return { stats, verdict };
  }
}

/** How long it takes. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const startedAt = Date.now();
  await act();
  return Date.now() - startedAt;
}

/** No write failed, and none was lost. */
export function expectUnnoticed({ stats, verdict }: Seen): void {
  expect(stats).toMatchObject({ failed: 0, errors: [] });
  expect(verdict).toMatchObject({ lost: 0, examples: [] });
}

/**
 * The same, except for what etcd itself drops: a proposal that reaches the leader while it transfers leadership
 * is dropped (raft.ErrProposalDropped), at once where the client is connected to it, and unanswered where another member
 * passed it on; a read there ends with "leader changed". A client that retries does not notice. A few milliseconds' worth for
 * each handover, and nothing else.
 */
export function expectHandedOver({ stats, verdict }: Seen, handovers: number): void {
  expect(stats.errors).toHaveLength(stats.failed + stats.failedReads); // all of them were kept
  const unlike = stats.errors.filter(({ error }) => !DROPPED.test(error));
  const seen = bursts(stats.errors.map(({ due }) => Date.parse(due)));
  if (unlike.length > 0 || seen > handovers)
    throw new Error(
      [
        `${seen} bursts of failed requests, and at most ${handovers} handovers; ${unlike.length} are not like a handover's:`,
        ...stats.errors.map(({ due, error }) => `due ${due}: ${error}`),
      ].join('\n'),
    );
  expect(verdict).toMatchObject({ lost: 0, examples: [] });
}

const DROPPED = /: (raft proposal dropped|deadline exceeded|etcdserver: leader changed)$/;

/** How many times something happened. All within one transfer of leadership count once. */
function bursts(times: number[]): number {
  let count = 0;
  let end = -Infinity;
  for (const time of times.sort((a, b) => a - b)) {
    if (time <= end) continue;
    count++;
    end = time + GAP_SLACK * LIMITS.handover.window;
  }
  return count;
}

/** Writes in flight at a member when it was removed may have failed: a few milliseconds' worth. */
export function expectRemovedAlive({ stats, verdict }: Seen): void {
  expect(stats.failed).toBeLessThanOrEqual(LIMITS.removedAlive.failed);
  expect(verdict).toMatchObject({ lost: 0, examples: [] });
}

/** Writes may have failed; none that was acknowledged was lost. */
export function expectNothingLost({ verdict }: Seen): void {
  expect(verdict).toMatchObject({ lost: 0, examples: [] });
  expect(verdict.acknowledged).toBeGreaterThan(0);
}
