// shellcheck and a syntax check for the scripts that run in pods. Reports when shellcheck is not installed.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const folders = readdirSync('src/scripts').map((folder) => `src/scripts/${folder}`);
const files = folders.flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`));
const run = (command, args) => spawnSync(command, args, { stdio: 'inherit' });

let failed = false;
for (const file of files) failed ||= run('sh', ['-n', file]).status !== 0;
const shellcheck = run('shellcheck', [
  '--shell=dash', // busybox: it has local and, which dash has not, pipefail
  '--exclude=SC3040',
  '--external-sources',
  `--source-path=${folders.join(':')}`,
  ...files,
]);
if (shellcheck.error) console.log('shellcheck is not installed: the scripts were only checked for syntax');
else failed ||= shellcheck.status !== 0;
process.exit(failed ? 1 : 0);
