import { EtcdRestore, EtcdRoot, EtcdSnapshotStore, EtcdTls, type EtcdClusterProps } from '../../src';
import { synthCluster } from '../support/synth';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is written
type Anything = any;

/** The volumes with Secrets and the variables of each job's pod, by its container. */
function jobs(props: Partial<EtcdClusterProps>): { [container: string]: { secrets: string[]; variables: string[] } } {
  const objects = synthCluster({ ...props, restoreFrom: EtcdRestore.fromClaim('claim', 'db') }, (cluster) => {
    cluster.addSnapshots({ store: EtcdSnapshotStore.existingClaim('claim') }).addRestoreDrill();
    cluster.addDefrag();
  }) as Anything[];
  const templates = objects.map(({ kind, spec }) =>
    kind === 'CronJob' ? spec.jobTemplate.spec.template : kind === 'Job' ? spec.template : undefined,
  );
  return Object.fromEntries(
    templates
      .filter((template) => template !== undefined)
      .map(({ spec: { containers, volumes } }) => [
        containers[0].name,
        {
          secrets: volumes
            .filter(({ name }: Anything) =>
              containers[0].volumeMounts.some((mount: Anything) => mount.name === name && mount.readOnly),
            )
            .map(({ name }: Anything) => name)
            .filter((name: string) => name === 'tls' || name === 'root-password'),
          variables: containers[0].env.map(({ name }: Anything) => name),
        },
      ]),
  );
}

const ALL = ['defrag', 'drill', 'restore', 'snapshot'];

test('with TLS, each job has the client certificate, with whose key it calls the members', () => {
  const found = jobs({ tls: EtcdTls.fromOwnCa() });
  expect(Object.keys(found).sort()).toEqual(ALL);
  for (const { secrets, variables } of Object.values(found)) {
    expect(secrets).toEqual(['tls']);
    expect(variables).toEqual(expect.arrayContaining(['ETCDCTL_CERT', 'ETCDCTL_KEY', 'ETCDCTL_CACERT']));
  }
});

test('without TLS, none has one', () => {
  for (const { secrets, variables } of Object.values(jobs({}))) {
    expect(secrets).toEqual([]);
    expect(variables).not.toContain('ETCDCTL_KEY');
  }
});

test('only jobs that log in to etcd have the password of root', () => {
  const auth = { root: EtcdRoot.password({ name: 'etcd-root', key: 'password' }) };
  const found = jobs({ auth });
  expect(
    Object.keys(found)
      .filter((job) => found[job]?.secrets.includes('root-password'))
      .sort(),
  ).toEqual(['defrag', 'snapshot']);
});
