import { Chart, Duration, Testing } from 'cdk8s';
import {
  EtcdAutoCompaction,
  EtcdCluster,
  EtcdDefrag,
  EtcdImage,
  EtcdMonitoring,
  EtcdRestore,
  EtcdRestoreDrill,
  EtcdSnapshots,
  EtcdSnapshotStore,
  EtcdStorage,
} from '../../src';
import { find, problemsOf, synthCluster } from '../support/synth';

/** As a caller from JavaScript, without a compiler that checks types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- wrong types are the point
type Anything = any;

const claim = (options: Anything) => ({ storage: EtcdStorage.persistentVolumeClaim(options) });

class Duplicate {
  public readonly self = this; // as a construct has it
}

function circular(): object {
  const object: { self?: object } = {};
  object.self = object;
  return object;
}

/** Values of a wrong type, and options that contradict each other: one problem each, and never a crash. */
const MIX_UPS: [Anything, string][] = [
  [
    { image: new Duplicate() },
    'image: expected EtcdImage.upstream(...), EtcdImage.bitnami(...) or EtcdImage.custom(...), got a Duplicate',
  ],
  [{ clientService: new Duplicate() }, 'clientService: expected an object, got a Duplicate'],
  [{ labels: new Map() }, 'labels: expected an object of strings, got a Map'],
  [
    { replicas: circular() },
    'replicas: expected a whole number from 1 to 9, got an object with a circular reference; use 3, or 5 to tolerate two failures',
  ],
  [{ image: EtcdImage.upstream(undefined as Anything) }, 'image.version: expected an etcd version'],
  [
    { image: EtcdImage.custom(undefined as Anything, undefined as Anything) },
    'image.version: expected an etcd version',
  ],
  [
    { image: EtcdImage.upstream('3.6.16', { digets: 'x' } as Anything) },
    'image.digets: unknown key, got "x"; did you mean digest?',
  ],
  [
    { image: EtcdImage.custom('example.com/etcd:1', { version: '3.6.16', mountPath: 'relative' }) },
    'image.mountPath: expected an absolute path',
  ],
  [{ annotations: { constructor: 'x' } }, 'annotations.constructor: expected a key other than constructor, with wh'],
  [{ constructor: 1 }, 'constructor: unknown key, got 1; use one of '],
  [{ extraEnv: [{ name: 'ETCD_EXPERIMENTAL_CONSTRUCTOR', value: 'x' }] }, 'extraEnv[0].name: cannot be used: etcd 3.6'],
  [{ storage: EtcdStorage.emptyDir(null as Anything) }, 'storage: expected an object, got null'],
  [{ storage: EtcdStorage.persistentVolumeClaim(null as Anything) }, 'storage: expected an object, got null'],
  [
    { autoCompaction: EtcdAutoCompaction.periodic(undefined as Anything) },
    'autoCompaction: expected a cdk8s Duration such as Duration.seconds(10)',
  ],
  [claim({ accessModes: [] }), 'storage.accessModes: expected at least one item, got an empty list'],
  [{ extraEnv: [{ name: 'A', value: 1 }] }, 'extraEnv[0].value: expected a string, got 1'],
  [
    { extraEnv: [{ name: 'A', value: 'b', valueFrom: {} }] },
    'extraEnv[0].valueFrom: cannot be combined with value, got {}; keep one of them',
  ],
  [{ extraEnv: [{ name: 'A', valueFrom: 's' }] }, 'extraEnv[0].valueFrom: unknown key or wrong type'],
  [{ affinity: { nodeAffinity: 5 } }, 'affinity.nodeAffinity: unknown key or wrong type'],
  [{ affinity: { nodeAffinity: true } }, 'affinity.nodeAffinity: unknown key or wrong type'],
  [{ affinity: { nodeAffinity: [] } }, 'affinity.nodeAffinity: unknown key or wrong type'],
  [
    { extraEnv: [{ name: 'ETCDCTL_ENDPOINTS', value: 'x' }] },
    'extraEnv[0].name: is set by the library and cannot be changed, got "ETCDCTL_ENDPOINTS"; remove it',
  ],
  [{ extraArgs: ['--cert-file=/x'] }, 'extraArgs[0]: cannot be used: use the tls prop'],
  [{ sidecars: [{ name: 'a' }] }, 'sidecars[0].image: is required; set it'],
  [{ sidecars: [{ name: 'a', image: 'a:1', ports: '80' }] }, 'sidecars[0]: expected the k8s type of cdk8s-plus-28'],
  [{ extraVolumeMounts: [{ name: 'data' }] }, 'extraVolumeMounts[0].mountPath: is required; set it'],
  [
    { extraVolumeMounts: [{ name: 'data', mountPath: '/toolbox/bin' }] },
    'extraVolumeMounts[0].mountPath: is used by the library',
  ],
  [
    { resources: { cpuRequest: '2', cpuLimit: '1' } },
    'resources.cpuLimit: expected at least the request, which is 2, got "1"',
  ],
  [
    { livenessProbe: { successThreshold: 2 } },
    'livenessProbe.successThreshold: expected a whole number from 1 to 1, got 2; only the readiness probe may have another value',
  ],
  [
    { networkPolicy: { clients: [{}] } },
    'networkPolicy.clients[0]: expected either cidr, or namespaceLabels and podLabels, or one of these two, got {}',
  ],
  [
    { networkPolicy: { clients: [{ cidr: '10.0.0.0/8', podLabels: {} }] } },
    'networkPolicy.clients[0]: expected either cidr, or namespaceLabels and podLabels, or one of these two, got {"cidr":"10.0.0.0/8","podLabels":{}}',
  ],
  [{ networkPolicy: { clients: [{ cidr: '300.0.0.0/8' }] } }, 'networkPolicy.clients[0].cidr: expected a network'],
  [{ networkPolicy: { extraEgress: [{}] } }, 'networkPolicy.extraEgress: needs restrictEgress'],
  [
    { serviceAccount: { name: 'default' } },
    'serviceAccount.name: Kubernetes creates a ServiceAccount of this name for all pods of the namespace, got "default"; choose another name',
  ],
  [
    { name: 'default' },
    'name: Kubernetes creates a ServiceAccount of this name for all pods of the namespace, got "default"; choose another name',
  ],
  [
    { name: 'kubernetes', namespace: 'default' },
    'name: Kubernetes creates a Service of this name for its API server, got "kubernetes"; choose another name',
  ],
  [
    { serviceAccount: { create: false } },
    'serviceAccount.name: is required with create: false, because pods need a ServiceAccount; set it',
  ],
  [
    { heartbeatInterval: Duration.seconds(11) },
    'heartbeatInterval: expected a whole number of milliseconds from 1 to 10000',
  ],
  [{ antiAffinityTopologyKey: 'a b' }, 'antiAffinityTopologyKey: '],
  [{ clientService: { type: 'LoadBalancer', loadBalancerClass: 'a b' } }, 'clientService.loadBalancerClass: '],
];

test.each(MIX_UPS)('%#: %s', (props, expected) => {
  expect(problemsOf(() => synthCluster(props))).toEqual([expect.stringContaining(`[test/Etcd] ${expected}`)]);
});

test.each<[Anything]>([
  [{ annotations: { toString: 'x', hasOwnProperty: 'y' } }],
  [{ clientService: { annotations: { valueOf: 'x' } } }],
  [{ extraEnv: [{ name: 'constructor', value: 'x' }, { name: 'toString' }] }],
  [{ labels: { toString: 'x' }, nodeSelector: { valueOf: 'x' } }],
])('names that every object has: %j', (props) => {
  expect(problemsOf(() => synthCluster(props))).toEqual([]);
});

test('two objects of one name in a chart', () => {
  const chart = new Chart(Testing.app(), 'test', { namespace: 'ns' });
  new EtcdCluster(chart, 'First', { name: 'etcd' });
  new EtcdCluster(chart, 'Second', { name: 'etcd' });
  expect(problemsOf(() => Testing.synth(chart))).toEqual([
    '[test/Second] StatefulSet ns/etcd: is also created by test/First; choose another name, or use an app for each Kubernetes cluster',
  ]);
});

test('the chart’s namespace is checked too', () => {
  const chart = new Chart(Testing.app(), 'test', { namespace: 'Bad_NS' });
  new EtcdCluster(chart, 'Etcd', { name: 'etcd' });
  expect(problemsOf(() => Testing.synth(chart))).toEqual([
    expect.stringContaining('[test/Etcd] namespace: expected a DNS label'),
  ]);
});

test('a CPU limit below the default request is enough by itself', () => {
  const [etcd] = find(synthCluster({ resources: { cpuLimit: '100m' } }), 'StatefulSet', 'etcd').spec.template.spec
    .containers;
  expect(etcd.resources).toMatchObject({ requests: { cpu: '100m' }, limits: { cpu: '100m' } });
});

test('the user’s own feature gates, where the library sets none', () => {
  const props = { corruptionChecks: false, extraArgs: ['--feature-gates=StopGRPCServiceOnDefrag=true'] };
  expect(problemsOf(() => synthCluster(props))).toEqual([]);
});

test.each([EtcdSnapshots, EtcdDefrag, EtcdMonitoring])('%p without its cluster', (Part: Anything) => {
  const chart = new Chart(Testing.app(), 'test', { namespace: 'ns' });
  expect(() => new Part(chart, 'Part', {})).toThrow('cluster: is required; set it to an EtcdCluster');
});

test('a drill without its snapshots', () => {
  const chart = new Chart(Testing.app(), 'test', { namespace: 'ns' });
  const props: Anything = {};
  expect(() => new EtcdRestoreDrill(chart, 'Drill', props)).toThrow(
    'snapshots: is required; set it to an EtcdSnapshots',
  );
});

test('annotations with a wrong value are one problem', () => {
  const headlessService = { annotations: { a: '0o755', b: 'c' } };
  const problem = '[test/Etcd] headlessService.annotations.a: expected text that YAML does not read as an octal';
  expect(problemsOf(() => synthCluster({ headlessService }))).toEqual([expect.stringContaining(problem)]);
});

test('a store without options is one problem', () => {
  const store = EtcdSnapshotStore.persistentVolumeClaim(null as Anything);
  const problems = problemsOf(() => synthCluster({}, (cluster) => cluster.addSnapshots({ store })));
  expect(problems).toEqual(['[test/Etcd/Snapshots] store: expected an object, got null']);
});

test('an option of a Service that is off is one problem', () => {
  const clientService = { enabled: false, loadBalancerIp: '192.0.2.7' };
  expect(problemsOf(() => synthCluster({ clientService }))).toEqual([
    '[test/Etcd] clientService.loadBalancerIp: has no effect with enabled: false, got "192.0.2.7"; remove one of them',
  ]);
});

test('a wrong value that another prop does not allow either is one problem', () => {
  const restoreFrom = EtcdRestore.newestFromRemote({ path: 'a:b', configSecret: 'c' }, { subPath: '..', sha256: 'x' });
  const problems = problemsOf(() => synthCluster({ restoreFrom, serviceAccount: { create: false, name: '' } }));
  expect(problems).toEqual([
    expect.stringContaining('restoreFrom.subPath: expected a relative path'),
    expect.stringContaining('restoreFrom.sha256: expected 64 hexadecimal digits'),
    expect.stringContaining('serviceAccount.name: expected a DNS subdomain'),
  ]);
});
