// tsc does not copy shell scripts: this puts those that run in pods beside the compiled code.
import { cpSync, rmSync } from 'node:fs';

rmSync('lib/src/scripts', { recursive: true, force: true });
cpSync('src/scripts', 'lib/src/scripts', { recursive: true });
