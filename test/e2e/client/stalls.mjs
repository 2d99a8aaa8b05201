// When the machine itself stood still: this process did not get to run, or its disk took no writes. On machines that others
// use, too, that happens for up to a second, and says nothing about etcd.
import { open } from 'node:fs/promises';
import { sleep } from './etcd-client.mjs';

const STALL_MS = 100;
const PAUSE_MS = 50;
const TICK_MS = 5;

const now = () => performance.now();

/** [from, until]: what waited has been worked off after as long again. */
const stalls = [];
/** Since when it is waited for the processor and for the disk; nothing when it is not. */
const waits = { processor: undefined, disk: undefined };

const stallOf = (from, to) => (to - from > STALL_MS ? [[from, to + (to - from)]] : []);

/** Writes to the disk all the time, as etcd does. */
async function watchDisk(path) {
  const file = await open(path, 'w');
  for (;;) {
    const from = (waits.disk = now());
    await file.write('x', 0);
    await file.datasync();
    stalls.push(...stallOf(from, now()));
    waits.disk = undefined;
    await sleep(PAUSE_MS);
  }
}

export function beginToWatch(path) {
  waits.processor = now();
  setInterval(() => {
    stalls.push(...stallOf(waits.processor, now()));
    waits.processor = now();
  }, TICK_MS);
  watchDisk(path);
}

/** How much of a time the machine stood still. */
export function stalledMs(from, to) {
  const current = Object.values(waits).flatMap((since) => (since === undefined ? [] : stallOf(since, now())));
  let sum = 0;
  let seen = from;
  for (const [begin, end] of [...stalls, ...current].filter(([, end]) => end > from).sort(([a], [b]) => a - b)) {
    const since = Math.max(begin, seen);
    const until = Math.min(end, to);
    if (until <= since) continue;
    sum += until - since;
    seen = until;
  }
  return sum;
}
