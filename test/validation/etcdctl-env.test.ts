import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EtcdSnapshotStore, type EtcdCluster } from '../../src';
import type { k8s } from 'cdk8s-plus-28';
import { problemsOf, synthCluster } from '../support/synth';

/** The global flags of etcdctl, which have variables: `etcdctl options`. Those of a user are in auth-refusals.test.ts. */
const GLOBAL = [
  'cacert',
  'cert',
  'command-timeout',
  'debug',
  'dial-timeout',
  'discovery-srv',
  'endpoints',
  'hex',
  'insecure-discovery',
  'insecure-skip-tls-verify',
  'insecure-transport',
  'keepalive-time',
  'keepalive-timeout',
  'key',
  'write-out',
];
const SCRIPTS = join(__dirname, '../../src/scripts');
const text = readdirSync(SCRIPTS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.sh'))
  .map((file) => readFileSync(join(SCRIPTS, file), 'utf8'))
  .join('\n');
const used = GLOBAL.filter((flag) => new RegExp(`--${flag}\\b`).test(text));

test('the scripts use flags of etcdctl, or this could not fail', () => {
  expect(used).toEqual(expect.arrayContaining(['command-timeout', 'endpoints', 'write-out']));
});

const store = EtcdSnapshotStore.existingClaim('claim');
type Add = (cluster: EtcdCluster, extraEnv: k8s.EnvVar[]) => unknown;
const JOBS: [string, Add][] = [
  ['snapshots', (cluster, extraEnv) => cluster.addSnapshots({ store, extraEnv })],
  ['drill', (cluster, extraEnv) => cluster.addSnapshots({ store }).addRestoreDrill({ extraEnv })],
  ['defragmentation', (cluster, extraEnv) => cluster.addDefrag({ extraEnv })],
];

/** etcdctl does not start with a flag and its variable. With the last two, it prints other ids, or asks other endpoints. */
describe.each([...used, 'hex', 'discovery-srv'])('--%s', (flag) => {
  const name = `ETCDCTL_${flag.toUpperCase().replaceAll('-', '_')}`;
  const extraEnv = [{ name, value: 'x' }];
  const expected = [
    expect.stringContaining(`extraEnv[0].name: is set by the library and cannot be changed, got "${name}`),
  ];

  test('of members', () => {
    expect(problemsOf(() => synthCluster({ extraEnv }))).toEqual(expected);
  });

  test.each(JOBS)('of %s', (_name, add) => {
    expect(problemsOf(() => synthCluster({}, (cluster) => add(cluster, extraEnv)))).toEqual(expected);
  });
});
