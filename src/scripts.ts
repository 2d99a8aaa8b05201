import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scripts } from './manifests/scripts';

/** Which pods a script is for. Both kinds get the scripts of the folder `shared`. */
export interface ScriptSets {
  readonly member: Scripts;
  readonly job: Scripts;
}

let loaded: ScriptSets | undefined;

/** The only I/O of the library: its own shell scripts, which lie beside this file. */
export function loadScripts(): ScriptSets {
  loaded ??= { member: read('member', 'shared'), job: read('job', 'shared') };
  return loaded;
}

/** Pods have all of their scripts in one folder. */
function read(...folders: string[]): Scripts {
  const files = folders.flatMap((folder) =>
    readdirSync(join(__dirname, 'scripts', folder)).map((file) => ({
      file,
      path: join(__dirname, 'scripts', folder, file),
    })),
  );
  files.sort((a, b) => (a.file < b.file ? -1 : 1));
  return Object.fromEntries(files.map(({ file, path }) => [file, readFileSync(path, 'utf8').replace(/\r\n/g, '\n')]));
}
