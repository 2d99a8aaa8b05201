import { Chart, Duration, Testing } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { EtcdAutoCompaction, EtcdCluster, EtcdImage, EtcdStorage, EtcdUpdateStrategy } from '../../src';
import { problemsOf, synthCluster } from '../support/synth';

/** As a caller from JavaScript, without a compiler that checks types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- wrong types are the point
type Anything = any;

const QUANTITY = 'expected a Kubernetes quantity';
const claim = (options: Anything) => ({ storage: EtcdStorage.persistentVolumeClaim(options) });

/** Wrong props of a cluster, and the start of each problem. */
const REFUSED: [Anything, ...string[]][] = [
  [{ replicas: 0 }, 'replicas: expected a whole number from 1 to 9, got 0; use 3, or 5 to tolerate two failures'],
  [{ replicas: 10 }, 'replicas: expected a whole number from 1 to 9'],
  [{ replicas: 2.5 }, 'replicas: expected a whole number from 1 to 9, got 2.5; use 3, or 5 to tolerate two failures'],
  [{ replicas: '3' }, 'replicas: expected a whole number from 1 to 9, got "3"; use 3, or 5 to tolerate two failures'],
  [{ replicas: NaN }, 'replicas: expected a whole number from 1 to 9, got NaN; use 3, or 5 to tolerate two failures'],
  [{ replica: 3 }, 'replica: unknown key, got 3; did you mean replicas?'],
  [{ xyzzy: 1 }, 'xyzzy: unknown key, got 1; use one of name, namespace, selector, replicas'],
  [{ name: 'a'.repeat(41) }, 'name: '],
  [{ name: '1etcd' }, 'name: '],
  [{ name: 'Etcd' }, 'name: '],
  [{ name: 7 }, 'name: expected a string, got 7'],
  [{ namespace: 'Etcd_Cluster' }, 'namespace: '],
  [{ namespace: '' }, 'namespace: '],
  [{ selector: { instance: '' } }, 'selector.instance: expected a label value, not an empty string'],
  [
    { image: 'etcd:3.6.16' },
    'image: expected EtcdImage.upstream(...), EtcdImage.bitnami(...) or EtcdImage.custom(...), got "etcd:3.6.16"',
  ],
  [
    { image: EtcdImage.upstream('v3.6.16') },
    'image.version: expected an etcd version such as 3.6.16, without a leading v',
  ],
  [{ image: EtcdImage.custom('example.com/etcd:latest', { version: '3.6.16' }) }, 'image.reference: '],
  [{ image: EtcdImage.custom('example.com/Etcd:1', { version: '3.6.16' }) }, 'image.reference: '],
  [
    { image: EtcdImage.upstream('3.6.16', { digest: 'sha256:abc' }) },
    'image.digest: expected sha256: and 64 hexadecimal digits',
  ],
  [{ existingCluster: 1 }, 'existingCluster: expected true or false, got 1'],
  [{ corruptionChecks: 'on' }, 'corruptionChecks: expected true or false, got "on"'],
  [{ upgradeFrom: '3.5' }, 'upgradeFrom: expected an etcd version such as 3.6.16, without a leading v, got "3.5"'],
  [{ imagePullPolicy: 'Sometimes' }, 'imagePullPolicy: expected one of Always, IfNotPresent, Never, got "Sometimes"'],
  [{ imagePullSecrets: ['a', 'a'] }, 'imagePullSecrets[1]: given twice, got "a"; keep one of them'],
  [{ imagePullSecrets: 'a' }, 'imagePullSecrets: expected a list, got "a"'],
  [{ imageRegistry: 'https://mirror.example.com' }, 'imageRegistry: '],
  [{ imageRegistry: 'mirror.example.com/' }, 'imageRegistry: '],
  [{ toolboxImage: 'busybox' }, 'toolboxImage: '],
  [
    { storage: { size: '8Gi' } },
    'storage: expected EtcdStorage.persistentVolumeClaim(...) or EtcdStorage.emptyDir(), got {"size":"8Gi"}',
  ],
  [claim({ size: '8GiB' }), `storage.size: ${QUANTITY}`],
  [claim({ size: '8gi' }), `storage.size: ${QUANTITY}`],
  [claim({ size: '-8Gi' }), 'storage.size: expected a quantity greater than zero'],
  [claim({ sise: '8Gi' }), 'storage.sise: unknown key, got "8Gi"; did you mean size?'],
  [
    claim({ accessModes: ['RWO'] }),
    'storage.accessModes[0]: expected one of ReadWriteOnce, ReadWriteOncePod, ReadWriteMany, ReadOnlyMany',
  ],
  [claim({ accessModes: ['ReadWriteOnce', 'ReadWriteOnce'] }), 'storage.accessModes[1]: given twice'],
  [claim({ labels: { 'a b': 'c' } }), 'storage.labels.a b: '],
  [claim({ selector: { matchLabel: {} } }), 'storage.selector.matchLabel: unknown key or wrong type'],
  [{ storage: EtcdStorage.emptyDir({ sizeLimit: 'big' }) }, `storage.sizeLimit: ${QUANTITY}`],
  [
    { claimRetentionPolicy: { whenScaled: 'Keep' } },
    'claimRetentionPolicy.whenScaled: expected one of Retain, Delete, got "Keep"',
  ],
  [{ resources: { cpu: '1' } }, 'resources.cpu: unknown key'],
  [{ resources: { cpuRequest: 'two' } }, `resources.cpuRequest: ${QUANTITY}`],
  [{ resources: { memory: '8 Gi' } }, `resources.memory: ${QUANTITY}`],
  [{ resources: [] }, 'resources: expected an object, got []'],
  [{ quotaBackend: '8G1' }, `quotaBackend: ${QUANTITY}`],
  [{ quotaBackend: 8589934592 }, 'quotaBackend: expected a string, got 8589934592'],
  [
    { autoCompaction: '1h' },
    'autoCompaction: expected EtcdAutoCompaction.periodic(...), .revision(...) or .disabled(), got "1h"',
  ],
  [
    { autoCompaction: EtcdAutoCompaction.periodic(Duration.millis(1500)) },
    'autoCompaction: expected a whole number of seconds from 1',
  ],
  [{ autoCompaction: EtcdAutoCompaction.revision(0) }, 'autoCompaction: expected a whole number of at least 1, got 0'],
  [{ heartbeatInterval: 100 }, 'heartbeatInterval: expected a cdk8s Duration such as Duration.seconds(10), got 100'],
  [
    { heartbeatInterval: Duration.millis(0.5) },
    'heartbeatInterval: expected a whole number of milliseconds from 1 to 10000, got "0.5 milliseconds"',
  ],
  [
    { electionTimeout: Duration.millis(499) },
    'electionTimeout: expected at least 5 times the heartbeat interval of 100 ms, got "499 ms"; use 500 ms or more',
  ],
  [
    { electionTimeout: Duration.seconds(51) },
    'electionTimeout: expected a whole number of milliseconds from 10 to 50000, got "51000 milliseconds"',
  ],
  [{ snapshotCount: 0 }, 'snapshotCount: expected a whole number from 1 to 1000000000, got 0'],
  [{ logLevel: 'verbose' }, 'logLevel: expected one of debug, info, warn, error, panic, fatal, got "verbose"'],
  [{ maxRequest: '' }, `maxRequest: ${QUANTITY}`],
  [{ maxTxnOps: -1 }, 'maxTxnOps: expected a whole number from 1 to 1000000, got -1'],
  [{ clusterToken: 'a token' }, 'clusterToken: '],
  [{ clusterDomain: 'Cluster.Local' }, 'clusterDomain: '],
  [
    { security: { user: 0 } },
    'security.user: expected a whole number from 1 to 2147483647, got 0; Pod Security "restricted" refuses root',
  ],
  [{ security: { group: -1 } }, 'security.group: expected a whole number from 0 to 2147483647, got -1'],
  [{ security: { supplementalGroups: [-1] } }, 'security.supplementalGroups[0]: expected a whole number from 0'],
  [{ ports: { client: 70000 } }, 'ports.client: expected a whole number from 1 to 65535, got 70000'],
  [{ ports: { metricsTls: 0 } }, 'ports.metricsTls: expected a whole number from 1 to 65535, got 0'],
  [
    { ports: { client: 443 } },
    'ports.client: expected at least 1024, because members may not listen below, got 443; choose another port: the Service for clients may have any, in clientService.port',
  ],
  [
    { ports: { phase: 443 }, security: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '444' }] } },
    'ports.phase: expected at least 444, because members may not listen below, got 443',
  ],
  [{ ports: { client: 2380 } }, 'ports.peer: is already used by client, got 2380; choose another port'],
  [{ extraEnv: [{ name: 'A' }, { name: 'A' }] }, 'extraEnv[1]: given twice, got "A"; keep one of them'],
  [{ extraEnv: [{ name: '1 A' }] }, 'extraEnv[0].name: '],
  [{ extraEnv: [{ name: 'A', valu: 'x' }] }, 'extraEnv[0].valu: unknown key or wrong type'],
  [
    { extraEnv: [{ name: 'ETCD_QUOTA_BACKEND_BYTES', value: '1' }] },
    'extraEnv[0].name: is set by the library, got "ETCD_QUOTA_BACKEND_BYTES"; use the prop quotaBackend',
  ],
  [
    { extraEnv: [{ name: 'PATH', value: '/' }] },
    'extraEnv[0].name: is set by the library and cannot be changed, got "PATH"; remove it',
  ],
  [
    { extraEnv: [{ name: 'ETCD_FORCE_NEW_CLUSTER', value: 'true' }] },
    'extraEnv[0].name: cannot be used: each member would become a cluster of its own at every start',
  ],
  [{ extraEnv: [{ name: 'A', value: '0o755' }] }, 'extraEnv[0].value: '],
  [
    { extraArgs: ['--quota-backend-bytes=1'] },
    'extraArgs[0]: is set by the library, got "--quota-backend-bytes=1"; use the prop quotaBackend',
  ],
  [{ extraArgs: ['pre-vote'] }, 'extraArgs[0]: expected an etcd flag, as --name or --name=value, got "pre-vote"'],
  [{ extraArgs: ['--pre-vote=true', '--pre-vote=false'] }, 'extraArgs[1]: given twice'],
  [
    { extraArgs: ['--pre-vote=true'], extraEnv: [{ name: 'ETCD_PRE_VOTE', value: 'true' }] },
    'extraArgs[0]: etcd does not start if ETCD_PRE_VOTE is in extraEnv too, got "--pre-vote=true"; keep one of them',
  ],
  [{ antiAffinity: 'soft' }, 'antiAffinity: expected one of preferred, required, none, got "soft"'],
  [{ antiAffinityTopologyKey: ' ' }, 'antiAffinityTopologyKey: '],
  [{ tolerations: [{ kee: 'db' }] }, 'tolerations[0].kee: unknown key or wrong type'],
  [
    { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'x', whenUnsatisfiable: 'DoNotSchedule', zone: 1 }] },
    'topologySpreadConstraints[0].zone: unknown key or wrong type',
  ],
  [{ nodeSelector: { disk: true } }, 'nodeSelector.disk: expected a string, got true'],
  [{ priorityClassName: 'Very High' }, 'priorityClassName: '],
  [
    { terminationGracePeriod: Duration.seconds(1) },
    'terminationGracePeriod: expected a whole number of seconds from 30',
  ],
  [
    { updateStrategy: 'RollingUpdate' },
    'updateStrategy: expected EtcdUpdateStrategy.rollingUpdate() or EtcdUpdateStrategy.onDelete()',
  ],
  [
    { updateStrategy: EtcdUpdateStrategy.rollingUpdate(-1) },
    'updateStrategy: expected a whole number from 0 to 9, got -1',
  ],
  [
    { security: { user: 0 } },
    'security.user: expected a whole number from 1 to 2147483647, got 0; Pod Security "restricted" refuses root',
  ],
  [{ startupProbe: { periodSeconds: 1 } }, 'startupProbe.periodSeconds: unknown key'],
  [
    { readinessProbe: { period: Duration.seconds(0) } },
    'readinessProbe.period: expected a whole number of seconds from 1',
  ],
  [{ livenessProbe: { enabled: 'yes' } }, 'livenessProbe.enabled: expected true or false, got "yes"'],
  [
    { podDisruptionBudget: { maxUnavailable: 5 } },
    'podDisruptionBudget.maxUnavailable: expected a whole number from 0 to 4, got 5',
  ],
  [{ serviceAccount: { name: 'No Name' } }, 'serviceAccount.name: '],
  [
    { networkPolicy: { clients: [{ cidr: 'everywhere' }] } },
    'networkPolicy.clients[0].cidr: expected a network such as 10.0.0.0/8',
  ],
  [{ networkPolicy: { clients: [{ namespace: 'x' }] } }, 'networkPolicy.clients[0].namespace: unknown key'],
  [
    { labels: { 'app.kubernetes.io/name': 'x' } },
    'labels.app.kubernetes.io/name: is set by the library because selectors use it, got "app.kubernetes.io/name"; choose another label',
  ],
  [{ labels: { team: 'no spaces here' } }, 'labels.team: '],
  [{ labels: { '<<': 'x' } }, 'labels.<<: '],
  [{ annotations: { 'a/b/c': 'x' } }, 'annotations.a/b/c: '],
  [{ annotations: { note: '0o17' } }, 'annotations.note: '],
  [{ podAnnotations: { note: '\ttab first\nsecond line' } }, 'podAnnotations.note: '],
  [{ podLabels: { 'app.kubernetes.io/instance': 'x' } }, 'podLabels.app.kubernetes.io/instance: is set by the library'],
  [
    { extraVolumes: [{ name: 'data', emptyDir: {} }] },
    'extraVolumes[0].name: another volume has this name, got "data"; choose another',
  ],
  [
    { extraVolumes: [{ name: 'v', emptyDir: { sizeLimit: '1Gi' } }] },
    'extraVolumes[0].emptyDir.sizeLimit: unknown key or wrong type',
  ],
  [
    { extraVolumeMounts: [{ name: 'data', mountPath: '/var/lib/etcd' }] },
    'extraVolumeMounts[0].mountPath: is used by the library, got "/var/lib/etcd"; choose another path',
  ],
  [
    { extraVolumeMounts: [{ name: 'nowhere', mountPath: '/x' }] },
    'extraVolumeMounts[0].name: unknown volume, got "nowhere"; add it to extraVolumes or extraVolumeClaimTemplates',
  ],
  [
    { sidecars: [{ name: 'a', image: 'a:1', volumeMounts: [{ name: 'empty-dir', mountPath: '/tmp' }] }] },
    'sidecars[0].volumeMounts[0].name: unknown volume, got "empty-dir"; add it to extraVolumes or extraVolumeClaimTemplates',
  ],
  [
    { initContainers: [{ name: 'a', image: 'a:1', volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] }] },
    'initContainers[0].volumeMounts[0].name: unknown volume, got "tmp"; add it to extraVolumes or extraVolumeClaimTemplates',
  ],
  [
    { initContainers: [{ name: 'toolbox', image: 'x:1' }] },
    'initContainers[0].name: another container has this name, got "toolbox"; choose another',
  ],
  [{ sidecars: [{ name: 'etcd', image: 'x:1' }] }, 'sidecars[0].name: another container has this name'],
  [
    { sidecars: [{ name: 'a', image: 'a:1', resources: { limits: { cpu: '1' } } }] },
    'sidecars[0].resources.limits.cpu: unknown key or wrong type',
  ],
  [{ shareProcessNamespace: 1 }, 'shareProcessNamespace: expected true or false, got 1'],
  [{ acknowledgeWarnings: ['TightQouta'] }, 'acknowledgeWarnings[0]: expected one of EvenReplicas, TightQuota'],
];

test.each(REFUSED)('%j', (props, ...expected) => {
  const problems = problemsOf(() => synthCluster(props));
  expect(problems).toHaveLength(expected.length);
  expected.forEach((text, i) => {
    expect(problems[i]).toContain(`[test/Etcd] ${text}`);
  });
});

test('props that are missing', () => {
  const chart = new Chart(Testing.app(), 'test');
  new EtcdCluster(chart, 'Etcd', {} as Anything);
  expect(problemsOf(() => Testing.synth(chart))).toEqual([
    '[test/Etcd] name: is required; set it',
    '[test/Etcd] namespace: is required here or on the chart, because it is part of the members’ URLs; set it',
  ]);
});

test('the problems of all constructs are reported at once', () => {
  const app = Testing.app();
  const chart = new Chart(app, 'test', { namespace: 'ns' });
  const first = new EtcdCluster(chart, 'First', { name: 'Bad', replicas: 0 });
  first.addDefrag({ schedule: 'never' });
  new EtcdCluster(chart, 'Second', { name: 'etcd', quotaBackend: 'x' });
  expect(problemsOf(() => app.synthYaml()).map((line) => line.split(':')[0])).toEqual([
    '[test/First] name',
    '[test/First] replicas',
    '[test/First/Defrag] schedule',
    '[test/Second] quotaBackend',
  ]);
});

test('groups may be root’s', () => {
  const security = { group: 0, fsGroup: 0, supplementalGroups: [0] };
  expect(problemsOf(() => synthCluster({ security }))).toEqual([]);
});

test.each(['net.ipv4.ip_unprivileged_port_start', 'net/ipv4/ip_unprivileged_port_start'])(
  'a port below 1024 that %s allows',
  (name) => {
    const security = { sysctls: [{ name, value: '443' }] };
    expect(problemsOf(() => synthCluster({ ports: { client: 443 }, security }))).toEqual([]);
  },
);

test('k8s structs with the right classes are accepted', () => {
  const sidecar = {
    name: 'a',
    image: 'a:1',
    resources: { limits: { cpu: k8s.Quantity.fromString('1') } },
    ports: [{ containerPort: 1, hostIp: '127.0.0.1' }],
  };
  expect(problemsOf(() => synthCluster({ sidecars: [sidecar] }))).toEqual([]);
});
