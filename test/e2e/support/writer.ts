import { APP, WITH_USERS } from './auth';
import { ClientPod } from './client-pod';
import { sleep, type Kubectl } from './kubectl';

export interface WriterStats {
  readonly attempted: number;
  readonly acknowledged: number;
  readonly failed: number;
  /** Writes whose deadline passed while the machine stalled for half of it. */
  readonly stalled: number;
  readonly retried: number;
  readonly reads: number;
  readonly failedReads: number;
  readonly longestGapMs: number;
  readonly longestGapUntil?: string;
  /** The same without the time in which the machine stalled (client/stalls.mjs). */
  readonly netGapMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The first of them, by when they were due. */
  readonly errors: readonly { readonly due: string; readonly error: string }[];
}

export interface Verdict {
  readonly acknowledged: number;
  readonly found: number;
  readonly lost: number;
  readonly examples: readonly string[];
}

export interface RunOptions {
  readonly endpoints: readonly string[];
  /** Writes per second. */
  readonly rate?: number;
  /** Reads per second. */
  readonly reads?: number;
  readonly retries?: 0 | 1;
  /** NAME:PASSWORD */
  readonly user?: string;
}

const SETTLED_WRITES = 100;

/** The pod that writes constantly; see client/writer.mjs. */
export class Writer {
  public static async start(kubectl: Kubectl, secured?: boolean): Promise<Writer> {
    return new Writer(kubectl, await ClientPod.start(kubectl, 'writer', secured));
  }

  private constructor(
    private readonly kubectl: Kubectl,
    private readonly pod: ClientPod,
  ) {}

  /** Starts a run, and measures from when it has settled. */
  public async write(name: string, options: RunOptions): Promise<Run> {
    const { endpoints, ...rest } = { ...(WITH_USERS && { user: APP, retries: 1 }), ...options };
    const id = `${name}-${Math.random().toString(36).slice(2, 7)}`;
    const query = new URLSearchParams({ endpoints: endpoints.join(',') });
    for (const [key, value] of Object.entries(rest)) query.set(key, String(value));
    const run = new Run(this, id);
    await run.ask('start', `&${query}`);
    await this.kubectl.until(`the first writes of ${id}`, 60_000, async () => {
      return (await run.stats()).acknowledged >= SETTLED_WRITES;
    });
    await run.ask('mark');
    return run;
  }

  public ask<T>(path: string): Promise<T> {
    return this.pod.ask<T>(path);
  }
}

export class Run {
  public constructor(
    private readonly writer: Writer,
    private readonly id: string,
  ) {}

  public ask<T>(action: string, more = ''): Promise<T> {
    return this.writer.ask<T>(`/${action}?run=${this.id}${more}`);
  }

  /** The key of a write, as the writer names it. */
  public key(sequence: number): string {
    return `w/${this.id}/${String(sequence).padStart(9, '0')}`;
  }

  public stats(): Promise<WriterStats> {
    return this.ask('stats');
  }

  /** Writes for a while longer, so that late effects are seen, and stops. */
  public async stop(lingerMillis = 2000): Promise<WriterStats> {
    await sleep(lingerMillis);
    return this.ask('stop');
  }

  /** Which acknowledged writes are lost. */
  public verify(): Promise<Verdict> {
    return this.ask('verify');
  }
}
