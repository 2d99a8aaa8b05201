// npm run test:checks: each place of src/ that reports a problem or a warning is removed, one at a time, and a test has
// to notice. Stryker, the usual program for this, changes operators, literals and blocks. Most checks here are entries
// of tables and arguments, such as `name: text(dnsLabelProblem)`, of which it can remove none.
//
// The tests run once, against a source in which each place has a switch. After a test, it runs again for each place that
// reported something in it, with that place switched off.
import { fileURLToPath } from 'node:url';
import { runCLI } from 'jest';
import { ACCEPTED } from './accepted.mjs';
import { places } from './places.mjs';
import { results } from './results.mjs';

const config = fileURLToPath(new URL('jest.config.mjs', import.meta.url));
const only = process.argv.slice(2); // paths of tests
const startedAt = performance.now();

const { list } = places();
const options = { _: only, $0: '', config, runInBand: true, ci: true, silent: true };
const { results: tests } = await runCLI(options, [config]);

const survivors = list
  .map((place, number) => ({ ...place, number }))
  .filter(({ number }) => !results.noticed.has(number));
const isAccepted = ({ file, text }) => ACCEPTED.some((one) => one.file === file && one.text === text);
const unexpected = survivors.filter((place) => !isAccepted(place));
const stale = ACCEPTED.filter(({ file, text }) => !survivors.some((one) => one.file === file && one.text === text));

for (const { file, line, text, number } of unexpected) {
  const [first, ...more] = results.unseen.get(number) ?? [];
  const tried =
    first === undefined ? 'no test has a problem here' : `${more.length + 1} tests do not notice, such as: ${first}`;
  console.log(`${file}:${line}: ${text}\n  ${tried}`);
}
for (const { file, text } of stale) console.log(`${file}: ${text}\n  a test notices; remove it from accepted.mjs`);
const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
console.log(
  `${list.length} checks removed one at a time in ${minutes} min: no test notices ${survivors.length} of them`,
);
process.exitCode = tests.success && unexpected.length === 0 && stale.length === 0 ? 0 : 1;
