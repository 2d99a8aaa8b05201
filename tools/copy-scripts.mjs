// tsc copies no shell: the scripts that run in pods go beside the compiled code.
import { cpSync, rmSync } from 'node:fs';

rmSync('lib/src/scripts', { recursive: true, force: true });
cpSync('src/scripts', 'lib/src/scripts', { recursive: true });
