import { nameScripts, SCRIPT_SOURCES } from '../support/scripts';
import { find, synthCluster, toYaml, type Written } from '../support/synth';
import { everything } from './everything';

/** Golden files only name the scripts; these tests check that they are emitted unchanged. */
const emitted = (everything() as Written[])
  .filter((object) => object.kind === 'ConfigMap')
  .flatMap((object) => Object.entries(object.data as { [file: string]: string }))
  .filter(([file]) => file.endsWith('.sh'));

test('there are scripts', () => {
  expect(SCRIPT_SOURCES.length).toBeGreaterThan(20);
  expect(emitted.length).toBeGreaterThanOrEqual(SCRIPT_SOURCES.length);
});

test.each(SCRIPT_SOURCES)('$path is emitted byte for byte', ({ name, text }) => {
  const texts = emitted.filter(([file]) => file === name).map(([, value]) => value);
  expect(texts.length).toBeGreaterThan(0);
  expect(new Set(texts)).toEqual(new Set([text]));
});

test('no script is emitted that is not in src/scripts', () => {
  const names = SCRIPT_SOURCES.map(({ name }) => name);
  expect(emitted.map(([file]) => file).filter((file) => !names.includes(file))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test('golden files name a script only where it is emitted unchanged', () => {
  const objects = synthCluster();
  const [script] = SCRIPT_SOURCES.filter(({ name }) => name === 'member.sh');
  const changed = JSON.parse(JSON.stringify(objects).replace('#!/bin/sh', '#!/bin/ash')) as Written[];
  expect(toYaml(nameScripts(objects))).toContain(`member.sh: (${script?.path})`);
  expect(toYaml(nameScripts(objects)).split('\n').length).toBeLessThan(1000);
  expect(toYaml(nameScripts(changed))).toContain('#!/bin/ash');
  expect(find(nameScripts(objects) as Written[], 'StatefulSet', 'etcd').spec.template.metadata.annotations).toEqual({
    'cdk8s-etcd/scripts': '(checksum of the scripts)',
  });
});

test('no script goes by the address of a caller: behind a sidecar proxy, all calls come from one address', () => {
  expect(SCRIPT_SOURCES.filter(({ text }) => text.includes('REMOTE_ADDR'))).toEqual([]);
});
