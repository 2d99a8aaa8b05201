// node model/run.mjs              searches all scenarios completely, on two processors, and prints a table
// node model/run.mjs --limit N    about N states of each safe scenario, and 20 times as many where a violation must be found
// node model/run.mjs --actions    which function of which script each action models
// node model/run.mjs NAME         the scenarios whose names contain NAME, with the trace of each violation
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { search } from './checker.mjs';
import { ACTIONS, RESTORE_ACTIONS, SETTINGS_ACTIONS, TRANSPORT_ACTIONS, USERS_ACTIONS } from './rules.mjs';
import { SCENARIOS } from './scenarios.mjs';

const [first, second] = process.argv.slice(2);
const actions = [
  ...Object.entries(ACTIONS),
  ...Object.entries(RESTORE_ACTIONS).map(([name, action]) => [`restore: ${name}`, action]),
  ...Object.entries(TRANSPORT_ACTIONS).map(([name, action]) => [`TLS: ${name}`, action]),
  ...Object.entries(USERS_ACTIONS).map(([name, action]) => [`users: ${name}`, action]),
  ...Object.entries(SETTINGS_ACTIONS).map(([name, action]) => [`settings of users: ${name}`, action]),
];
const limit = first === '--limit' ? Number(second) : Infinity;
const scenarios = SCENARIOS.filter(({ long }) => limit === Infinity || !long);

function run({ name, expected, model }) {
  const { states, seconds, verdict, why, trace, taken } = search(model(), {
    limit: expected === 'safe' ? limit : 20 * limit,
  });
  const isGood = verdict === expected || (expected === 'safe' && verdict === 'not finished');
  if (!isGood) process.exitCode = 1;
  const row = [name, states, seconds.toFixed(1), isGood ? verdict : `${verdict} (EXPECTED: ${expected})`];
  const names = actions.filter(([, action]) => taken.has(action)).map(([name]) => name);
  return { isGood, row: `| ${row.join(' | ')} |`, trace: why ? [why, ...trace] : [], taken: names };
}

if (!isMainThread) {
  parentPort.on('message', (index) => parentPort.postMessage(run(scenarios[index])));
} else if (first === '--actions') {
  for (const [name, { by }] of actions) console.log(`${name}: ${by}`);
} else if (first && limit === Infinity) {
  for (const scenario of scenarios.filter(({ name }) => name.includes(first))) {
    const { row, trace } = run(scenario);
    console.log([row, ...trace.map((line, k) => (k ? `${String(k).padStart(4)} ${line}` : line))].join('\n'));
  }
} else {
  console.log('| scenario | states | seconds | verdict |\n| --- | --- | --- | --- |');
  let given = 0;
  const never = new Set(actions.map(([name]) => name));
  for (let k = 0; k < 2; k++) {
    const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
    const give = () => (given < scenarios.length ? worker.postMessage(given++) : worker.terminate());
    worker.on('message', ({ isGood, row, taken }) => {
      for (const name of taken) never.delete(name);
      console.log(row);
      if (!isGood) process.exitCode = 1;
      give();
    });
    give();
  }
  process.on('exit', () => {
    if (never.size) {
      console.log(`never taken in any scenario: ${[...never].join(', ')}`);
      process.exitCode = 1;
    }
  });
}
