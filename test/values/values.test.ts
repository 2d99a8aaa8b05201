import fc from 'fast-check';
import { Arbitraries } from './arbitrary';
import { recipes, removeFolder, synthesize, type Outcome, type Recipe } from './app';
import { createOracle } from './oracle';

/** Runs per seed. `npm run test:values` has more. */
const RUNS = Number(process.env.VALUES_RUNS ?? 150);
const NEW_SEED = Number(process.env.VALUES_SEED ?? Math.floor(Math.random() * 2 ** 31));
const FIXED_SEED = 18;
/** One line for each wrong app, instead of the first and smallest. */
const SURVEY = process.env.VALUES_SURVEY;

const arbitrary = recipes(new Arbitraries());
const oracle = createOracle();
const FIRST = 'Validation failed with the following errors:';

afterAll(() => {
  oracle.end();
  removeFolder();
});

/** What is wrong with an outcome: nothing if it was refused as it should be, or if a strict cluster accepts it. */
async function wrongsOf(outcome: Outcome): Promise<string[]> {
  return outcome.objects ? accepted(outcome, outcome.objects) : refused(outcome.error);
}

async function accepted({ yaml, warnings }: Outcome, objects: readonly object[]): Promise<string[]> {
  const found = await oracle.problems(yaml, objects);
  const isToldOf = (problem: string): boolean => {
    const quoted = /^restricted: .*?: (.*)$/.exec(problem)?.[1];
    return quoted !== undefined && warnings.some((line) => line.includes(quoted));
  };
  return found.filter((problem) => !isToldOf(problem));
}

/** An error of ours tells all problems, each once and with its path. */
function refused(error: unknown): string[] {
  if (!(error instanceof Error)) return [`no error: ${String(error)}`];
  const [first, ...lines] = error.message.split('\n').map((line) => line.trim());
  if (first !== FIRST) return [`no error of ours: ${String(error.stack)}`];
  const places = lines.map((line) => line.split(/: /)[0]);
  return [
    ...lines.filter((line) => !/^\[\S+\] [^ ].*: \S/.test(line)).map((line) => `no path, or no text: ${line}`),
    ...lines.filter((line) => /\binvalid\b/.test(line)).map((line) => `about a placeholder: ${line}`),
    ...lines.filter((_line, i) => places.indexOf(places[i]) !== i).map((line) => `told twice: ${line}`),
  ];
}

async function survey(seed: number): Promise<void> {
  const counts = { accepted: 0, refused: 0 };
  const seen = new Map<string, number>();
  for (const recipe of fc.sample(arbitrary, { numRuns: RUNS, seed })) {
    const outcome = synthesize(recipe);
    counts[outcome.objects ? 'accepted' : 'refused']++;
    if (outcome.error instanceof Error && SURVEY === 'refused') console.log(outcome.error.message.slice(0, 600));
    for (const wrong of await wrongsOf(outcome)) {
      const kind = wrong.replace(/"[^"]*"|\d+/g, '…').slice(0, 400);
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      if (seen.get(kind) === 1) console.log(`${wrong}\n${fc.stringify(recipe)}`);
    }
  }
  console.log(
    JSON.stringify(counts),
    [...seen]
      .map(([kind, count]) => `${count} ${kind}`)
      .sort()
      .join('\n'),
  );
}

test.each([
  ['the fixed seed', FIXED_SEED],
  ['a new seed', NEW_SEED],
])(
  'whatever is accepted works: %s',
  async (_name, seed) => {
    if (SURVEY) return survey(seed);
    console.log(
      `${RUNS} apps of the seed ${seed}, each refused or accepted by ${oracle.name}; to repeat: VALUES_SEED=${seed}`,
    );
    const property = fc.asyncProperty(arbitrary, async (recipe: Recipe) => {
      expect(await wrongsOf(synthesize(recipe))).toEqual([]);
    });
    await fc.assert(property, { numRuns: RUNS, seed });
  },
  3_600_000,
);
