import { EtcdRestore } from '../../src';
import { problemsOf, synthCluster } from '../support/synth';

/** As a caller from JavaScript, without a compiler that checks types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- wrong types are the point
type Anything = any;

test.each([
  [{ restoreFrom: 'db' }, 'restoreFrom: expected EtcdRestore.fromClaim(...) or another of its factories, got "db"'],
  [
    { restoreFrom: EtcdRestore.fromClaim('c', 'newest') },
    'restoreFrom.fileName: means the newest snapshot, got "newest"; use EtcdRestore.newestFromClaim(...) or newestFromRemote(...)',
  ],
  [{ restoreFrom: EtcdRestore.fromClaim('c', 'db', { id: 'Mai' }) }, 'restoreFrom.id: expected at most 40 lower-case'],
  [{ restoreFrom: EtcdRestore.fromClaim('c', 'db', { id: 'a'.repeat(41) }) }, 'restoreFrom.id: expected at most 40'],
  [{ restoreFrom: EtcdRestore.fromClaim('c', 'db', { sha256: 'abc' }) }, 'restoreFrom.sha256: expected 64 hexadecimal'],
  [
    { restoreFrom: EtcdRestore.fromClaim('c', 'db', { bumpRevision: -1 }) },
    'restoreFrom.bumpRevision: expected a whole',
  ],
  [
    { restoreFrom: EtcdRestore.fromClaim('c', 'db', { discardOldData: true }) },
    'restoreFrom.discardOldData: needs an id, because without one there is no old data; set an id or remove it',
  ],
  [
    { restoreFrom: EtcdRestore.fromClaim('c', 'db', { resources: { memory: '1GB' } }) },
    'restoreFrom.resources.memory: expected a Kubernetes quantity',
  ],
  [
    { restoreFrom: EtcdRestore.fromClaim('c', 'db', { resources: { cpu: '1' } as Anything }) },
    'restoreFrom.resources.cpu: unknown key',
  ],
  [
    { restoreFrom: EtcdRestore.fromClaim('c', 'db', { resources: { cpuRequest: '2', cpuLimit: '1' } }) },
    'restoreFrom.resources.cpuLimit: expected at least the request, which is 2, got "1"',
  ],
  [
    { restoreFrom: EtcdRestore.fromRemote({ path: 'bucket', configSecret: 's' }, 'db') },
    'restoreFrom.remote.path: expected a remote and a folder as rclone writes them, without a slash at the end, such as backup:bucket/etcd, got "bucket"',
  ],
  [
    { restoreFrom: EtcdRestore.newestFromRemote({ path: 'b:c', configSecret: 's' }, { subPath: 'x' }) },
    'restoreFrom.subPath: is for claims only, got "x"; put the folder in the path of the remote',
  ],
  [{ onTotalLoss: 'pray' }, 'onTotalLoss: expected one of wait, restore, got "pray"'],
  [
    { restoreFrom: EtcdRestore.fromClaim('c', '../db') },
    'restoreFrom.fileName: expected a file name, without a folder, got "../db"',
  ],
  [
    { restoreFrom: EtcdRestore.fromClaim('c', 'db', { subPath: '/x' }) },
    'restoreFrom.subPath: expected a relative path without "..", got "/x"',
  ],
  [{ restoreFrom: EtcdRestore.fromClaim('C', 'db') }, 'restoreFrom.claimName: '],
  [{ restoreFrom: EtcdRestore.fromClaim('c', undefined as Anything) }, 'restoreFrom.fileName: expected a string'],
  [{ restoreFrom: EtcdRestore.newestFromRemote(null as Anything) }, 'restoreFrom.remote: expected an object, got null'],
  [
    { restoreFrom: EtcdRestore.newestFromClaim('c', { sha256: '0'.repeat(64) }) },
    'restoreFrom.sha256: needs a file name, because the newest snapshot changes, got "0000000000000000000000000000000000000000000000000000000000000000"; use EtcdRestore.fromClaim(...) or fromRemote(...)',
  ],
  [{ restoreFrom: EtcdRestore.done('No') }, 'restoreFrom.id: expected at most 40'],
  [{ restoreFrom: EtcdRestore.done(undefined as Anything) }, 'restoreFrom.id: is required; set it'],
] as [Anything, string][])('restore: %j', (props, expected) => {
  expect(problemsOf(() => synthCluster(props))).toEqual([expect.stringContaining(`[test/Etcd] ${expected}`)]);
});
