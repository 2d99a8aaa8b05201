import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { constants, createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** How the client of the e2e tests treats the ways in which a server ends a request. */
const CLIENT = pathToFileURL(join(__dirname, '../e2e/client/etcd-client.mjs')).href;
const OK = Buffer.alloc(5); // an empty message

type Serve = (stream: ServerHttp2Stream, request: number, millis: number) => void;

const servers: Http2Server[] = [];

async function serving(serve: Serve): Promise<string> {
  let request = 0;
  const server = createServer();
  server.on('sessionError', () => undefined); // the client's end
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    serve(stream, ++request, parseInt(String(headers['grpc-timeout']), 10));
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answer: Serve = (stream) => {
  stream.respond({ ':status': 200 }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(OK);
};

/** The results of requests that start together. */
async function outcomes(endpoints: string[], requests: number, millis: number, timersLate = 0): Promise<string[]> {
  const program = `
    import { Client } from '${CLIENT}';
    const { setTimeout } = globalThis;
    globalThis.setTimeout = (callback, millis, ...args) => setTimeout(callback, millis + ${timersLate}, ...args);
    const client = new Client(${JSON.stringify(endpoints)});
    const calls = Array.from({ length: ${requests} }, () => client.call('/test', Buffer.alloc(0), ${millis}));
    const settled = await Promise.allSettled(calls);
    client.close();
    console.log('settled ' + JSON.stringify(settled.map(({ reason }) => reason?.message ?? 'answered')));
    process.exit();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  return JSON.parse(/^settled (.*)$/m.exec(stdout)?.[1] ?? '') as string[];
}

afterEach(() => {
  servers.splice(0).forEach((server) => server.close());
});

test('an answer', async () => {
  expect(await outcomes([await serving(answer)], 2, 5000)).toEqual(['answered', 'answered']);
});

test('no answer: its deadline', async () => {
  const url = await serving(() => undefined);
  expect(await outcomes([url], 1, 300)).toEqual([`${url}: deadline exceeded`]);
});

test('a deadline that the server reaches before a busy client counts as a deadline', async () => {
  const url = await serving((stream, _, millis) => {
    setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), millis);
  });
  expect(new Set(await outcomes([url], 50, 400, 100))).toEqual(new Set([`${url}: deadline exceeded`]));
});

test('a request that is ended early has an unknown result, and is not sent again', async () => {
  let seen = 0;
  const url = await serving((stream) => {
    seen++;
    stream.close(constants.NGHTTP2_CANCEL);
  });
  expect(await outcomes([url], 1, 5000)).toEqual([`${url}: closed with code 8`]);
  expect(seen).toBe(1);
});

test('a refused request is sent to another server', async () => {
  const refusing = await serving((stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM));
  expect(await outcomes([refusing, await serving(answer)], 4, 5000)).toEqual(Array(4).fill('answered'));
});

test('when a server stops, it answers what it has, and later requests go elsewhere', async () => {
  const leaving = await serving((stream, request, millis) => {
    if (request === 1) stream.session?.close();
    setTimeout(() => answer(stream, request, millis), 200);
  });
  expect(await outcomes([leaving, await serving(answer)], 4, 5000)).toEqual(Array(4).fill('answered'));
});
