import {
  EtcdMemberAddresses,
  EtcdRestore,
  EtcdServiceType,
  EtcdSnapshotStore,
  EtcdTotalLoss,
  type EtcdCluster,
  type EtcdExternalAccessOptions,
} from '../../src';
import { find, synthCluster, type Written } from '../support/synth';

const store = EtcdSnapshotStore.existingClaim('claim');

/** Labels and main container of each pod template, by the name of its owner. */
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

test('the Service of a member has the options of Argo CD that all objects have', () => {
  const options = (annotations: Labels, memberServices = {}): unknown =>
    find(synthCluster({ annotations, memberServices }), 'Service', 'etcd-0').metadata['annotations' as never][
      'argocd.argoproj.io/sync-options'
    ];
  const sync = (value: string): Labels => ({ 'argocd.argoproj.io/sync-options': value });
  expect(options({})).toBe('PruneLast=true');
  expect(options(sync('ServerSideApply=true,Delete=false'))).toBe('ServerSideApply=true,Delete=false,PruneLast=true');
  expect(options(sync('PruneLast=true'))).toBe('PruneLast=true');
  expect(options(sync('Prune=false'), { annotations: sync('Delete=false') })).toBe('Delete=false');
});

describe('the Service of a member', () => {
  const objects = synthCluster({ replicas: 5 }, withJobs);
  const members = pods(objects).filter(({ owner }) => owner === 'etcd');

  test.each([0, 1, 2, 3, 4])('selects pod %i and no other, ready or not', (ordinal) => {
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

  test('exists for each member of the settings, and is pruned last by Argo CD', () => {
    const names = objects.filter((o) => o.kind === 'Service').map((o) => o.metadata.name);
    expect(names).toEqual(['etcd-headless', 'etcd', 'etcd-0', 'etcd-1', 'etcd-2', 'etcd-3', 'etcd-4']);
    expect(find(objects, 'Service', 'etcd-4').metadata).toMatchObject({
      annotations: { 'argocd.argoproj.io/sync-options': 'PruneLast=true' },
    });
  });
});

describe('access from outside', () => {
  const write = (externalAccess: EtcdExternalAccessOptions, replicas = 3): Written[] =>
    synthCluster({ externalAccess, replicas });
  const template = (objects: Written[]): Written['spec'] => find(objects, 'StatefulSet', 'etcd').spec.template;
  const environment = (objects: Written[]): { readonly name: string; readonly value?: string }[] =>
    template(objects).spec.containers[0].env;

  test('by a load balancer for each member, with the client port alone, and only while it is ready', () => {
    const objects = write({ annotations: { host: '{member}.example.com', ip: '192.0.2.1{ordinal}' } });
    const { metadata, spec } = find(objects, 'Service', 'etcd-2-external');
    expect(metadata).toMatchObject({ annotations: { host: 'etcd-2.example.com', ip: '192.0.2.12' } });
    expect(spec).toEqual({
      type: 'LoadBalancer',
      selector: {
        ...find(objects, 'StatefulSet', 'etcd').spec.selector.matchLabels,
        'statefulset.kubernetes.io/pod-name': 'etcd-2',
      },
      ports: [{ name: 'client', port: 2379, targetPort: 'client', protocol: 'TCP' }],
    });
  });

  test('by ports of the nodes', () => {
    const objects = write({ type: EtcdServiceType.NODE_PORT, nodePorts: [30370, 30371, 30372, 30373] });
    const ports = [0, 1, 2].map((i) => find(objects, 'Service', `etcd-${i}-external`).spec.ports[0].nodePort);
    expect(ports).toEqual([30370, 30371, 30372]);
  });

  test('does not change the Services of members, and is removed without the prop', () => {
    const services = (objects: Written[]): Written[] =>
      objects.filter((o) => o.kind === 'Service' && !o.metadata.name.endsWith('-external'));
    expect(services(write({ type: EtcdServiceType.NODE_PORT }))).toEqual(services(synthCluster()));
    expect(synthCluster().some((o) => o.metadata.name.endsWith('-external'))).toBe(false);
  });

  test.each([
    ['http://{member}.example.com:2379', 'http://$(POD_NAME).example.com:2379'],
    ['http://node.example.com:3037{ordinal}', 'http://node.example.com:3037$(POD_INDEX)'],
  ])('%s is advertised, besides the URL inside the cluster', (advertisedUrl, written) => {
    const env = environment(write({ advertisedUrl }));
    const urls = env.find(({ name }) => name === 'ETCD_ADVERTISE_CLIENT_URLS')?.value;
    expect(urls).toBe(`http://$(POD_NAME).etcd-cluster.svc.cluster.local:2379,${written}`);
    // Kubernetes expands only variables that are defined before.
    const names = env.map(({ name }) => name);
    expect(names.indexOf('POD_INDEX')).toBeGreaterThan(-1);
    expect(names.indexOf('POD_INDEX')).toBeLessThan(names.indexOf('ETCD_ADVERTISE_CLIENT_URLS'));
  });

  test('a higher number of replicas restarts no member', () => {
    const external = { advertisedUrl: 'http://node.example.com:3037{ordinal}' };
    expect(template(write(external, 5))).toEqual(template(write(external, 3)));
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

test('every pod looks up full names first', () => {
  const objects = synthCluster({ restoreFrom: EtcdRestore.newestFromClaim('claim') }, withJobs);
  expect(pods(objects)).toHaveLength(5);
  for (const { spec } of pods(objects)) expect(spec.dnsConfig).toEqual({ options: [{ name: 'ndots', value: '1' }] });
});

describe('the Service that leads members to a snapshot', () => {
  const asked = synthCluster({ restoreFrom: EtcdRestore.newestFromClaim('claim') }, withJobs);
  const lost = synthCluster({ existingCluster: true, onTotalLoss: EtcdTotalLoss.RESTORE_NEWEST }, withJobs);

  test.each([
    ['of the restore Job', asked, /^etcd-restore-/],
    ['of the snapshot job, when all data is lost', lost, /^etcd-snapshotter$/],
  ])('selects pods %s, and only while they have an offer', (_name, objects, owner) => {
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

  test('does not exist without a job that serves one', () => {
    expect(synthCluster({}, withJobs).map((o) => o.metadata.name)).not.toContain('etcd-restore');
    expect(synthCluster({ restoreFrom: EtcdRestore.done('r1') }).map((o) => o.metadata.name)).not.toContain(
      'etcd-restore',
    );
  });
});
