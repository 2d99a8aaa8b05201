import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scripts } from './manifests/scripts';

/** The scripts by kind of pod. Both kinds have the scripts in the folder `shared`. */
export interface ScriptSets {
  readonly member: Scripts;
  readonly job: Scripts;
}

let loaded: ScriptSets | undefined;

/** Reads the shell scripts. This is the only I/O of the library. */
export function loadScripts(): ScriptSets {
  loaded ??= { member: read('member', 'shared'), job: read('job', 'shared') };
  return loaded;
}

/** Pods have all their scripts in one folder. */
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
