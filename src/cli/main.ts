#!/usr/bin/env node
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FileError } from './args';
import { run } from './run';

const PACKAGE = join(__dirname, '..', '..', '..', 'package.json');
const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { readonly version: string };

// A reader that stops early, such as `head`, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = run(
  process.argv.slice(2),
  {
    read: (file) => readFileSync(file === '-' ? 0 : file, 'utf8'),
    exists: existsSync,
    write: (file, text) => {
      try {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text, { flag: 'wx' });
      } catch (error) {
        throw new FileError(`cannot write ${file}: ${(error as Error).message}; remove it or choose another folder`);
      }
    },
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  },
  version,
);
