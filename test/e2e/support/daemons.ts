import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** Where `argocd` and `kustomize-controller` are, with the types of their objects below `crds`: E2E_GITOPS (README.md). */
export const GIT_OPS = process.env.E2E_GITOPS;

/** Programs that run beside a test on this machine, each with its log in a folder, until they are stopped. */
export class Daemons {
  private readonly running: { readonly name: string; readonly process: ChildProcess }[] = [];

  public constructor(private readonly folder: string) {}

  public start(name: string, program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): void {
    const log = openSync(join(this.folder, `${name}.log`), 'w');
    const env = { ...process.env, ...environment };
    this.running.push({ name, process: spawn(program, args, { cwd: this.folder, env, stdio: ['ignore', log, log] }) });
  }

  /** The last lines of each log, for people. */
  public describe(): string {
    return this.running
      .map(({ name }) => {
        const lines = readFileSync(join(this.folder, `${name}.log`), 'utf8')
          .trimEnd()
          .split('\n');
        return [`${name}:`, ...lines.slice(-5).map((line) => `  | ${line.slice(0, 400)}`)].join('\n');
      })
      .join('\n');
  }

  public async stop(): Promise<void> {
    for (const { process: child } of this.running) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  }
}

/** A free port of the loopback interface. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
