import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemaProblems } from '../support/schemas';
import { ALLOWED } from './allowed';
import { factsOf } from './facts';
import { CASES, imported, rendered, synthImport, type Case } from './support';

/** Differences do not depend on the name of the release. */
function generic(path: string, fullname: string): string {
  return path.replace(new RegExp(`^(\\w+) ${fullname}(-[\\w-]+)?:`), '$1 X$2:');
}

interface Difference {
  readonly path: string;
  readonly chart: unknown;
  readonly ours: unknown;
}

function differences(one: Case): Difference[] {
  const chart = factsOf(rendered(one.name));
  const ours = factsOf(synthImport(one));
  const { fullname } = imported(one);
  return [...new Set([...Object.keys(chart), ...Object.keys(ours)])]
    .filter((path) => JSON.stringify(chart[path]) !== JSON.stringify(ours[path]))
    .map((path) => ({ path: generic(path, fullname), chart: chart[path], ours: ours[path] }));
}

const used = new Set<number>();

test('there are the guide’s five files, and more than thirty others', () => {
  expect(CASES.filter(({ name }) => name.startsWith('guide-'))).toHaveLength(5);
  expect(CASES.length).toBeGreaterThan(35);
});

test.each(CASES.map((one) => [one.name, one] as const))('%s: agrees with what Helm renders', (_name, one) => {
  expect(imported(one).problems).toEqual([]);
  const left = differences(one).filter(({ path, chart, ours }) => {
    const index = ALLOWED.findIndex(
      (allowed) =>
        allowed.path.test(path) && (allowed.files?.includes(one.name) ?? true) && (allowed.only?.(chart, ours) ?? true),
    );
    used.add(index);
    return index < 0;
  });
  expect(left).toEqual([]);
});

test.each(CASES.map((one) => [one.name, one] as const))('%s: fits the schemas of Kubernetes 1.28', (_name, one) => {
  expect(synthImport(one).flatMap((object) => schemaProblems(object, '1.28'))).toEqual([]);
});

test('every allowed difference occurs', () => {
  expect(ALLOWED.filter((_, i) => !used.has(i)).map(({ path, why }) => `${String(path)} ${why}`)).toEqual([]);
});

const chart = process.env.BITNAMI_CHART;
(chart ? test : test.skip)(
  'the stored data is what Helm renders now',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'bitnami-'));
    try {
      const helm = process.env.HELM ?? 'helm';
      const tool = join(__dirname, '..', '..', 'tools', 'render-bitnami.mjs');
      execFileSync(process.execPath, [tool, '--chart', chart ?? '', '--helm', helm, '--output', folder]);
      for (const { name } of CASES) expect(rendered(name, folder)).toEqual(rendered(name));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  300_000,
);
