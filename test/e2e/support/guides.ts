import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './kubectl';

const ROOT = join(__dirname, '../../..');
/** Runs the commands of docs/ in one namespace. */
const NAMESPACE = 'etcd-cluster';

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Blocks of `sh` below a line `<!-- sh: NAME -->`, by their names. */
export function blocksOf(file: string): Map<string, string> {
  const marked = textOf(file).matchAll(/^( *)<!-- sh: (.+) -->\n\n\1```sh\n([^]*?)\n\1```$/gm);
  return new Map(
    [...marked].map(([, indent = '', name = '', code = '']) => [name, code.replaceAll(`\n${indent}`, '\n').trim()]),
  );
}

/** Runs a block as it stands, but in another namespace. Throws if a command fails. */
export async function runBlock(file: string, name: string, namespace: string, folder: string): Promise<string> {
  const code = blocksOf(file).get(name);
  if (code === undefined) throw new Error(`${file} has no block ${name}`);
  return runCommands(`${file}: ${name}`, code.replaceAll(NAMESPACE, namespace), folder);
}

export async function runCommands(title: string, commands: string, folder: string): Promise<string> {
  const { ok, stdout, stderr } = await run('bash', ['-euo', 'pipefail', '-c', `cd '${folder}'\n${commands}`]);
  if (!ok) throw new Error(`${title}:\n${stdout}${stderr}`);
  return stdout;
}
