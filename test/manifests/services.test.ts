import { EtcdMemberAddresses, EtcdRestore, EtcdSnapshotStore, EtcdTotalLoss, type EtcdCluster } from '../../src';
import { find, synthCluster, type Written } from '../support/synth';

const store = EtcdSnapshotStore.existingClaim('claim');

/** Labels and main container of each pod that is made, by the name of what makes it. */
function pods(
  objects: Written[],
): { readonly owner: string; readonly labels: Labels; readonly spec: Written['spec'] }[] {
  return objects.flatMap(({ kind, metadata, spec }) => {
    const template = kind === 'CronJob' ? spec.jobTemplate.spec.template : spec?.template;
    return template ? [{ owner: metadata.name, labels: template.metadata.labels, spec: template.spec }] : [];
  });
}

interface Labels {
  readonly [key: string]: string;
}

function selects(service: Written, labels: Labels): boolean {
  return Object.entries(service.spec.selector as Labels).every(([key, value]) => labels[key] === value);
}

function withJobs(cluster: EtcdCluster): void {
  cluster.addSnapshots({ store }).addRestoreDrill();
  cluster.addDefrag();
}

describe('the Service of a member', () => {
  const objects = synthCluster({ replicas: 5 }, withJobs);
  const members = pods(objects).filter(({ owner }) => owner === 'etcd');

  test.each([0, 1, 2, 3, 4])('leads to pod %i and no other, ready or not', (ordinal) => {
    const service = find(objects, 'Service', `etcd-${ordinal}`);
    expect(service.spec).toMatchObject({ type: 'ClusterIP', publishNotReadyAddresses: true });
    const names = [0, 1, 2, 3, 4].filter((other) =>
      members.some(({ labels }) =>
        selects(service, { ...labels, 'statefulset.kubernetes.io/pod-name': `etcd-${other}` }),
      ),
    );
    expect(names).toEqual([ordinal]);
  });

  test('has the ports of the container, by name', () => {
    const [etcd] = members[0]?.spec.containers ?? [];
    const { ports } = find(objects, 'Service', 'etcd-0').spec;
    expect(ports.map((p: { targetPort: string }) => p.targetPort)).toEqual(
      etcd.ports.map((p: { name: string }) => p.name),
    );
    expect(ports.map((p: { port: number }) => p.port)).toEqual([2379, 2380, 2381, 2382]);
  });

  test('is there for the members that the settings have, and goes last where Argo CD prunes', () => {
    const names = objects.filter((o) => o.kind === 'Service').map((o) => o.metadata.name);
    expect(names).toEqual(['etcd-headless', 'etcd', 'etcd-0', 'etcd-1', 'etcd-2', 'etcd-3', 'etcd-4']);
    expect(find(objects, 'Service', 'etcd-4').metadata).toMatchObject({
      annotations: { 'argocd.argoproj.io/sync-options': 'PruneLast=true' },
    });
  });
});

test.each([
  [undefined, 'etcd-cluster.svc.cluster.local'],
  [EtcdMemberAddresses.POD, 'etcd-headless.etcd-cluster.svc.cluster.local'],
])('memberAddresses %s: members and jobs use the domain %s', (memberAddresses, domain) => {
  const objects = synthCluster({ memberAddresses }, withJobs);
  const env = (owner: string): Labels =>
    Object.fromEntries(
      pods(objects)
        .find((pod) => pod.owner === owner)
        ?.spec.containers[0].env.map((e: { name: string; value: string }) => [e.name, e.value]) ?? [],
    );
  expect(env('etcd')).toMatchObject({
    MEMBER_DOMAIN: 'etcd-cluster.svc.cluster.local',
    POD_DOMAIN: 'etcd-headless.etcd-cluster.svc.cluster.local',
    ADDRESS_DOMAIN: domain,
    ETCD_ADVERTISE_CLIENT_URLS: `http://$(POD_NAME).${domain}:2379`,
    ETCD_INITIAL_ADVERTISE_PEER_URLS: `http://$(POD_NAME).${domain}:2380`,
  });
  expect(env('etcd-defrag').MEMBER_ENDPOINTS?.split(' ')).toEqual(
    [0, 1, 2].map((ordinal) => `http://etcd-${ordinal}.${domain}:2379`),
  );
});

test('every pod looks up complete names first', () => {
  const objects = synthCluster({ restoreFrom: EtcdRestore.newestFromClaim('claim') }, withJobs);
  expect(pods(objects)).toHaveLength(5);
  for (const { spec } of pods(objects)) expect(spec.dnsConfig).toEqual({ options: [{ name: 'ndots', value: '1' }] });
});

describe('the Service that leads members to a snapshot', () => {
  const asked = synthCluster({ restoreFrom: EtcdRestore.newestFromClaim('claim') }, withJobs);
  const lost = synthCluster({ existingCluster: true, onTotalLoss: EtcdTotalLoss.RESTORE_NEWEST }, withJobs);

  test.each([
    ['of the restore Job', asked, /^etcd-restore-/],
    ['of the snapshot job, when all data are lost', lost, /^etcd-snapshotter$/],
  ])('leads to pods %s, and only while these have an offer', (_name, objects, owner) => {
    const service = find(objects, 'Service', 'etcd-restore');
    expect(service.spec.publishNotReadyAddresses).toBeUndefined();
    const behind = pods(objects).filter(({ labels }) => selects(service, labels));
    expect(behind.map((pod) => pod.owner)).toEqual([expect.stringMatching(owner)]);
    const [container] = behind[0]?.spec.containers ?? [];
    expect(container.ports).toEqual([{ name: 'phase', containerPort: 2382, protocol: 'TCP' }]);
    expect(container.readinessProbe).toMatchObject({ httpGet: { path: '/offer', port: 'phase' }, periodSeconds: 1 });
    expect(container.env).toContainEqual({
      name: 'RESTORE_RUN',
      valueFrom: {
        fieldRef: { apiVersion: 'v1', fieldPath: "metadata.labels['batch.kubernetes.io/controller-uid']" },
      },
    });
  });

  test('is not there where no job brings one', () => {
    expect(synthCluster({}, withJobs).map((o) => o.metadata.name)).not.toContain('etcd-restore');
    expect(synthCluster({ restoreFrom: EtcdRestore.done('r1') }).map((o) => o.metadata.name)).not.toContain(
      'etcd-restore',
    );
  });
});
