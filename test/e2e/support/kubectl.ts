import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** An object as kubectl prints it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into any object
export type Live = any;

export interface Output {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

const FIELD_MANAGER = 'e2e';
const LOG_LINES = 10;
const LOG_COLUMNS = 200;
const POLL_MILLIS = 250;

export const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

/** Runs a program to its end, whatever its result. */
export function run(
  program: string,
  args: readonly string[],
  input = '',
  environment: NodeJS.ProcessEnv = {},
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'utf8', maxBuffer: 2 ** 28, env: { ...process.env, ...environment } } as const;
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number' && error.signal === undefined) {
        reject(new Error(`${program} does not run: ${error.message}`));
      } else {
        resolve({ ok: !error, stdout, stderr });
      }
    });
    child.stdin?.on('error', () => undefined); // it ended without reading: its own message says why
    child.stdin?.end(input);
  });
}

/** Runs a program; throws with its message unless it succeeds. */
export async function must(program: string, ...args: string[]): Promise<void> {
  const { ok, stderr } = await run(program, args);
  if (!ok) throw new Error(`${program} ${args.join(' ')}: ${stderr.trim()}`);
}

/** kubectl with KUBECONFIG of the environment, in one namespace. */
export class Kubectl {
  private proxy?: { readonly process: ChildProcess; readonly url: Promise<string> };
  private closed = false;

  public constructor(public readonly namespace: string) {}

  /** Stops `look`, because a poll after a failure would start a process that is never stopped. */
  public close(): void {
    this.closed = true;
    this.proxy?.process.kill();
  }

  /** Lists objects of the core API through one `kubectl proxy`: a process for each poll would disturb the measurement. */
  public async look(resource: string, labelSelector = ''): Promise<Live[]> {
    if (this.closed) throw new Error(`the tests in ${this.namespace} have ended`);
    this.proxy ??= startProxy();
    const query = new URLSearchParams({ labelSelector });
    const path = `/api/v1/namespaces/${this.namespace}/${resource}?${query}`;
    const response = await fetch((await this.proxy.url) + path);
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return ((await response.json()) as Live).items;
  }

  public try(args: readonly string[], input?: string): Promise<Output> {
    return run('kubectl', ['--namespace', this.namespace, ...args], input);
  }

  /** Throws with kubectl's message unless it succeeds. */
  public async do(args: readonly string[], input?: string): Promise<string> {
    const { ok, stdout, stderr } = await this.try(args, input);
    if (!ok) throw new Error(`kubectl ${args.join(' ')}: ${stderr.trim() || stdout.trim()}`);
    return stdout;
  }

  public async apply(yaml: string, more: readonly string[] = []): Promise<void> {
    const how = ['--server-side', '--force-conflicts', `--field-manager=${FIELD_MANAGER}`];
    await this.do(['apply', ...how, ...more, '--filename=-'], yaml);
  }

  public async get(...what: string[]): Promise<Live> {
    return JSON.parse(await this.do(['get', ...what, '--output=json']));
  }

  public async list(...what: string[]): Promise<Live[]> {
    return (await this.get(...what)).items;
  }

  /** Deletes, without an error if there is nothing to delete, and does not wait. */
  public async delete(...what: string[]): Promise<void> {
    await this.do(['delete', '--ignore-not-found', '--wait=false', ...what]);
  }

  /** Deletes pods as a crashed node would: no preStop, no time to stop. */
  public async kill(...what: string[]): Promise<void> {
    await this.do(['delete', 'pod', '--ignore-not-found', '--wait=false', '--force', '--grace-period=0', ...what]);
  }

  public exec(pod: string, container: string, command: readonly string[]): Promise<Output> {
    return this.try(['exec', pod, `--container=${container}`, '--', ...command]);
  }

  public async logs(pod: string, container: string, ...more: string[]): Promise<string> {
    const { stdout, stderr } = await this.try(['logs', pod, `--container=${container}`, ...more]);
    return stdout || stderr;
  }

  /**
   * Polls until `probe` returns something other than undefined or false, and returns that. Its last error is reported when
   * time is up, with the state of all pods.
   */
  public async until<T>(what: string, limitMillis: number, probe: () => Promise<T | undefined | false>): Promise<T> {
    const end = Date.now() + limitMillis;
    let reason = '';
    for (;;) {
      try {
        const answer = await probe();
        if (answer !== undefined && answer !== false) return answer;
      } catch (error) {
        reason = `; last error: ${(error as Error).message}`;
      }
      if (this.closed) throw new Error(`the tests in ${this.namespace} have ended`);
      if (Date.now() > end) {
        throw new Error(`waited ${limitMillis / 1000} s for ${what}${reason}\n${await this.describe()}`);
      }
      await sleep(POLL_MILLIS);
    }
  }

  /** The pods' states, recent warnings and last log lines, for people. */
  public async describe(): Promise<string> {
    const pods = await this.list('pods').catch(() => []);
    const parts = await Promise.all(pods.map((pod) => this.describePod(pod)));
    const table = await this.try(['get', 'events', '--field-selector=type=Warning', '--sort-by=.lastTimestamp']);
    return [...parts, 'warnings:', ...tail(table.stdout)].join('\n');
  }

  private async describePod(pod: Live): Promise<string> {
    const name = pod.metadata.name as string;
    const statuses = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])] as Live[];
    const going = pod.metadata.deletionTimestamp ? ', going' : '';
    const lines = [`pod ${name}: ${pod.status.phase}${going}, on ${pod.spec.nodeName ?? 'no node'}`];
    for (const status of statuses) {
      const state = JSON.stringify(status.state);
      lines.push(`  ${status.name}: ready ${status.ready}, ${status.restartCount} restarts, ${state}`);
      if (status.state.terminated?.exitCode === 0) continue;
      const log = await this.logs(name, status.name, `--tail=${LOG_LINES}`);
      lines.push(...tail(log).map((line) => `    | ${line}`));
    }
    return lines.join('\n');
  }
}

function startProxy(): { readonly process: ChildProcess; readonly url: Promise<string> } {
  const child = spawn('kubectl', ['proxy', '--port=0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`kubectl proxy ended with ${code}`)));
    createInterface(child.stdout).once('line', (line) => {
      const address = /\d+\.\d+\.\d+\.\d+:\d+/.exec(line);
      if (address) resolve(`http://${address[0]}`);
      else reject(new Error(`kubectl proxy: ${line}`));
    });
  });
  return { process: child, url };
}

function tail(text: string): string[] {
  const lines = text.trimEnd().split('\n').slice(-LOG_LINES);
  return lines.map((line) => line.slice(0, LOG_COLUMNS));
}
