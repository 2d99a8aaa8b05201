// npm run update:flags -- ETCD...: src/constants/etcd-flags.data.ts, the flags of these etcd programs, one of each version.
//
// Names come from the help of all of them. Whether a version has a flag, and what values it takes, is asked of the
// program itself: it reads all flags before it prints its version, and some flags are not in its help.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const FILE = join(fileURLToPath(new URL('..', import.meta.url)), 'src', 'constants', 'etcd-flags.data.ts');

const programs = process.argv.slice(2);
if (programs.length === 0) throw new Error('expected the paths of etcd programs, the oldest version first');

const run = (program, ...args) => spawnSync(program, args, { encoding: 'utf8', env: {} });
const versionOf = (program) => /etcd Version: (\S+)/.exec(run(program, '--version').stdout)[1];

function namesIn(program) {
  const { stdout, stderr } = run(program, '--help');
  return [...(stdout + stderr).matchAll(/^\s+--([a-z0-9-]+)/gm)].map(([, name]) => name);
}

/** What a program says of a value. Empty if it takes it. */
const complaint = (program, name, value) => run(program, `--${name}=${value}`, '--version').stderr.trim();

function kindOf(program, name) {
  const takes = (value) => complaint(program, name, value) === '';
  if (/not defined/.test(complaint(program, name, 'wrong'))) return undefined;
  if (takes('wrong')) return 'text';
  if (takes('7s')) return 'duration';
  if (takes('7')) return takes('-7') ? 'number' : 'unsigned';
  return takes('true') ? 'boolean' : 'text'; // one of a few words, or URLs
}

const versions = programs.map(versionOf);
/** Flags become stable and lose the prefix; the help of a version does not always have the other form. */
const bothForms = (name) => [name.replace(/^experimental-/, ''), `experimental-${name.replace(/^experimental-/, '')}`];
const names = [...new Set(programs.flatMap(namesIn).flatMap(bothForms))].sort();
const groups = new Map();
for (const name of names) {
  const kinds = programs.map((program) => kindOf(program, name));
  const kind = kinds.findLast(Boolean);
  if (kind === undefined) continue;
  const key = JSON.stringify({ kind, versions: versions.filter((_, i) => kinds[i] !== undefined) });
  groups.set(key, [...(groups.get(key) ?? []), name]);
}

const entries = [...groups].map(([key, flags]) => {
  const { kind, versions: having } = JSON.parse(key);
  return `{ kind: '${kind}', versions: ${JSON.stringify(having)}, flags: \`\n${flags.map((flag) => `    ${flag}\n`).join('')}  \` }`;
});
const source = `// Made by npm run update:flags from etcd ${versions.join(', ')}.

/** Flags of etcd with the same kind of value and in the same versions, one a line. */
export const ETCD_FLAGS: readonly {
  readonly kind: 'boolean' | 'duration' | 'number' | 'text' | 'unsigned';
  readonly versions: readonly string[];
  readonly flags: string;
}[] = [${entries.join(', ')}];
`;
writeFileSync(FILE, await format(source, { ...(await resolveConfig(FILE)), parser: 'typescript' }));
