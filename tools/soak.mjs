#!/usr/bin/env node
// npm run test:soak: random faults on a real cluster under load, and a check of the history. See docs/verification.md.
//
//   npm run test:soak -- [--seed N] [--minutes M]     30 minutes with a new seed; the same seed gives the same faults
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { seed: { type: 'string' }, minutes: { type: 'string', default: '30' } } });
const seed = Number(values.seed ?? randomInt(1_000_000));
const minutes = Number(values.minutes);
if (!Number.isSafeInteger(seed) || seed < 0)
  throw new Error(`--seed: expected a whole number from 0, got ${values.seed}`);
if (!(minutes > 0)) throw new Error(`--minutes: expected a number above 0, got ${values.minutes}`);

const again = `npm run test:soak -- --seed ${seed} --minutes ${minutes}`;
console.log(`again: ${again}`);
const { status } = spawnSync('npx', ['jest', '--ci', '--config', 'jest.soak.config.mjs'], {
  stdio: 'inherit',
  env: { ...process.env, SOAK_SEED: `${seed}`, SOAK_MINUTES: `${minutes}` },
});
if (status !== 0) console.log(`the same faults again: ${again}`);
process.exitCode = status ?? 1;
