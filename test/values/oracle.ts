import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemaProblems, type KubernetesVersion } from '../support/schemas';
import { serverProblems } from './server';

/** Tells what a strict Kubernetes cluster would refuse. */
export interface Oracle {
  readonly name: string;
  /** One line for each thing that would be refused. Those that begin with `restricted: ` are Pod Security's. */
  problems(yaml: string, objects: readonly object[]): Promise<string[]>;
  end(): void;
}

/** The API server's own validation where its program `validator` is on the PATH, otherwise the published schemas. */
export function createOracle(): Oracle {
  return spawnSync('validator', [], { timeout: 60_000 }).error ? new Schemas() : new Validator();
}

/** The server's flag `--allow-privileged` is off in the program, and on wherever Kubernetes runs. Pod Security says more. */
const PRIVILEGED = /[^ ]*securityContext\.privileged: Forbidden: disallowed by cluster policy(, )?/g;

/** Kinds that Kubernetes does not have built in: only their CRDs say what is right. */
function isCustom({ apiVersion }: { readonly apiVersion?: string }): boolean {
  return /(coreos\.com|cert-manager\.io)\//.test(apiVersion ?? '');
}

function bySchema(objects: readonly object[], version: KubernetesVersion): string[] {
  return objects.flatMap((object) => schemaProblems(object, version));
}

class Schemas implements Oracle {
  public readonly name = 'the published schemas of Kubernetes 1.28';

  public problems(_yaml: string, objects: readonly object[]): Promise<string[]> {
    return Promise.resolve([...bySchema(objects, '1.28'), ...serverProblems(objects)]);
  }

  public end(): void {
    // nothing runs
  }
}

/**
 * The program reads names of files, and prints `== NAME` before what it finds in one. An empty file after each tells
 * when it is done with it.
 */
class Validator implements Oracle {
  public readonly name = 'the API server’s own validation, and Pod Security “restricted”';
  private readonly folder = mkdtempSync(join(tmpdir(), 'oracle-'));
  private readonly file = join(this.folder, 'app.yaml');
  private readonly last = join(this.folder, 'last.yaml');
  private program = this.start();
  private said = '';
  private whenDone: (said: string) => void = () => undefined;

  public constructor() {
    writeFileSync(this.last, '');
  }

  private start(): ChildProcessWithoutNullStreams {
    const program = spawn('validator', ['-']);
    program.stderr.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    program.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.said += text;
      if (this.said.endsWith(`== ${this.last}\n`)) this.whenDone(this.said);
    });
    program.on('close', (code) => {
      if (code === 2) this.program = this.start(); // it stops at what its authors did not think of
      this.whenDone(`${this.said}\nthe validator ended with status ${String(code)}`);
    });
    return program;
  }

  public async problems(yaml: string, objects: readonly object[]): Promise<string[]> {
    writeFileSync(this.file, [yaml, ...jobsOf(objects).map((job) => JSON.stringify(job))].join('\n---\n'));
    this.said = '';
    const said = await new Promise<string>((resolve) => {
      this.whenDone = resolve;
      this.program.stdin.write(`${this.file}\n${this.last}\n`);
    });
    const lines = said.replace(PRIVILEGED, '').split('\n');
    const found = lines.filter((line) => !/^$|^== |is invalid: $|^pod of [^:]*: $/.test(line));
    return [...found, ...bySchema(objects.filter(isCustom), '1.28'), ...serverProblems(objects)];
  }

  public end(): void {
    this.program.stdin.end();
    rmSync(this.folder, { recursive: true });
  }
}

interface CronJob {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly jobTemplate: { readonly metadata?: object; readonly spec: object } };
}

/** The Jobs that the controller would make of CronJobs. */
function jobsOf(objects: readonly object[]): object[] {
  const cronJobs = (objects as readonly CronJob[]).filter(({ kind }) => kind === 'CronJob');
  return cronJobs.map(({ metadata: { name, namespace }, spec }) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    ...spec.jobTemplate,
    metadata: { ...spec.jobTemplate.metadata, name: `${name}-29000000`, namespace },
  }));
}
