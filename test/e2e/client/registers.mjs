// Reads and writes a few keys all the time, through all members, and records requests and answers with their times: the history that
// is checked for linearizability. Every value is written once. Each client has one request in flight at a time, with a deadline
// of 1 s. Clients share connections, one to each member.
//
// GET /start?endpoints=URL,URL[&clients=20][&keys=40][&rate=100]   requests per second, half of them writes
//     /stats   /stop: reads every key once more, and stops   /history: a line for each request, as test/soak/checks/history.ts reads it
import http from 'node:http';
import { Client, getRequest, putRequest, revisionOf, sleep, valueOf } from './etcd-client.mjs';

const PORT = 8080;
const DEADLINE_MS = 1000;
const LAST_READS_MS = 60_000;

const now = () => performance.now();

class Registers {
  lines = [];
  counts = { operations: 0, answered: 0, unknown: 0, failed: 0 };
  running = true;

  constructor({ endpoints, clients = '20', keys = '40', rate = '100' }) {
    this.keys = Number(keys);
    this.client = new Client(endpoints.split(','));
    const pauseMs = (Number(clients) * 1000) / Number(rate);
    this.loops = Array.from({ length: Number(clients) }, (_, number) => this.#loop(number, pauseMs));
  }

  async #loop(number, pauseMs) {
    await sleep(Math.random() * pauseMs);
    for (let count = 0; this.running; count++) {
      const dueAt = now() + pauseMs * (0.5 + Math.random());
      const key = Math.floor(Math.random() * this.keys);
      if (Math.random() < 0.5) await this.#read(key);
      else await this.#write(key, `${number}.${count}`);
      await sleep(Math.max(0, dueAt - now()));
    }
  }

  async #write(key, value) {
    this.counts.operations++;
    const start = now();
    try {
      const answer = await this.client.call('/etcdserverpb.KV/Put', putRequest(name(key), value), DEADLINE_MS);
      this.#keep('w', key, value, start, now(), revisionOf(answer));
    } catch (error) {
      // A request that no server has seen did not happen: it is not in the history, so a read of its value is a violation.
      if (error.message.includes('never sent')) this.counts.failed++;
      else this.#keep('w', key, value, start, -1, -1);
    }
  }

  async #read(key) {
    this.counts.operations++;
    const start = now();
    try {
      const answer = await this.client.call('/etcdserverpb.KV/Range', getRequest(name(key)), DEADLINE_MS);
      this.#keep('r', key, valueOf(answer) ?? '', start, now(), revisionOf(answer));
      return true;
    } catch {
      this.counts.failed++; // says nothing
      return false;
    }
  }

  #keep(kind, key, value, start, end, revision) {
    this.counts[end < 0 ? 'unknown' : 'answered']++;
    this.lines.push(JSON.stringify([kind, key, value, round(start), round(end), revision]));
  }

  async stop() {
    this.running = false;
    await Promise.all(this.loops);
    const limit = now() + LAST_READS_MS;
    for (let key = 0; key < this.keys; key++) {
      while (!(await this.#read(key))) {
        if (now() > limit) throw new Error(`no answer to the last read of ${name(key)}`);
        await sleep(200);
      }
    }
    this.client.close();
    return this.counts;
  }
}

const name = (key) => `register/${key}`;
/** Rounded to microseconds. */
const round = (ms) => Math.round(ms * 1000) / 1000;

let registers;
const actions = {
  '/ready': () => '{}',
  '/start': (query) => {
    registers = new Registers(query);
    return '{}';
  },
  '/stats': () => JSON.stringify(registers.counts),
  '/stop': async () => JSON.stringify(await registers.stop()),
  '/history': () => registers.lines.join('\n'),
};

http
  .createServer(async (request, response) => {
    try {
      const { pathname, searchParams } = new URL(request.url, 'http://localhost');
      if (!actions[pathname]) throw new Error(`no such action: ${pathname}`);
      response.end(await actions[pathname](Object.fromEntries(searchParams)));
    } catch (error) {
      response.statusCode = 500;
      response.end(error.stack);
    }
  })
  .listen(PORT, '127.0.0.1', () => console.log(`ready on ${PORT}`));
process.on('SIGTERM', () => process.exit(0));
