import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `npm run lint:prose` checks pages and sources against docs/glossary.md. Here are texts that it must refuse, and some that it must accept. */
const PROSE = join(__dirname, '..', '..', 'tools', 'lint', 'prose.mjs');

jest.setTimeout(60_000); // a process for each page

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cdk8s-etcd-'));
  mkdirSync(join(folder, 'test'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function lint(text: string, name = 'page.md'): { status: number | null; found: string[] } {
  const page = join(folder, name);
  writeFileSync(page, text);
  const run = spawnSync(process.execPath, [PROSE, page], { encoding: 'utf8' });
  return { status: run.status, found: run.stderr.split('\n').filter((line) => line !== '') };
}

test.each([
  ['a phrase of the glossary', 'A cluster of four stands no more failures.', /:1:19: “stands no”: write “tolerate”/],
  ['in any case, over the end of a line', 'Lets go\nof a member.', /:1:1: “Lets go of”: write “restart”/],
  ['in a list', '- It joins anew.', /“joins anew”: write “rejoin”/],
  ['in a table', '| a |\n| --- |\n| it is proven |', /“proven”: write “verified”/],
  ['in a heading', '# Data are here', /“Data are”: write “data”/],
  ['a name that is written otherwise', 'Kept in git.', /use “Git”/],
  ['a long line', `Short.\n\n- ${'word '.repeat(30)}`, /:3:3: wrap this line of 15\d characters at 120/],
])('%s is refused', (_name, text, problem) => {
  const { status, found } = lint(`${text}\n`);
  expect(found[0]).toMatch(problem);
  expect(status).toBe(1);
});

test.each([
  ['a docstring', 'page.ts', '/**\n * What data are.\n */\nexport const data = 1;', ':2:9: “data are”'],
  ['an error', 'page.ts', "throw new Error('value: mend it');", ':1:25: “mend”'],
  ['a template', 'page.ts', 'f(`${a} stands no more`);', ':1:9: “stands no”'],
  ['a comment of a script', 'page.sh', 'run # until it joins anew', ':1:16: “joins anew”'],
  ['a log line', 'page.sh', 'log "nobody is there"', ':1:6: “nobody”'],
])('in a source, %s is refused', (_name, file, text, problem) => {
  const { status, found } = lint(`${text}\n`, file);
  expect(found[0]).toContain(problem);
  expect(status).toBe(1);
});

test('of tests, comments and titles are checked, and other texts are data', () => {
  const { found } = lint("// a voter\ntest('it joins anew', () => f('it joins anew'));\n", 'test/page.ts');
  expect(found.map((line) => line.replace(/.*page.ts/, ''))).toEqual([
    ':1:6: “voter”: write “voting member” (docs/glossary.md)',
    expect.stringContaining(':2:10: “joins anew”'),
    expect.stringContaining(':2:16: “anew”'),
  ]);
});

test('in a source, code may hold any word', () => {
  expect(lint("const nobody = anew('proven', `data`);\n", 'page.ts')).toEqual({ status: 0, found: [] });
  expect(lint('anew nobody "$proven"\n', 'page.sh')).toEqual({ status: 0, found: [] });
});

test('code, URLs and the cells of a table may be long, and hold any word', () => {
  const long = 'proven-'.repeat(30);
  const text = `See \`stands no\` in [it](https://example.com/${long}).\n\n\`\`\`\n${long} data are\n\`\`\`\n\n| a |\n| --- |\n| ${'word '.repeat(40)}|\n`;
  expect(lint(text)).toEqual({ status: 0, found: [] });
});
