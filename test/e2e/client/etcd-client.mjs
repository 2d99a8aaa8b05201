// A minimal gRPC client for etcd over HTTP/2, with Node's own modules only. It behaves as the Go client:
//  - one connection per endpoint, with a DNS lookup at each connect; requests use the connected ones in turn;
//  - after GOAWAY, a connection finishes its requests and accepts no new ones, and a new connection is made;
//  - a request that no server has processed (not sent, refused) goes to another connection, or waits for one, within its
//    deadline; one whose result is unknown has failed;
//  - with a user, it logs in, and again when its token is not accepted (shouldRefreshToken in the same file);
//  - with several endpoints, what a learner does not serve goes to another (isSafeRetry in client/v3/retry_interceptor.go).
import dns from 'node:dns';
import { readdirSync, readFileSync } from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';

const { NGHTTP2_CANCEL, NGHTTP2_REFUSED_STREAM } = http2.constants;
const CONNECT_TIMEOUT_MS = 1000;
const LOOKUP = { timeout: 400, tries: 2 }; // the system's resolver waits 5 s for an answer, and two such waits block all others
const BACKOFF_MS = { first: 50, most: 1000 };
const SILENCE_MS = 1000; // after so long without data while requests wait, send a ping, which has as long to return
const PING_EVERY_MS = 5000; // etcd disconnects a client that pings more often without traffic
const NOT_FOR_LEARNERS = 'etcdserver: rpc not supported for learner';
const TOKEN_REFUSED = /invalid auth token|user name is empty|revision in header is old/;
const PAGE = 1000;

const now = () => performance.now();
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The server never saw the request: it is safe to send it again. */
class NotProcessed extends Error {}

// --- the part of protobuf that is needed
function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}
const bytesField = (field, text) =>
  Buffer.concat([varint(field * 8 + 2), varint(Buffer.byteLength(text)), Buffer.from(text)]);
const numberField = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);

function readVarint(buffer, at) {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = buffer[at++];
    value += (byte & 127) * scale;
    if (byte < 128) return [value, at];
  }
}

/** Fields of a message as [number, value]: a Buffer if it has a length, otherwise a number (exact to 2^53). */
function* fieldsOf(buffer) {
  for (let at = 0; at < buffer.length;) {
    let tag, value;
    [tag, at] = readVarint(buffer, at);
    [value, at] = readVarint(buffer, at);
    if (tag % 8 === 2) {
      yield [Math.floor(tag / 8), buffer.subarray(at, at + value)];
      at += value;
    } else if (tag % 8 === 0) {
      yield [Math.floor(tag / 8), value];
    } else {
      throw new Error(`unexpected wire type ${tag % 8}`);
    }
  }
}

export const putRequest = (key, value) => Buffer.concat([bytesField(1, key), bytesField(2, value)]);
export const rangeRequest = (key, end) =>
  Buffer.concat([bytesField(1, key), ...(end ? [bytesField(2, end)] : []), numberField(3, PAGE), numberField(8, 1)]);

/** Keys of a RangeResponse, and whether there are more. */
export function rangeResponse(message) {
  const answer = { keys: [], more: false };
  for (const [field, value] of fieldsOf(message)) {
    if (field === 2) for (const [inner, bytes] of fieldsOf(value)) if (inner === 1) answer.keys.push(bytes.toString());
    if (field === 3) answer.more = value === 1;
  }
  return answer;
}

export const getRequest = (key) => bytesField(1, key);

/** The revision in the header of an answer. */
export function revisionOf(message) {
  for (const [field, value] of fieldsOf(message))
    if (field === 1) for (const [inner, number] of fieldsOf(value)) if (inner === 3) return number;
  return 0;
}

/** The value in the answer to a `getRequest`, or undefined if the key does not exist. */
export function valueOf(message) {
  for (const [field, value] of fieldsOf(message))
    if (field === 2) for (const [inner, bytes] of fieldsOf(value)) if (inner === 5) return bytes.toString();
  return undefined;
}

// --- connections
const resolver = new dns.Resolver(LOOKUP);

/** Looks up a full name, in the form that `net.connect` expects. */
function lookup(host, { all }, done) {
  const startedAt = now();
  resolver.resolve4(host, (error, found) => {
    if (error) resolver.resolve6(host, (_, six) => answer(six, 6));
    else answer(found, 4);
    function answer(addresses, family) {
      const ms = Math.round(now() - startedAt);
      if (ms > LOOKUP.timeout / 2) console.log(`${new Date().toISOString()} looking up ${host} took ${ms} ms`);
      if (!addresses?.length) done(error);
      else if (all) done(undefined, withFamily(addresses, family));
      else done(undefined, addresses[0], family);
    }
  });
}

function withFamily(addresses, family) {
  return addresses.map((address) => ({ address, family }));
}

/** The client's TLS files, read at each connect, because certificates are renewed. */
function certificates() {
  const [cert, key] = ['tls.crt', 'tls.key'].map((name) => readFileSync(`/tls/${name}`));
  const ca = readdirSync('/tls/ca').map((name) => readFileSync(`/tls/ca/${name}`));
  return { ca, cert, key };
}

/** One endpoint, which reconnects forever. */
class Connection {
  outstanding = 0;
  heardAt = 0;
  pingedAt = -Infinity;
  lastError = 'never connected';
  #backoff = BACKOFF_MS.first;

  constructor(url, onUsable) {
    this.url = url;
    this.onUsable = onUsable;
    this.#connect();
    this.keepalive = setInterval(() => this.#keepalive(), 250);
  }

  get usable() {
    return this.settled && this.session && !this.session.closed && !this.session.destroyed;
  }

  close() {
    this.stopped = true;
    clearInterval(this.keepalive);
    this.session?.destroy();
  }

  #connect() {
    const startedAt = now();
    const { hostname, port, protocol } = new URL(this.url);
    const socket = net.connect({ host: hostname, port: Number(port), lookup });
    const secured = () => tls.connect({ socket, servername: hostname, ALPNProtocols: ['h2'], ...certificates() });
    const session = http2.connect(this.url, {
      createConnection: () => (protocol === 'https:' ? secured() : socket),
    });
    // The socket, because a session waits while it connects: 7 s if the first packet was lost.
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection to ${this.url} in time`)),
      CONNECT_TIMEOUT_MS,
    );
    this.session = session;
    this.settled = false;
    const lost = () => {
      clearTimeout(timer);
      if (this.session !== session) return;
      this.session = undefined;
      if (this.stopped) return;
      this.#log(this.settled ? 'lost' : `not connected: ${this.lastError}`);
      const pause = startedAt + this.#backoff - now(); // a connection that lasted is replaced at once
      this.#backoff = Math.min(this.#backoff * 2, BACKOFF_MS.most);
      setTimeout(() => this.stopped || this.#connect(), Math.max(0, pause));
    };
    session.once('remoteSettings', () => {
      clearTimeout(timer);
      this.#backoff = BACKOFF_MS.first;
      this.heardAt = now();
      this.settled = true;
      this.#log(`connected to ${session.socket?.remoteAddress}`);
      this.onUsable();
    });
    session.on('goaway', lost);
    session.on('error', (error) => (this.lastError = error.message || error.code));
    session.on('close', lost);
  }

  #log(event) {
    console.log(`${new Date().toISOString()} ${this.url}: ${event}`);
  }

  #keepalive() {
    const { session } = this;
    if (!this.usable || this.outstanding === 0) return;
    if (now() - this.heardAt < SILENCE_MS || now() - this.pingedAt < PING_EVERY_MS) return;
    this.pingedAt = now();
    const timer = setTimeout(() => session.destroy(new Error(`${this.url} is silent`)), SILENCE_MS);
    session.ping(() => clearTimeout(timer)); // also called when the session ends
  }

  /** One unary call: the response message, NotProcessed, or an error. */
  unary(path, message, millis, token) {
    return new Promise((resolve, reject) => {
      const { session } = this;
      let stream;
      try {
        const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
        if (token) headers.token = token;
        stream = session.request({ ...headers, 'grpc-timeout': `${Math.ceil(millis)}m` });
      } catch (error) {
        reject(new NotProcessed(error.message));
        return;
      }
      this.outstanding++;
      const chunks = [];
      const end = now() + millis;
      let status, problem, late;
      const timer = setTimeout(() => {
        late = true;
        stream.close(NGHTTP2_CANCEL);
      }, millis);
      const take = (headers) => {
        this.heardAt = now();
        status = headers['grpc-status'] ?? status;
        problem = headers['grpc-message'] ?? problem;
      };
      stream.on('response', take);
      stream.on('trailers', take);
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('error', (error) => (problem ??= error.message));
      stream.on('close', () => {
        clearTimeout(timer);
        this.outstanding--;
        if (status === '0') resolve(Buffer.concat(chunks).subarray(5));
        // The server keeps the deadline, too, and may be the first to end the request.
        else if (late || (stream.rstCode === NGHTTP2_CANCEL && now() >= end)) reject(new Error('deadline exceeded'));
        else if (stream.id === undefined || stream.rstCode === NGHTTP2_REFUSED_STREAM)
          reject(new NotProcessed(problem));
        else reject(new Error(decodeURIComponent(problem ?? `closed with code ${stream.rstCode}`)));
      });
      const head = Buffer.alloc(5);
      head.writeUInt32BE(message.length, 1);
      stream.end(Buffer.concat([head, message]));
    });
  }
}

/** Several endpoints, one after the other. */
export class Client {
  #next = 0;
  #waiting = [];
  #loggingIn;

  /** @param user NAME:PASSWORD, or nothing */
  constructor(endpoints, user) {
    this.user = user;
    const wake = () => this.#waiting.splice(0).forEach((resolve) => resolve());
    this.connections = endpoints.map((url) => new Connection(url, wake));
  }

  close() {
    this.connections.forEach((connection) => connection.close());
  }

  async call(path, message, millis) {
    const end = now() + millis;
    let refused = false;
    let token;
    for (let reason = 'not connected'; ;) {
      const connection = this.#pick();
      const left = end - now();
      if (left <= 0) {
        const state = this.connections.map(({ url, lastError }) => `${url}: ${lastError}`).join('; ');
        throw new Error(`deadline exceeded, never sent (${reason}; ${state})`);
      }
      if (!connection) {
        await Promise.race([new Promise((resolve) => this.#waiting.push(resolve)), sleep(left)]);
        continue;
      }
      try {
        if (this.user && this.token === undefined) await (this.#loggingIn ??= this.#logIn(connection, left));
        token = this.token;
        return await connection.unary(path, message, end - now(), token);
      } catch (error) {
        if (this.user && TOKEN_REFUSED.test(error.message) && !refused) {
          refused = true;
          if (this.token === token) this.token = undefined;
          continue;
        }
        const another = error.message === NOT_FOR_LEARNERS && this.connections.length > 1;
        if (!another && !(error instanceof NotProcessed))
          throw new Error(`${connection.url}: ${error.message}`, { cause: error });
        reason = error.message;
      }
    }
  }

  /** Without authentication there is no token, and no need for one. */
  async #logIn(connection, millis) {
    const [, name, password] = /^([^:]*):(.*)$/s.exec(this.user);
    const request = Buffer.concat([bytesField(1, name), bytesField(2, password)]);
    try {
      const answer = await connection.unary('/etcdserverpb.Auth/Authenticate', request, millis);
      for (const [field, value] of fieldsOf(answer)) if (field === 2) this.token = value.toString();
    } catch (error) {
      if (!error.message.includes('authentication is not enabled')) throw error;
      this.token = '';
    } finally {
      this.#loggingIn = undefined;
    }
  }

  #pick() {
    const usable = this.connections.filter((connection) => connection.usable);
    return usable[this.#next++ % usable.length];
  }
}
