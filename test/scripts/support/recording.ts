import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually } from './eventually';
import { programPath } from './machine';

/** A real etcd's answers to the requests of the jobs, and a snapshot of it. */
export interface Recording {
  readonly status: string;
  readonly health: string;
  readonly memberList: string;
  readonly count: string;
  readonly hashkv: string;
  readonly noAlarms: string;
  readonly nospace: string;
  readonly metrics: string;
  readonly snapshot: Buffer;
  readonly snapshotStatus: string;
}

const VALUE = 'v'.repeat(100_000);
const QUOTA = '400000'; // a few of these values

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

export async function record(folder: string): Promise<Recording> {
  mkdirSync(folder, { recursive: true });
  const local = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`;
  const [client, peer, metrics] = [await local(), await local(), await local()];
  const options = [
    ['--data-dir', join(folder, 'data'), '--quota-backend-bytes', QUOTA, '--listen-metrics-urls', metrics],
    ['--listen-client-urls', client, '--advertise-client-urls', client],
    ['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`],
  ];
  const etcd = spawn(programPath('etcd'), options.flat(), { stdio: 'ignore' });
  const get = async (path: string): Promise<string> => (await fetch(`${metrics}${path}`)).text();
  const output = (program: string, args: string[]): string =>
    execFileSync(programPath(program), args, { encoding: 'utf8', stdio: 'pipe' });
  const ask = (...args: string[]): string => output('etcdctl', ['--endpoints', client, ...args]);
  try {
    const serves = (): Promise<boolean> =>
      get('/readyz').then(
        (text) => text.startsWith('ok'),
        () => false,
      );
    await eventually('etcd serves', serves);
    ask('put', 'key', VALUE);
    const file = join(folder, 'snapshot');
    ask('snapshot', 'save', file);
    const answers = {
      status: ask('endpoint', 'status', '--write-out=fields'),
      health: ask('endpoint', 'health'),
      memberList: ask('member', 'list'),
      count: ask('get', '', '--from-key', '--count-only', '--write-out=fields'),
      hashkv: ask('endpoint', 'hashkv', '--write-out=json'),
      noAlarms: ask('alarm', 'list', '--write-out=fields'),
      metrics: await get('/metrics'),
      snapshot: readFileSync(file),
      snapshotStatus: output('etcdutl', ['snapshot', 'status', file, '--write-out=json']),
    };
    const fillUp = (): never => {
      for (;;) ask('put', 'key', VALUE);
    };
    expect(fillUp).toThrow('database space exceeded');
    return { ...answers, nospace: ask('alarm', 'list', '--write-out=fields') };
  } finally {
    etcd.kill('SIGKILL');
  }
}
