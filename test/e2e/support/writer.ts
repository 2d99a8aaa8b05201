import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import { sleep, type Kubectl } from './kubectl';

export interface WriterStats {
  readonly attempted: number;
  readonly acknowledged: number;
  readonly failed: number;
  /** Ran into their deadline while the machine stood still for half of it. */
  readonly stalled: number;
  readonly retried: number;
  readonly reads: number;
  readonly failedReads: number;
  readonly longestGapMs: number;
  readonly longestGapUntil?: string;
  /** The same without the time in which the machine stood still (client/stalls.mjs). */
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
}

const POD = 'writer';
const CLIENT = join(__dirname, '..', 'client');
const ASK =
  "fetch('http://127.0.0.1:8080' + process.argv[1]).then(async (r) => { process.stdout.write(await r.text()); process.exitCode = r.ok ? 0 : 1; })";
const SETTLED_WRITES = 100;

/** The pod that writes all the time; see client/writer.mjs. */
export class Writer {
  public static async start(kubectl: Kubectl): Promise<Writer> {
    const image = process.env.E2E_NODE_IMAGE ?? 'docker.io/library/node:20-slim';
    await kubectl.apply(Yaml.stringify(configMap(), pod(image)));
    await kubectl.do(['wait', `pod/${POD}`, '--for=condition=Ready', '--timeout=120s']);
    const writer = new Writer(kubectl);
    await kubectl.until('the writer', 30_000, () => writer.ask('/ready'));
    return writer;
  }

  private constructor(private readonly kubectl: Kubectl) {}

  /** Starts a run, and measures from when it has settled. */
  public async write(name: string, options: RunOptions): Promise<Run> {
    const { endpoints, ...rest } = options;
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

  /** Asks by exec, which works wherever kubectl does. */
  public async ask<T>(path: string): Promise<T> {
    const { ok, stdout, stderr } = await this.kubectl.exec(POD, POD, ['node', '-e', ASK, path]);
    if (!ok) throw new Error(`writer ${path}: ${stdout}${stderr}`);
    return JSON.parse(stdout) as T;
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

  /** Writes on for a while, so that what comes late is seen, and stops. */
  public async stop(lingerMillis = 2000): Promise<WriterStats> {
    await sleep(lingerMillis);
    return this.ask('stop');
  }

  /** Which acknowledged writes are lost. */
  public verify(): Promise<Verdict> {
    return this.ask('verify');
  }
}

function configMap(): object {
  const files = readdirSync(CLIENT).map((file) => [file, readFileSync(join(CLIENT, file), 'utf8')]);
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: POD }, data: Object.fromEntries(files) };
}

function pod(image: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: POD, labels: { app: POD } },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: POD,
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['node', '/client/writer.mjs'],
          resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '256Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            readOnlyRootFilesystem: true,
          },
          volumeMounts: [
            { name: 'client', mountPath: '/client', readOnly: true },
            { name: 'probe', mountPath: '/probe' },
          ],
        },
      ],
      volumes: [
        { name: 'client', configMap: { name: POD } },
        { name: 'probe', emptyDir: {} },
      ],
    },
  };
}
