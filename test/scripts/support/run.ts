import { execFile } from 'node:child_process';

export interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. One that takes too long is killed, and has no status. */
export function run(program: string, args: string[], env: { [name: string]: string }, seconds = 20): Promise<Result> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { env, encoding: 'utf8', timeout: seconds * 1000, killSignal: 'SIGKILL' },
      (_error, stdout, stderr) => {
        resolve({ status: child.exitCode ?? -1, stdout, stderr });
      },
    );
  });
}

/** Words of a command, for a shell. */
export function quote(words: string[]): string {
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}
