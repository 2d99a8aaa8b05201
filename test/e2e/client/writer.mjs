// Writes to etcd constantly, in its own pod, and then checks which acknowledged writes exist.
// The rate is an open loop: a slow server does not slow the writer, and latencies count from when a write was due. A write
// that failed has failed, unless the run may retry.
//
// GET /start?run=NAME&endpoints=URL,URL[&rate=100][&reads=0][&retries=0][&user=NAME:PASSWORD]
//     /mark?run=NAME: measure gaps and latencies from now on   /stats?run=NAME   /stop?run=NAME   /verify?run=NAME
import http from 'node:http';
import { Client, putRequest, rangeRequest, rangeResponse, sleep } from './etcd-client.mjs';
import { beginToWatch, stalledMs } from './stalls.mjs';

const PORT = 8080;
const DEADLINE_MS = 1000;
const RETRY_AFTER_MS = 50; // an immediate retry would meet the same election
const TICK_MS = 5;
const ERRORS_KEPT = 20;
const VERIFY_MS = 60_000;

const now = () => performance.now();

/** Whether the machine stalled for half of the time that a request had. */
function isExcused(error, since) {
  return error.message.endsWith('deadline exceeded') && stalledMs(since, now()) >= DEADLINE_MS / 2;
}

// --- runs
class Run {
  acknowledged = new Set();
  counts = { attempted: 0, failed: 0, stalled: 0, retried: 0, reads: 0, failedReads: 0 };
  errors = [];
  latencies = [];
  longestGap = { ms: 0 };
  netGap = 0; // without the time in which the machine stalled
  #open = 0;

  constructor({ run, endpoints, rate = '100', reads = '0', retries = '0', user = '' }) {
    this.prefix = `w/${run}/`;
    this.rate = Number(rate);
    this.reads = Number(reads);
    this.retries = Number(retries);
    this.client = new Client(endpoints.split(','), user);
    this.startedAt = this.tickedAt = now();
    this.timer = setInterval(() => this.#tick(), TICK_MS);
  }

  #tick() {
    this.tickedAt = now();
    const due = (rate) => ((this.tickedAt - this.startedAt) * rate) / 1000;
    while (this.counts.attempted < due(this.rate)) {
      const sequence = this.counts.attempted++;
      this.#count(this.#write(sequence, this.startedAt + (sequence * 1000) / this.rate));
    }
    while (this.counts.reads < due(this.reads)) {
      this.counts.reads++;
      this.#count(this.#read());
    }
  }

  async #count(request) {
    this.#open++;
    await request;
    this.#open--;
  }

  key(sequence) {
    return `${this.prefix}${String(sequence).padStart(9, '0')}`;
  }

  async #write(sequence, dueAt) {
    const message = putRequest(this.key(sequence), `value of ${sequence}`);
    for (let tries = 0; ; tries++) {
      try {
        await this.client.call('/etcdserverpb.KV/Put', message, DEADLINE_MS);
        this.#acknowledge(sequence, dueAt);
        return;
      } catch (error) {
        if (tries < this.retries) {
          this.counts.retried++;
          await sleep(RETRY_AFTER_MS);
          continue;
        }
        if (isExcused(error, dueAt)) {
          this.counts.stalled++;
          return;
        }
        this.counts.failed++;
        this.#note(`write: ${error.message}`, dueAt);
        return;
      }
    }
  }

  async #read() {
    const last = this.lastAcknowledged;
    if (last === undefined) return;
    const askedAt = now();
    try {
      const { keys } = rangeResponse(
        await this.client.call('/etcdserverpb.KV/Range', rangeRequest(this.key(last)), DEADLINE_MS),
      );
      if (keys.length !== 1) throw new Error(`acknowledged ${this.key(last)} is not there`);
    } catch (error) {
      if (isExcused(error, askedAt)) return;
      this.counts.failedReads++;
      this.#note(`read: ${error.message}`, askedAt);
    }
  }

  #note(error, dueAt) {
    if (this.errors.length >= ERRORS_KEPT) return;
    this.errors.push({ due: new Date(performance.timeOrigin + dueAt).toISOString(), error });
  }

  #acknowledge(sequence, dueAt) {
    this.#gapUntil(now());
    this.acknowledgedAt = now();
    this.lastAcknowledged = sequence;
    this.acknowledged.add(sequence);
    this.latencies.push(now() - dueAt);
  }

  /** Resets gaps and latencies, so that a cold start is not measured. */
  mark() {
    this.latencies = [];
    this.longestGap = { ms: 0 };
    this.netGap = 0;
    return {};
  }

  #gapUntil(time) {
    const ms = time - this.acknowledgedAt; // from the first acknowledged write on
    if (ms > this.longestGap.ms) this.longestGap = { ms, until: new Date().toISOString() };
    if (ms > this.netGap) this.netGap = Math.max(this.netGap, ms - stalledMs(this.acknowledgedAt, time));
  }

  stats() {
    if (this.timer) this.#gapUntil(now()); // an open gap counts
    const sorted = Float64Array.from(this.latencies).sort();
    const part = (p) => Math.round((sorted[Math.floor(sorted.length * p)] ?? 0) * 10) / 10;
    return {
      ...this.counts,
      acknowledged: this.acknowledged.size,
      longestGapMs: Math.round(this.longestGap.ms),
      longestGapUntil: this.longestGap.until,
      netGapMs: Math.round(this.netGap),
      p50Ms: part(0.5),
      p99Ms: part(0.99),
      errors: this.errors,
    };
  }

  /** Stops new writes and waits for those in flight, which have a deadline. */
  async stop() {
    const stats = () => ({ ...this.stats() });
    if (!this.timer) return stats();
    clearInterval(this.timer);
    while (this.#open > 0) await sleep(10);
    const last = stats();
    this.timer = undefined;
    return last;
  }

  /** The acknowledged writes that linearizable reads do not find. */
  async verify() {
    const found = new Set();
    const limit = now() + VERIFY_MS;
    const end = `${this.prefix.slice(0, -1)}0`; // '0' follows '/'
    for (let from = this.prefix, more = true; more;) {
      try {
        const answer = rangeResponse(await this.client.call('/etcdserverpb.KV/Range', rangeRequest(from, end), 5000));
        answer.keys.forEach((key) => found.add(Number(key.slice(this.prefix.length))));
        ({ more } = answer);
        from = `${answer.keys.at(-1)}\0`;
      } catch (error) {
        if (now() > limit) throw error;
        await sleep(200);
      }
    }
    const missing = [...this.acknowledged].filter((sequence) => !found.has(sequence));
    return {
      acknowledged: this.acknowledged.size,
      found: found.size,
      lost: missing.length,
      examples: missing.slice(0, 5).map((sequence) => this.key(sequence)),
    };
  }
}

beginToWatch('/probe/file');

// --- control, from inside the pod only
const runs = new Map();
const actions = {
  '/ready': () => ({}),
  '/start': (query) => {
    if (runs.has(query.run)) throw new Error(`there is a run ${query.run}`);
    runs.set(query.run, new Run(query));
    return {};
  },
  '/mark': ({ run }) => runs.get(run).mark(),
  '/stats': ({ run }) => runs.get(run).stats(),
  '/stop': ({ run }) => runs.get(run).stop(),
  '/verify': ({ run }) => runs.get(run).verify(),
};

http
  .createServer(async (request, response) => {
    try {
      const { pathname, searchParams } = new URL(request.url, 'http://localhost');
      if (!actions[pathname]) throw new Error(`no such action: ${pathname}`);
      response.end(JSON.stringify(await actions[pathname](Object.fromEntries(searchParams))));
    } catch (error) {
      response.statusCode = 500;
      response.end(error.stack);
    }
  })
  .listen(PORT, '127.0.0.1', () => console.log(`ready on ${PORT}`));
process.on('SIGTERM', () => process.exit(0));
