// npm run lint:prose: textlint over the pages of the repository; the glossary over comments and texts of src/, and over
// comments and titles of tests and tools. docs/glossary.md is the list of terms.
//
//   node tools/lint/prose.mjs [FILE...]    Markdown, TypeScript, JavaScript or shell; everything by default
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter, loadTextlintrc } from 'textlint';
import { glossaryTerms } from './glossary.mjs';
import { proseOfSource } from './source-prose.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Its texts are what this check must refuse. */
const WITH_WRONG_PROSE = ['test/package/prose.test.ts'];
const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'test/e2e/README.md'];

const GLOSSARY = {
  [join(ROOT, 'tools/lint/glossary.mjs')]: {
    terms: glossaryTerms(readFileSync(join(ROOT, 'docs/glossary.md'), 'utf8')),
  },
};
const RULES = {
  // Names of products and common terms, except for two of our own: a file and a folder of tests.
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

const isSource = (file) => /\.(ts|mjs|sh)$/.test(file);

/** The sources of the package, and those of its tests and tools. */
function allSources() {
  return ['src', 'test', 'model', 'tools'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => isSource(file) && !WITH_WRONG_PROSE.includes(join(folder, file)))
      .map((file) => join(ROOT, folder, file)),
  );
}
/** Texts of tests and tools are data: only those of src/, and of files that are checked by name, are for people. */
const hasMessages = (file) => !/\/(test|model|tools)\//.test(file.replace(ROOT, '/'));
const given = process.argv.slice(2);
const files = given.length === 0 ? [...allPages(), ...allSources()] : given;
const [pages, sources] = [files.filter((file) => !isSource(file)), files.filter(isSource)];

const results = pages.length === 0 ? [] : await (await linterOf(RULES)).lintFiles(pages);
const ofSources = await linterOf(GLOSSARY);
for (const file of sources) {
  const { messages } = await ofSources.lintText(
    proseOfSource(file, readFileSync(file, 'utf8'), hasMessages(file)),
    `${file}.txt`,
  );
  results.push({ filePath: file, messages });
}
const found = results.flatMap(({ filePath, messages }) =>
  messages.map(({ line, column, message }) => `${filePath}:${line}:${column}: ${message}`),
);
for (const line of found) console.error(line);
console.log(`prose: ${results.length} files, ${found.length} problems`);
if (found.length > 0) process.exitCode = 1;
