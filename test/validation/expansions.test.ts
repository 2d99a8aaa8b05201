import { EtcdRestore, EtcdSnapshotStore, type EtcdClusterProps, type EtcdRemote } from '../../src';
import { find, problemsOf, synthCluster } from '../support/synth';

const WHY = 'expected a text without $(POD_NAME), because the kubelet replaces it by a variable';
const store = EtcdSnapshotStore.existingClaim('claim');
const remote = (options: Partial<EtcdRemote>): EtcdRemote => ({ path: 'a:b', configSecret: 's', ...options });
const env = (value: string) => [{ name: 'A', value }];

const OF_CLUSTER: [string, (text: string) => Partial<EtcdClusterProps>][] = [
  ['clusterToken', (text) => ({ clusterToken: `etcd-${text}` })],
  ['extraArgs[0]', (text) => ({ extraArgs: [`--host-whitelist=${text}`] })],
  ['extraEnv[0].value', (text) => ({ extraEnv: env(`x${text}y`) })],
  [
    'restoreFrom.remote.path',
    (text) => ({ restoreFrom: EtcdRestore.fromRemote(remote({ path: `a:b/${text}` }), 'db') }),
  ],
];

test.each(OF_CLUSTER)('%s', (path, props) => {
  expect(problemsOf(() => synthCluster(props('$(POD_NAME)')))).toEqual([
    expect.stringContaining(`[test/Etcd] ${path}: ${WHY}`),
  ]);
});

test.each([
  ['remote.path', (text: string) => ({ store, remote: remote({ path: `a:${text}` }) })],
  ['remote.extraArgs[0]', (text: string) => ({ store, remote: remote({ extraArgs: [`--header=${text}`] }) })],
  ['extraEnv[0].value', (text: string) => ({ store, extraEnv: env(text) })],
])('snapshots: %s', (path, options) => {
  const problems = problemsOf(() => synthCluster({}, (c) => c.addSnapshots(options('$(POD_NAME)'))));
  expect(problems).toEqual([expect.stringContaining(`[test/Etcd/Snapshots] ${path}: ${WHY}`)]);
});

test.each(['addDefrag', 'addRestoreDrill'] as const)('%s: extraEnv', (add) => {
  const options = { extraEnv: env('$(POD_NAME)') };
  const problems = problemsOf(() =>
    synthCluster({}, (c) =>
      add === 'addDefrag' ? c.addDefrag(options) : c.addSnapshots({ store }).addRestoreDrill(options),
    ),
  );
  expect(problems).toEqual([expect.stringContaining(`extraEnv[0].value: ${WHY}`)]);
});

test('the remedy names the escaped form', () => {
  expect(problemsOf(() => synthCluster({ clusterToken: '$(A)$(B)' }))).toEqual([
    '[test/Etcd] clusterToken: expected a text without $(A), because the kubelet replaces it by a variable, got "$(A)$(B)"; write $$(A) for the text itself',
  ]);
});

test.each(['$(', '$POD_NAME', '$$(POD_NAME)', '$$$$(A)', 'a$', '$)(', '${POD_NAME}'])('%s is not replaced', (text) => {
  const [etcd] = find(synthCluster({ clusterToken: text }), 'StatefulSet', 'etcd').spec.template.spec.containers;
  expect(etcd.env).toContainEqual({ name: 'CLUSTER_SEED', value: text });
  for (const [, props] of OF_CLUSTER) expect(problemsOf(() => synthCluster(props(text)))).toEqual([]);
});

test.each(['$$$(A)', '$()', 'a$(A)'])('%s is replaced', (text) => {
  expect(problemsOf(() => synthCluster({ clusterToken: text }))).toHaveLength(1);
});

test('what containers of the user have is the user’s', () => {
  const sidecars = [{ name: 'a', image: 'a:1', args: ['$(POD_NAME)'], env: env('$(POD_NAME)') }];
  expect(problemsOf(() => synthCluster({ sidecars }))).toEqual([]);
});
