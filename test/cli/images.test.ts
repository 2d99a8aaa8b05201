import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EtcdSnapshotStore, type EtcdClusterProps } from '../../src';
import { IMAGES } from '../../src/constants/images';
import { cli } from '../bitnami/command';
import { synthCluster, toYaml } from '../support/synth';

const DIST = join(__dirname, '../../dist/etcd.k8s.yaml');
const store = EtcdSnapshotStore.existingClaim('claim');
const remote = { path: 'a:b', configSecret: 's' };
const files = {
  'dist/etcd.k8s.yaml': readFileSync(DIST, 'utf8'),
  'other.yaml': 'kind: Pod\nspec: { containers: [{ image: b }], initContainers: [{ image: a }, { image: b }] }\n',
  'empty.yaml': 'kind: ConfigMap\n',
  'broken.yaml': 'a: [\n',
};

test('prints each image of the manifests once, sorted', () => {
  expect(cli(['images', 'other.yaml'], files)).toMatchObject({ status: 0, out: 'a\nb\n', err: '' });
  const { out } = cli(['images', ...Object.keys(files).slice(0, 2)], files);
  const lines = out.trimEnd().split('\n');
  expect(lines).toEqual([...new Set(lines)].sort());
  expect(lines).toEqual(expect.arrayContaining(['a', 'b', IMAGES.toolbox, IMAGES.kubectl]));
  expect(lines).toHaveLength(5); // and etcd
});

test.each([
  [['images', '--help'], 0, /^Usage: cdk8s-etcd images FILE/, /^$/],
  [['images'], 2, /^$/, /expected manifests; .*\nSee cdk8s-etcd images --help/],
  [['images', 'missing.yaml'], 2, /^$/, /cannot read missing.yaml: ENOENT/],
  [['images', 'broken.yaml'], 2, /^$/, /cannot read broken.yaml: /],
  [['images', 'empty.yaml'], 2, /^$/, /no image in empty.yaml; run cdk8s synth first/],
  [['images', '--all', 'other.yaml'], 2, /^$/, /Unknown option '--all'/],
])('%j', (args, status, out, err) => {
  const said = cli(args, files);
  expect(said.status).toBe(status);
  expect(said.out).toMatch(out);
  expect(said.err).toMatch(err);
});

test('the example of the help copies images to the names that imageRegistry uses', () => {
  const loop = /\| (while .*; done)$/m.exec(cli(['images', '--help']).out)?.[1] ?? '';
  const imagesOf = (props: Partial<EtcdClusterProps>): string =>
    cli(['images', 'all.yaml'], {
      'all.yaml': toYaml(synthCluster(props, (cluster) => cluster.addSnapshots({ store, remote }))),
    }).out;
  const copied = spawnSync('sh', ['-c', loop.replace('crane copy "$image"', 'echo')], {
    input: imagesOf({}),
    encoding: 'utf8',
  });
  expect(copied.stdout.split('\n').sort()).toEqual(
    imagesOf({ imageRegistry: 'mirror.example.com' }).split('\n').sort(),
  );
  expect(copied.stdout).toContain('mirror.example.com/');
});
