import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const README = join(__dirname, '..', '..', 'README.md');

/** The README's quickstart: its app, and its commands in order. */
export function quickstart(): { readonly app: string; readonly commands: readonly string[] } {
  const readme = readFileSync(README, 'utf8');
  const block = (name: string): string =>
    new RegExp(`<!-- quickstart: ${name} -->\\n\`\`\`\\w+\\n([^]*?)\`\`\``).exec(readme)?.[1] ?? '';
  return { app: block('main.js'), commands: block('commands').trim().split('\n') };
}
