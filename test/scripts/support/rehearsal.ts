import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { find, type Written } from '../../support/synth';
import { machine } from './machine';

const STUBS = join(__dirname, '..', 'stubs');
const ALWAYS = ['sleep', 'httpd']; // stubs of programs that do not fail
const SECONDS = 30; // that a run may take

export type How = 'fails' | 'silent';

/** One call of a program in the journal. Its number can differ when several run at once. */
export interface Call {
  readonly program: string;
  readonly number: number;
  readonly line: string;
}

export interface Run {
  readonly status: number | null;
  readonly log: string[];
  readonly calls: Call[];
  /** The call that failed, and those after it. */
  readonly wrong?: Call;
  readonly after?: Call[];
  readonly world: string;
}

export interface Rehearsed {
  readonly folder: string;
  readonly objects: Written[];
  /** The container of the job whose script it is. */
  readonly container: { readonly env: { readonly name: string; readonly value?: string }[] };
  readonly script: string;
  readonly env?: { readonly [name: string]: string };
  /** Programs whose output the script uses: they fail, or succeed without output. */
  readonly asked: readonly string[];
  /** Programs that do something: they fail. */
  readonly told?: readonly string[];
}

function parse(line: string): Call {
  const [program = '', number = ''] = line.split(' ');
  return { program, number: Number(number), line: line.replace(/^(\S+) \d+ ?/, '$1 ') };
}

/** Runs a job's script on this machine, with stubs for its programs, once for each possible failure. */
export class Rehearsal {
  /** The files that each run gets a copy of. */
  public readonly template: string;
  private runs = 0;

  public constructor(private readonly job: Rehearsed) {
    this.template = join(job.folder, 'template');
    const put = (folder: string, files: { readonly [name: string]: string }): void => {
      mkdirSync(join(job.folder, folder), { recursive: true });
      for (const [name, text] of Object.entries(files)) writeFileSync(join(job.folder, folder, name), text);
    };
    put('scripts', find(job.objects, 'ConfigMap', 'etcd-job-scripts').data);
    put('template/settings', find(job.objects, 'ConfigMap', 'etcd-settings').data);
    this.link(
      'bin',
      spawnSync(machine.busybox, ['--list'], { encoding: 'utf8' }).stdout.trim().split('\n'),
      machine.busybox,
    );
    this.link('path', [...job.asked, ...(job.told ?? []), ...ALWAYS], join(STUBS, 'call.sh'));
  }

  private link(folder: string, names: readonly string[], to: string): void {
    mkdirSync(join(this.job.folder, folder));
    for (const name of names) symlinkSync(to, join(this.job.folder, folder, name));
  }

  private environment(world: string, call?: Call, how: How = 'fails'): { [name: string]: string } {
    const given = this.job.container.env.map(({ name, value }) => [name, value ?? 'job']);
    const inside = (folder: string): string => join(this.job.folder, folder);
    return {
      ...(Object.fromEntries(given) as { [name: string]: string }),
      PATH: `${inside('path')}:${inside('bin')}`,
      TMP: join(world, 'tmp'),
      RUN: join(world, 'run'),
      SETTINGS: join(world, 'settings'),
      SNAPSHOT_DIRECTORY: join(world, 'snapshots'),
      WORLD: world,
      STUBS,
      BIN: inside('bin'),
      FAIL: call ? `${call.program} ${call.number}` : '',
      HOW: how,
      ...this.job.env,
    };
  }

  /** One run in which this call fails. `look` sees what it leaves. */
  public async run<T>(look: (run: Run) => T, call?: Call, how?: How): Promise<T> {
    const world = join(this.job.folder, `world-${++this.runs}`);
    cpSync(this.template, world, { recursive: true });
    const script = join(this.job.folder, 'scripts', this.job.script);
    const sh = spawn(join(this.job.folder, 'bin', 'sh'), [script], {
      cwd: world,
      env: this.environment(world, call, how),
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    let log = '';
    sh.stderr.on('data', (text: Buffer) => (log += text.toString()));
    const end = (): void => {
      try {
        process.kill(-(sh.pid ?? 0), 'SIGKILL');
      } catch {
        // all have ended
      }
    };
    const timer = setTimeout(end, SECONDS * 1000);
    const closed = once(sh, 'close');
    const [status] = (await once(sh, 'exit')) as [number | null];
    clearTimeout(timer);
    end(); // what it left in the background
    await closed;
    const file = join(world, 'journal');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    const calls = (some: string[]): Call[] => some.filter((line) => /^\S+ \d+/.test(line)).map(parse);
    const wrong = lines.findIndex((line) => line.startsWith('wrong: '));
    const seen = look({
      ...{ status, log: log.trim().split('\n'), world, calls: calls(lines) },
      ...(wrong >= 0 && {
        wrong: parse((lines[wrong] ?? '').replace('wrong: ', '')),
        after: calls(lines.slice(wrong + 1)),
      }),
    });
    rmSync(world, { recursive: true });
    return seen;
  }

  /** A run for each call of a good run and each way that it can fail. */
  public async each<T>(look: (run: Run, how: How) => T): Promise<T[]> {
    const { asked, told = [] } = this.job;
    const calls = await this.run((run) => run.calls);
    const ways = (how: How, programs: readonly string[]) =>
      calls.filter(({ program }) => programs.includes(program)).map((call) => ({ call, how }));
    const todo = [...ways('fails', [...asked, ...told]), ...ways('silent', asked)];
    const results: T[] = [];
    const work = async (): Promise<void> => {
      for (let next = todo.shift(); next; next = todo.shift()) {
        const { call, how } = next;
        results.push(await this.run((run) => look(run, how), call, how));
      }
    };
    await Promise.all(Array.from({ length: 2 * availableParallelism() }, work));
    return results;
  }
}

/** Files of a folder with their bytes. */
export function contents(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(names.map(({ name }) => [name, readFileSync(join(folder, name))]));
}
