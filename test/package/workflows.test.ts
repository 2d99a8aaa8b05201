import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { IMAGES } from '../../src/constants/images';
import { find, synthCluster } from '../support/synth';

/** Checks that .github agrees with the repository, because it runs only elsewhere. */
const ROOT = join(__dirname, '..', '..');
const GITHUB = join(ROOT, '.github');
const text = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8');

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Workflow {
  readonly permissions?: object;
  readonly jobs: { readonly [name: string]: { readonly 'timeout-minutes'?: number; readonly steps: Step[] } };
}

const files = (folder: string): string[] => readdirSync(join(GITHUB, folder)).sort();
const workflows = files('workflows').map((file) => ({
  file,
  workflow: parse(text('.github', 'workflows', file)) as Workflow,
}));
const actions = files('actions').map((name) => ({
  name,
  steps: (parse(text('.github', 'actions', name, 'action.yml')) as { runs: { steps: Step[] } }).runs.steps,
}));
const steps = [
  ...workflows.flatMap(({ workflow }) => Object.values(workflow.jobs).flatMap((job) => job.steps)),
  ...actions.flatMap((action) => action.steps),
];

test.each(workflows)('$file has read permissions only, and every job has a timeout', ({ workflow }) => {
  expect(workflow.permissions).toEqual({ contents: 'read' });
  for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
});

test('actions are of this repository, or of a major version', () => {
  const used = steps.flatMap(({ uses }) => uses ?? []);
  const [own, others] = [used.filter((uses) => uses.startsWith('./')), used.filter((uses) => !uses.startsWith('./'))];
  expect(new Set(own)).toEqual(new Set(actions.map(({ name }) => `./.github/actions/${name}`)));
  expect(others.filter((uses) => !/^[\w-]+\/[\w-]+@v\d+$/.test(uses))).toEqual([]);
});

test('every tier is run, by a script that package.json has', () => {
  const { scripts } = JSON.parse(text('package.json')) as { scripts: { [name: string]: string } };
  const run = steps.flatMap((step) => [...(step.run ?? '').matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name]) => name));
  expect(run.filter((name) => name !== 'ci' && !(scripts[name ?? ''] ?? ''))).toEqual([]);
  for (const tier of [
    'test',
    'lint',
    'lint:manifests',
    'test:scripts',
    'test:cluster',
    'test:smoke',
    'test:e2e',
    'test:soak',
  ]) {
    expect(run).toContain(tier);
  }
});

test('the scripts run on the programs of the images that the library pins', () => {
  const { initContainers, containers } = find(synthCluster(), 'StatefulSet', 'etcd').spec.template.spec;
  const images = [...initContainers, ...containers].map(({ image }: { image: string }) => image);
  const ci = text('.github', 'workflows', 'ci.yaml');
  expect(new Set(images).size).toBe(2);
  for (const image of images) expect(ci).toContain(`${image} /`);
});

test('Renovate sees every pinned image that says it should', () => {
  const { customManagers } = JSON.parse(text('.github', 'renovate.json')) as {
    customManagers: { managerFilePatterns: string[]; matchStrings: string[] }[];
  };
  const [manager] = customManagers;
  const file = 'src/constants/images.ts';
  expect(file).toMatch(new RegExp(manager?.managerFilePatterns[0]?.slice(1, -1) ?? ''));
  const source = text(file);
  const found = [...source.matchAll(new RegExp(manager?.matchStrings[0] ?? '', 'g'))].map(({ groups }) => groups);
  expect(found).toHaveLength([...source.matchAll(/renovate: datasource/g)].length);
  expect(found.map((groups) => [groups?.depName, groups?.currentValue])).toEqual([
    [IMAGES.etcd, IMAGES.etcdVersion],
    ...[IMAGES.toolbox, IMAGES.kubectl, IMAGES.rclone].map((image) => image.split(':')),
  ]);
});
