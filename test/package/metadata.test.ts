import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { DEFAULTS, REPOSITORY } from '../../src/constants/defaults';

/** What package.json says about this project, and the targets of links in its documents. */
const ROOT = join(__dirname, '..', '..');
const MADE = ['.git', 'node_modules', 'lib', 'dist', 'coverage'];

const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !MADE.includes(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

const all = filesBelow('');
const isMarkdown = (file: string): boolean => file.endsWith('.md');

test('package.json names the repository that the code names', () => {
  expect(JSON.parse(text('package.json'))).toMatchObject({
    author: expect.stringMatching(/\w/),
    homepage: `${REPOSITORY}#readme`,
    repository: { type: 'git', url: `git+${REPOSITORY}.git` },
    bugs: { url: `${REPOSITORY}/issues` },
    type: 'commonjs',
  });
});

test('no file names another repository of this project', () => {
  const prose = all.filter((file) => isMarkdown(file) || /^(src|docs|\.github|package\.json)/.test(file));
  expect(prose.length).toBeGreaterThan(150);
  const others = prose.flatMap((file) =>
    [...text(file).matchAll(/https:\/\/github\.com\/[\w-]+\/cdk8s-etcd\b/g)]
      .filter(([url]) => url !== REPOSITORY)
      .map(([url]) => `${file}: ${url}`),
  );
  expect(others).toEqual([]);
});

/** Targets of `[text](target)` and of `[label]: target`, outside of code. */
function linksOf(file: string): string[] {
  const prose = text(file)
    .replace(/^ *```.*?^ *```/gms, '')
    .replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)/gm)].map(([, inline, label]) => inline ?? label ?? '');
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(file: string): string[] {
  const headings = [...text(file).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => heading ?? '');
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What is wrong with a link, or undefined. Links to other sites are not checked. */
function problemOf(page: string, link: string, files: readonly string[]): string | undefined {
  const inRepository = link.startsWith(`${REPOSITORY}/blob/main/`) || link.startsWith(`${REPOSITORY}/tree/main/`);
  if (/^[a-z]+:/.test(link) && !inRepository) return undefined;
  const [path = '', anchor] = (inRepository ? link.slice(`${REPOSITORY}/blob/main/`.length) : link).split('#');
  const target = inRepository ? path : path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
  const there = inRepository
    ? existsSync(join(ROOT, target)) && statSync(join(ROOT, target)).isFile() === link.includes('/blob/')
    : files.includes(target) || files.some((file) => file.startsWith(`${target}/`));
  if (!there) return `${page}: ${link}: no such file`;
  if (anchor !== undefined && !anchorsOf(target).includes(anchor)) return `${page}: ${link}: no such heading`;
  return undefined;
}

function deadLinks(files: readonly string[]): (string | undefined)[] {
  const pages = files.filter(isMarkdown);
  return pages.flatMap((page) => linksOf(page).map((link) => problemOf(page, link, files))).filter(Boolean);
}

describe('every link has a target', () => {
  test('in the repository', () => {
    expect(deadLinks(all)).toEqual([]);
  });

  test('in the package, where only some files are', () => {
    const [pack] = JSON.parse(
      execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
        cwd: ROOT,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    ) as [{ files: { path: string }[] }];
    const files = pack.files.map(({ path }) => path);
    expect(files.filter(isMarkdown)).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/members.md']));
    expect(deadLinks(files)).toEqual([]);
  });

  test('from an alert to its runbook', () => {
    expect(problemOf('', DEFAULTS.alerts.runbookUrl, [])).toBeUndefined();
  });

  test.each([
    ['README.md', 'docs/none.md', 'no such file'],
    ['README.md', 'docs/members.md#none', 'no such heading'],
    ['docs/members.md', '#none', 'no such heading'],
    ['README.md', `${REPOSITORY}/blob/main/none.md`, 'no such file'],
    ['README.md', `${REPOSITORY}/blob/main/docs`, 'no such file'],
    ['README.md', 'CONTRIBUTING.md', 'no such file'],
  ])('a broken link is found, from %s to %s', (page, link, problem) => {
    expect(problemOf(page, link, ['README.md', 'docs/members.md'])).toBe(`${page}: ${link}: ${problem}`);
  });
});
