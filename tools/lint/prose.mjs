// npm run lint:prose: textlint over the pages of the repository, and the glossary over comments and texts of src/.
// docs/glossary.md is the list of terms.
//
//   node tools/lint/prose.mjs [FILE...]    Markdown, TypeScript or shell; all pages and src/ by default
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter, loadTextlintrc } from 'textlint';
import { glossaryTerms } from './glossary.mjs';
import { proseOfSource } from './source-prose.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'test/e2e/README.md'];

const GLOSSARY = {
  [join(ROOT, 'tools/lint/glossary.mjs')]: {
    terms: glossaryTerms(readFileSync(join(ROOT, 'docs/glossary.md'), 'utf8')),
  },
};
const RULES = {
  // Names of products and common terms, but for two names of our own: of a file, and of a folder of tests.
  [fileURLToPath(import.meta.resolve('textlint-rule-terminology'))]: { exclude: ['readme(s)?', 'e2e'] },
  ...GLOSSARY,
  [join(ROOT, 'tools/lint/line-length.mjs')]: { max: 120 },
};

/** textlint reads its rules from a file. */
async function linterOf(rules) {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-etcd-prose-'));
  try {
    const configFilePath = join(folder, '.textlintrc.json');
    writeFileSync(configFilePath, JSON.stringify({ rules }));
    const descriptor = await loadTextlintrc({ configFilePath });
    if (descriptor.toKernelOptions().rules.length !== Object.keys(rules).length)
      throw new Error('textlint did not load every rule');
    return createLinter({ descriptor });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** docs/errors.md is generated: its texts are those of src/. */
function allPages() {
  const docs = readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md') && file !== 'errors.md');
  return [...PAGES, ...docs.map((file) => join('docs', file))].map((file) => join(ROOT, file));
}

function allSources() {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|sh)$/.test(file))
    .map((file) => join(ROOT, 'src', file));
}

const isSource = (file) => /\.(ts|sh)$/.test(file);
const given = process.argv.slice(2);
const files = given.length === 0 ? [...allPages(), ...allSources()] : given;
const [pages, sources] = [files.filter((file) => !isSource(file)), files.filter(isSource)];

const results = pages.length === 0 ? [] : await (await linterOf(RULES)).lintFiles(pages);
const ofSources = await linterOf(GLOSSARY);
for (const file of sources) {
  const { messages } = await ofSources.lintText(proseOfSource(file, readFileSync(file, 'utf8')), `${file}.txt`);
  results.push({ filePath: file, messages });
}
const found = results.flatMap(({ filePath, messages }) =>
  messages.map(({ line, column, message }) => `${filePath}:${line}:${column}: ${message}`),
);
for (const line of found) console.error(line);
console.log(`prose: ${results.length} files, ${found.length} problems`);
if (found.length > 0) process.exitCode = 1;
