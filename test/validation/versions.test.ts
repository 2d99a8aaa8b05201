import { EtcdImage } from '../../src';
import type { EtcdClusterProps } from '../../src';
import { problemsOf, synthCluster } from '../support/synth';

type Props = Partial<EtcdClusterProps>;

const refusals = (props: Props): string[] =>
  problemsOf(() => synthCluster(props)).map((line) => line.replace('[test/Etcd] ', ''));

const upgrade = (from: string, to: string): Props => ({ upgradeFrom: from, image: EtcdImage.upstream(to) });

describe('the version of the image', () => {
  test.each(['3.5.19', '3.5.35', '3.6.0', '3.6.16', '3.7.0', '3.7.3'])('%s may run', (version) => {
    synthCluster({ image: EtcdImage.upstream(version) });
  });

  test.each(['3.4.29', '3.5.2', '3.5.18', '3.8.0', '4.6.0'])('%s is refused', (version) => {
    expect(refusals({ image: EtcdImage.upstream(version) })).toEqual([
      'image.version: expected etcd 3.5.19 or later, any 3.6 or any 3.7: older versions lose data (3.5.0 to 3.5.2) or report ' +
        `learners as ready, got "${version}"; use 3.5.35, 3.6.16 or 3.7.3`,
    ]);
  });

  test.each([
    ['3.5.22', 'quay.io/coreos/etcd:v3.5.22'],
    ['3.5.23', 'registry.k8s.io/etcd:v3.5.23'],
    ['3.6.4', 'quay.io/coreos/etcd:v3.6.4'],
    ['3.6.5', 'registry.k8s.io/etcd:v3.6.5'],
    ['3.7.3', 'registry.k8s.io/etcd:v3.7.3'],
  ])('%s is %s', (version, reference) => {
    expect(EtcdImage.upstream(version).reference).toBe(reference);
  });
});

describe('upgrades', () => {
  test.each([
    ['3.5.21', '3.5.35'],
    ['3.5.26', '3.6.16'],
    ['3.6.10', '3.6.11'],
    ['3.6.11', '3.7.0'],
    ['3.6.16', '3.7.3'],
    ['3.7.3', '3.7.0'],
  ])('%s to %s is a step', (from, to) => {
    synthCluster(upgrade(from, to));
  });

  const MINORS = 'etcd upgrades one minor version at a time';
  test.each([
    ['3.5.25', '3.6.16', '3.6 needs data that was last run on 3.5.26 or later; upgrade to 3.5.35, then to 3.6.16'],
    ['3.6.10', '3.7.3', '3.7 needs members that ran 3.6.11 or later before; upgrade to 3.6.16, then to 3.7.3'],
    ['3.6.5', '3.7.1', '3.7 needs members that ran 3.6.11 or later before; upgrade to 3.6.16, then to 3.7.1'],
    ['3.5.35', '3.7.3', `${MINORS}; upgrade to 3.6.16, then to 3.7.3`],
    ['3.5.21', '3.7.3', `${MINORS}; upgrade to 3.5.35, then to 3.6.16, then to 3.7.3`],
    ['3.4.30', '3.6.16', `${MINORS}; upgrade to 3.5.35, then to 3.6.16`],
    ['2.7.0', '3.7.3', 'etcd cannot be upgraded from 2.7.0 to 3.7.3; create a new cluster'],
  ])('%s to %s is none', (from, to, why) => {
    const [wrong, remedy] = why.split('; ');
    expect(refusals(upgrade(from, to))).toEqual([`upgradeFrom: ${wrong}, got "${from}"; ${remedy}`]);
  });
});

test.each([
  ['3.7.3', '3.6.16', '3.6.0'],
  ['3.6.16', '3.5.35', '3.5.0'],
  ['3.7.3', '3.5.35', '3.6.0'],
])('the way back, %s to %s, begins with etcdctl', (from, to, target) => {
  expect(refusals(upgrade(from, to))).toEqual([
    `upgradeFrom: etcd does not downgrade to an older minor version by itself, got "${from}"; run etcdctl downgrade enable ${target} first ` +
      `and leave out upgradeFrom, or restore a snapshot from before the upgrade into a new cluster`,
  ]);
});

describe('variables and flags that the version does not have', () => {
  const by = (version: string, env: string, value = '1'): Props => ({
    image: EtcdImage.upstream(version),
    corruptionChecks: false,
    extraEnv: [{ name: env, value }],
  });

  test.each([
    ['3.7.3', 'ETCD_EXPERIMENTAL_WARNING_APPLY_DURATION', 'etcd 3.7 has it without the prefix "experimental"'],
    ['3.7.3', 'ETCD_EXPERIMENTAL_WARNING_UNARY_REQUEST_DURATION', 'etcd 3.7 has it without the prefix "experimental"'],
    ['3.7.3', 'ETCD_EXPERIMENTAL_INITIAL_CORRUPT_CHECK', 'etcd 3.7 has the feature gate InitialCorruptCheck instead'],
    ['3.7.3', 'ETCD_EXPERIMENTAL_NEW', 'etcd 3.7 does not have it'],
    ['3.6.16', 'ETCD_ENABLE_V2', 'etcd 3.6 does not have it'],
    ['3.7.3', 'ETCD_EXPERIMENTAL_ENABLE_V2V3', 'etcd 3.7 does not have it'],
    ['3.5.35', 'ETCD_WARNING_APPLY_DURATION', 'etcd 3.5 has it with the prefix "experimental"'],
    ['3.5.35', 'ETCD_FEATURE_GATES', 'etcd 3.5 does not have it'],
    ['3.7.3', 'ETCD_DISCOVERY_TOKEN', 'members find each other by DNS name; remove it'],
  ])('etcd %s: %s', (version, env, why) => {
    const [wrong, ...remedy] = why.split('; ');
    expect(refusals(by(version, env))).toEqual([
      [`extraEnv[0].name: cannot be used: ${wrong}, got "${env}"`, ...remedy].join('; '),
    ]);
  });

  test.each([
    ['3.5.35', 'ETCD_EXPERIMENTAL_WARNING_APPLY_DURATION', '1s'],
    ['3.6.16', 'ETCD_EXPERIMENTAL_WARNING_APPLY_DURATION', '1s'],
    ['3.6.16', 'ETCD_WARNING_APPLY_DURATION', '1s'],
    ['3.7.3', 'ETCD_WARNING_APPLY_DURATION', '1s'],
    ['3.7.3', 'ETCD_FEATURE_GATES', 'StopGRPCServiceOnDefrag=true'],
    ['3.5.35', 'ETCD_ENABLE_V2'],
    ['3.7.3', 'EXPERIMENTAL_OF_SOMEBODY_ELSE'],
    ['3.7.3', 'PROXY'],
  ])('etcd %s takes %s', (version, env, ...value) => {
    synthCluster(by(version, env, ...value));
  });

  test('a flag is refused too, because etcd would not start', () => {
    const extraArgs = ['--experimental-compaction-batch-limit=10'];
    expect(refusals({ image: EtcdImage.upstream('3.7.3'), extraArgs })).toEqual([
      'extraArgs[0]: cannot be used: etcd 3.7 has it without the prefix "experimental", got "--experimental-compaction-batch-limit=10"',
    ]);
  });
});
