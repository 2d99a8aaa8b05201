import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ETCD_OPTIONS, FORBIDDEN_ENV } from '../../src/config/etcd-options';
import { JOB_ENV, MEMBER_ENV } from '../../src/constants/names';

/** Compares lists in docs/ and the README with the code that they describe. */
const text = (...path: string[]): string => readFileSync(join(__dirname, '..', '..', ...path), 'utf8');
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();
const matches = (page: string, pattern: RegExp): string[] => [...page.matchAll(pattern)].map(([, name = '']) => name);

/** Code spans in the first column of a page's tables. */
function listed(page: string): string[] {
  const cells = matches(page, /^\| ([^|]*) \|/gm);
  return sorted(cells.flatMap((cell) => matches(cell, /`([^`]+)`/g)));
}

/** A page's part below a heading. */
function section(page: string, heading: string): string {
  const part = page.split(/^## /m).find((candidate) => candidate.startsWith(`${heading}\n`));
  if (part === undefined) throw new Error(`no section ${heading}`);
  return part;
}

describe('the members’ protocol', () => {
  const [, words = '', lines = ''] = /\/\^\(([a-z|]+)\)\$\/.*?\/\^\((protocol .*?)\)\$\//s.exec(
    text('src', 'scripts', 'shared', 'phase.sh'),
  ) as string[];
  const keys = lines.split('|').map((line) => line.split(' ')[0] ?? '');

  test('docs/protocol.md has every phase and every line', () => {
    expect(words.split('|')).toContain('bootstrapping');
    expect(keys).toContain('busy');
    const page = listed(text('docs', 'protocol.md')).map((line) => line.split(' ')[0] ?? '');
    expect(sorted(page)).toEqual(sorted([...words.split('|'), ...keys, 'mac'])); // messages.sh takes the last away
  });

  test('the diagram of the README has every phase, and no other', () => {
    const diagram = section(text('README.md'), 'How members work together').split('```')[1] ?? '';
    const states = [...diagram.matchAll(/^ {2}(\S+) --> ([^\s:]+)/gm)].flatMap(([, from, to]) => [
      from ?? '',
      to ?? '',
    ]);
    expect(sorted(states.filter((state) => state !== '[*]'))).toEqual(sorted(words.split('|')));
  });
});

test('docs/files.md has every file that the scripts keep on a member’s volume', () => {
  const head = text('src', 'scripts', 'member', 'data.sh').split('\n# shellcheck')[0] ?? '';
  const names = matches(head, /^# {3,5}(\S.*?) {2,}\S/gm).flatMap((name) => name.split(', '));
  expect(names).toContain('member-id');
  expect(listed(section(text('docs', 'files.md'), "On a member's volume"))).toEqual(sorted(names));
});

test('docs/environment.md has every variable that the library sets or refuses', () => {
  const names = [...ETCD_OPTIONS.map(({ env }) => env), ...FORBIDDEN_ENV.keys(), ...MEMBER_ENV, ...JOB_ENV];
  expect(listed(text('docs', 'environment.md'))).toEqual(sorted(names));
});

test('the README fits on a few screens', () => {
  expect(text('README.md').split('\n').length).toBeLessThan(150);
});

describe('messages that pages quote are in the scripts', () => {
  const scripts = ['member', 'job', 'shared'].flatMap((folder) =>
    readdirSync(join(__dirname, '..', '..', 'src', 'scripts', folder)).map((file) =>
      text('src', 'scripts', folder, file),
    ),
  );

  /** The parts of a message between its values: names of snapshots and members, numbers, and "…". */
  function literals(quoted: string): string[] {
    return quoted
      .split(/…|\bdb-\S*|\betcd-\d\b|\d[\d.]*|\bMiB\b|\[http\S*|: /)
      .map((part) => part.trim())
      .filter((part) => /[a-z]+ [a-z]+/.test(part));
  }

  test.each([
    ['restore.md', 'What can go wrong', 12],
    ['leave-bitnami.md', "Third commit: the members' Services", 1],
    ['defragment.md', 'At every start', 2],
  ])('%s: %s', (page, heading, least) => {
    const part = section(text('docs', page), heading);
    const quoted = [
      ...matches(part, /(?<![`\w])`([^`\n]+)`/g).filter((one) => one.includes(' ')),
      ...matches(part, /```\n([^]*?)```/g),
    ];
    const parts = quoted
      .filter((one) => !/^(npx|kubectl|etcdctl|cdk8s|memberAddresses)/.test(one))
      .flatMap((one) => one.split('\n').flatMap(literals));
    expect(parts.length).toBeGreaterThanOrEqual(least);
    expect(parts.filter((one) => !scripts.some((script) => script.includes(one)))).toEqual([]);
  });
});
