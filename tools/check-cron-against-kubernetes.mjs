#!/usr/bin/env node
// Compares the checks of schedules and time zones with a real API server, by a dry run of a CronJob for each.
//
//   npm run build && KUBECONFIG=... node tools/check-cron-against-kubernetes.mjs [--lib DIR]
//
// Prints a line for each disagreement and exits with 1 if there is any. What the library refuses although
// Kubernetes accepts it is marked in the table and only counted.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const AT_ONCE = 4;
const { values } = parseArgs({ options: { lib: { type: 'string', default: 'lib/src/grammar' } } });
const load = async (file) => (await import(pathToFileURL(resolve(values.lib, file)).href)).default;
const { cronProblem } = await load('cron.js');
const { timeZoneProblem } = await load('time-zone.js');

const SCHEDULES = [
  ...['* * * * *', '? ? ? ? ?', '0 3 * * *', ' 0\t3 * * * ', '5/15 * * * *', '0-59/100 * * * *', '*/100 * * * *'],
  ...['0 0 1 JAN mon', '0 0 1 jan-Mar SUN,mon-FRI', '0 0 * * 0-6', '1,,2 * * * *', '+5 05 * * *', '0 0 29 2 *'],
  ...['@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually', '@every 30m', '@every 1.5h'],
  ...['0 0 31 2 1', '0 0 31 2 */2', '', ' ', '* * *', '0 0 * * * *', '@Daily', '@daily ', ' @daily', '@reboot', '@'],
  ...['TZ=UTC 0 0 * * *', 'CRON_TZ=UTC 0 0 * * *', '@every', '@every ', '@every  30m', '@every 1d', '@every 30'],
  ...['60 * * * *', '*/0 * * * *', '5-1 * * * *', '1-2-3 * * * *', '*/2/3 * * * *', '*/-5 * * * *', '-1 * * * *'],
  ...['0 24 * * *', '0 0 0 * *', '0 0 32 * *', '0 0 L * *', '0 0 15W * *', '0 0 * 13 *', '0 0 * 0 *', '0 0 * mon *'],
  ...[
    '0 3 * * 7',
    '0 0 * * 1#2',
    '0 0 * * fri-mon',
    '0 0 * * 1/mon',
    '99999999999999999999 * * * *',
    '@every 9000000h',
  ],
];
/** Accepted by Kubernetes, but they never fire, fire every second, or are likely typos. */
const REFUSED_ON_PURPOSE = [
  ...['0 0 31 2 *', '0 0 30 2 ?', '0 0 31 4,6,9,11 *', ', * * * *', '* * , * *', '*-5 * * * *'],
  ...['@every 0s', '@every -5m', '@every 10ms'],
];
const TIME_ZONES = [
  ...['UTC', 'Etc/UTC', 'Etc/GMT+12', 'Etc/GMT-14', 'GMT', 'GMT+0', 'EST', 'EST5EDT', 'HST', 'W-SU', 'NZ-CHAT', 'Zulu'],
  ...[
    'Europe/Berlin',
    'Europe/Kyiv',
    'America/Port-au-Prince',
    'Africa/Dar_es_Salaam',
    'America/Knox_IN',
    'Asia/Kolkata',
  ],
  ...['America/Argentina/Buenos_Aires', 'America/Argentina/ComodRivadavia', 'US/Pacific', 'Australia/NSW', 'Japan'],
  ...['', 'Local', 'local', 'Nowhere/City', '+02:00', 'UTC+2', 'PST', 'IST', 'SystemV/PST8', 'US/Pacific-New', 'utc'],
  ...['Etc/GMT+13', 'europe/berlin', 'Europe/berlin', 'Europe/BERLIN', 'US/pacific', 'Asia/KolKata', ' UTC', '../UTC'],
];

/** Resolves to undefined if the API server accepts the CronJob, else to its message. */
function verdict(spec) {
  const manifest = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'cron-check' },
    spec: {
      ...spec,
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'example.com/a:1' }] } } },
      },
    },
  };
  return new Promise((done, fail) => {
    const kubectl = spawn('kubectl', ['create', '--dry-run=server', '-f', '-'], { stdio: ['pipe', 'ignore', 'pipe'] });
    let words = '';
    kubectl.stderr.on('data', (chunk) => (words += chunk));
    kubectl.on('error', fail);
    kubectl.on('close', (code) => {
      const text = words.trim().replace(/\s+/g, ' ');
      // An error about anything but the two fields (no cluster, no permission) says nothing about them.
      if (code === 0) done(undefined);
      else if (/spec\.(schedule|timeZone)/.test(text)) done(text);
      else fail(new Error(`no verdict from the API server: ${text}`));
    });
    kubectl.stdin.on('error', () => undefined);
    kubectl.stdin.end(JSON.stringify(manifest));
  });
}

const cases = [
  ...SCHEDULES.map((v) => ({ field: 'schedule', v, ours: cronProblem(v), spec: { schedule: v } })),
  ...REFUSED_ON_PURPOSE.map((v) => ({
    field: 'schedule',
    v,
    ours: cronProblem(v),
    spec: { schedule: v },
    known: true,
  })),
  ...TIME_ZONES.map((v) => ({
    field: 'timeZone',
    v,
    ours: timeZoneProblem(v),
    spec: { schedule: '0 0 * * *', timeZone: v },
  })),
];

let disagreements = 0;
let known = 0;
const queue = [...cases];
async function work() {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { field, v, ours, spec, known: isKnown } = next;
    const theirs = await verdict(spec);
    const isAsMarked = isKnown === true && ours !== undefined && theirs === undefined;
    if (isAsMarked) known++;
    else if (isKnown || (ours === undefined) !== (theirs === undefined)) {
      disagreements++;
      const say = (problem) => (problem === undefined ? 'accepts' : `refuses (${problem})`);
      console.log(`${field} ${JSON.stringify(v)}: the library ${say(ours)}, Kubernetes ${say(theirs)}`);
    }
  }
}
try {
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  console.log(`${cases.length} cases, ${known} refused on purpose, ${disagreements} disagreements`);
  process.exitCode = disagreements === 0 ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exit(2);
}
