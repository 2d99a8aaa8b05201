import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Written } from './synth';

const ROOT = join(__dirname, '..', '..');

/** A script that runs in pods, from src/scripts. */
export interface ScriptSource {
  /** Its path in this repository. */
  readonly path: string;
  /** Its file name, which is its key in a ConfigMap. */
  readonly name: string;
  readonly text: string;
}

export const SCRIPT_SOURCES: readonly ScriptSource[] = readdirSync(join(ROOT, 'src', 'scripts'), {
  recursive: true,
  withFileTypes: true,
})
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .sort()
  .map((file) => ({ path: relative(ROOT, file), name: basename(file), text: readFileSync(file, 'utf8') }));

const CHECKSUM = 'cdk8s-etcd/scripts';

/**
 * The objects as golden files have them: a script that is emitted exactly as it is kept in src/scripts is named, not
 * repeated, and so is the checksum of the scripts. Any other text stays, and then shows as a difference.
 */
export function nameScripts(objects: Written[]): object[] {
  return objects.map((object) => {
    if (object.kind === 'ConfigMap') return { ...object, data: nameEach(object.data as Data | undefined) };
    return object.kind === 'StatefulSet' ? nameChecksum(object) : object;
  });
}

interface Data {
  readonly [key: string]: string;
}

function nameEach(data: Data = {}): Data {
  return Object.fromEntries(
    Object.entries(data).map(([key, text]) => {
      const source = SCRIPT_SOURCES.find((script) => script.name === key && script.text === text);
      return [key, source ? `(${source.path})` : text];
    }),
  );
}

function nameChecksum(statefulSet: Written): object {
  const { spec } = structuredClone(statefulSet);
  const { annotations } = spec.template.metadata;
  if (/^[0-9a-f]{16}$/.test(annotations[CHECKSUM])) annotations[CHECKSUM] = '(checksum of the scripts)';
  return { ...statefulSet, spec };
}
