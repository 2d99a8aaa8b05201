import { Arbitraries } from './arbitrary';
import { PARTS, recipes, synthesize } from './app';
import { Declarations } from './declarations';
import { createOracle } from './oracle';

/** That nothing is left out of what is tried, and that the oracle says no. */

test('each text of a prop has values', () => {
  const arbitraries = new Arbitraries();
  recipes(arbitraries);
  expect([...arbitraries.missing]).toEqual([]);
});

test('each construct is in the apps', () => {
  const declarations = new Declarations();
  const parents = declarations.propsOfConstructs().map((props) => {
    const [parent = '', ...others] = declarations.parentsOf('etcd', props);
    return others.length === 0 ? parent : props;
  });
  expect(Object.values(PARTS).sort()).toEqual([...new Set(parents)].sort());
});

test('the oracle accepts an app, and refuses it with a value that Kubernetes refuses', async () => {
  const oracle = createOracle();
  const { yaml, objects = [] } = synthesize({ cluster: { name: 'etcd', namespace: 'etcd-cluster' } });
  expect(await oracle.problems(yaml, objects)).toEqual([]);
  const wrong = objects.map((object) => ({ ...object, spec: { replicas: 'three' } }));
  const found = await oracle.problems(wrong.map((object) => JSON.stringify(object)).join('\n---\n'), wrong);
  expect(found).toContainEqual(expect.stringContaining('replicas'));
  oracle.end();
});
