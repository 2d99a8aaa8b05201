import { spawnSync } from 'node:child_process';
import { describeWhere } from './describe-where';

/** Found on the PATH. */
export const PROMTOOL = 'promtool';

const missing = spawnSync(PROMTOOL, ['--version']).error === undefined ? undefined : `not on the PATH: ${PROMTOOL}`;

/** `describe` if promtool is on the PATH. Otherwise it skips, and one line says so. */
export function describePromtool(what: string, name: string, tests: () => void): void {
  describeWhere(missing, what, name, tests);
}
