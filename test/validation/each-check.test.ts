import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type * as fieldsModule from '../../src/checks/kubernetes/fields';
import type { Values } from '../../src/checks/kubernetes/kube';
import type * as refusals from '../support/refusals';
import type * as synth from '../support/synth';

/** Every check of src/checks/kubernetes says no to a case of test/validation/kubernetes: none can be removed unseen. */

const mockMade = new Set<string>();
const mockSaid = new Set<string>();
const mockCases: Parameters<typeof refusals.refuses>[0] = [];
let mockCount = 0;

/** The same check, which notes that it has found a problem. */
function mockNoted(name: string, check: Values<never>): Values<never> {
  mockMade.add(name);
  return (value, path, problems) => {
    const before = problems.messages.length;
    const result = check(value, path, problems);
    if (problems.messages.length > before) mockSaid.add(name);
    return result;
  };
}

jest.mock('../../src/checks/kubernetes/fields', (): typeof fieldsModule => {
  const real = jest.requireActual<typeof fieldsModule>('../../src/checks/kubernetes/fields');
  const fields = (checks: { [key: string]: Values<never> }, ...rules: Values<never>[]) => {
    const keys = Object.keys(checks);
    const name = `${++mockCount} {${keys.join(', ')}}`;
    const noted = keys.map((key) => [key, mockNoted(`${name} ${key}`, checks[key] as Values<never>)] as const);
    const notedRules = rules.map((rule, i) => mockNoted(`${name} rule ${i}`, rule));
    return real.fields(Object.fromEntries(noted) as never, ...notedRules);
  };
  return { ...real, fields: fields as unknown as typeof real.fields };
});

jest.mock('../support/refusals', (): typeof refusals => ({
  ...jest.requireActual<typeof refusals>('../support/refusals'),
  refuses: (cases) => void mockCases.push(...cases),
  accepts: () => undefined,
}));

const FOLDER = join(__dirname, 'kubernetes');
const TABLES = readdirSync(FOLDER).filter((file) => file !== 'monitoring.test.ts');

test('each check has a case', () => {
  const { problemsOf, synthCluster } = jest.requireActual<typeof synth>('../support/synth');
  for (const file of TABLES) jest.requireActual(join(FOLDER, file));
  expect(mockCases.length).toBeGreaterThan(150);
  for (const [props] of mockCases) problemsOf(() => synthCluster(props));
  expect([...mockMade].filter((name) => !mockSaid.has(name))).toEqual([]);
});
