import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machine } from './machine';
import type { Recording } from './recording';

/** Snapshots in the claim before a job runs, oldest first. */
export const OLD = ['db-2020-01-01_00-00', 'db-2020-01-02_00-00', 'db-2020-01-03_00-00'];
const FOLDERS = ['calls', 'status', 'uid', 'run/public', 'tmp', 'snapshots', 'remote/bucket/etcd'];
const IDS = ['1001', '1002', '1003'];

/** The state behind the stubs: three members, of which the last is the leader; the first and the last have free space. */
export function writeWorld(world: string, recorded: Recording): void {
  for (const folder of FOLDERS) mkdirSync(join(world, folder), { recursive: true });
  const write = (file: string, text: string | Buffer): void => writeFileSync(join(world, file), text);
  const set = (text: string, key: string, value: string): string =>
    text.replace(new RegExp(`^"${key}" : .*$`, 'm'), `"${key}" : ${value}`);
  IDS.forEach((id, ordinal) => {
    let status = set(set(recorded.status, 'MemberID', id), 'Leader', IDS.at(-1) ?? '');
    status = set(set(status, 'DBSizeInUse', '20480'), 'DBSize', ordinal === 1 ? '24576' : '209715200');
    write(`status/etcd-${ordinal}`, status);
    write(`uid/etcd-${ordinal}`, `etcd-${ordinal}-old\n`);
  });
  write('status/drill', recorded.status);
  const listed = IDS.map((id) => recorded.memberList.replace(/^[0-9a-f]+/, Number(id).toString(16)));
  write('member-list', listed.join(''));
  write('health', recorded.health.replace(/^\S+/, 'ENDPOINT'));
  write('count', recorded.count);
  write('hashkv', recorded.hashkv);
  write('no-alarms', recorded.noAlarms);
  write('alarms', recorded.noAlarms);
  write('metrics', recorded.metrics);
  write('phase', 'member 3 HOST - \nprotocol 2\nrun -\nfrom -\n');
  write('snapshot', recorded.snapshot);
  write('snapshot-status', recorded.snapshotStatus);
}

/** A snapshot with its metadata, as an earlier run left it. */
export function putSnapshot(folder: string, name: string, recorded: Recording, facts: object = {}): void {
  const sha256 = createHash('sha256').update(recorded.snapshot).digest('hex');
  const all = {
    cluster: 'etcd-cluster/etcd',
    etcdVersion: machine.etcdVersion,
    revision: 2,
    keys: 1,
    size: recorded.snapshot.length,
    sha256,
    clusterId: BigInt(/"ClusterID" : (\d+)/.exec(recorded.status)?.[1] ?? 0).toString(16),
    ...facts,
  };
  writeFileSync(join(folder, name), recorded.snapshot);
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(all, undefined, 2)}\n`);
}
