import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scripts } from './manifests/scripts';

let loaded: Scripts | undefined;

/** The only I/O of the library: its own shell scripts, which lie beside this file. */
export function loadScripts(): Scripts {
  loaded ??= Object.fromEntries(
    readdirSync(join(__dirname, 'scripts'))
      .sort()
      .map((file) => [file, readFileSync(join(__dirname, 'scripts', file), 'utf8').replaceAll('\r\n', '\n')]),
  );
  return loaded;
}
