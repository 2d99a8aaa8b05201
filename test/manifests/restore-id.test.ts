import { EtcdRestore } from '../../src';
import { find, synthCluster } from '../support/synth';

const CLAIM = ['backups', 'db-1'] as const;

test.each<[string, EtcdRestore | undefined, string, number]>([
  ['none: members stay on their data', undefined, '*', 0],
  ['without an id, only a cluster without data is restored', EtcdRestore.fromClaim(...CLAIM), '*', 1],
  ['in place', EtcdRestore.fromClaim(...CLAIM, { id: 'r1' }), 'r1', 1],
  ['done', EtcdRestore.done('r1'), 'r1', 0],
  ['the way back', EtcdRestore.original(), '-', 0],
])('restoreFrom, %s', (_what, restoreFrom, id, jobs) => {
  const objects = synthCluster({ restoreFrom });
  expect((find(objects, 'ConfigMap', 'etcd-settings') as unknown as { data: object }).data).toMatchObject({
    'restore-id': id,
  });
  expect(objects.filter(({ kind }) => kind === 'Job')).toHaveLength(jobs);
});
