// Records when the machine itself stalled: this process did not run, or its disk accepted no writes. On shared machines
// this happens for up to a second, and says nothing about etcd.
import { open } from 'node:fs/promises';
import { sleep } from './etcd-client.mjs';

const STALL_MS = 100;
const PAUSE_MS = 50;
const TICK_MS = 5;

const now = () => performance.now();

/** [from, until]: the backlog is worked off after as long again. */
const stalls = [];
/** When the current wait for the processor or the disk began. Undefined if there is none. */
const waits = { processor: undefined, disk: undefined };

const stallOf = (from, to) => (to - from > STALL_MS ? [[from, to + (to - from)]] : []);

/** Writes to the disk constantly, as etcd does. */
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

/** The part of a time span in which the machine stalled. */
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
