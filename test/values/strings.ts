/** Texts by what they are: those that are right somewhere, and those that are wrong. */
export interface Texts {
  readonly good: readonly string[];
  readonly bad: readonly string[];
}

const texts = (good: string[], bad: string[]): Texts => ({ good, bad });
const a = (count: number): string => 'a'.repeat(count);

/** Wrong, or at least unusual, wherever they are given. */
export const STRANGE = ['', ' ', 'Not Valid!', '..', '/', 'a\nb', 'ü', '0', 'true', a(64), a(300), '\u0000', '$(HOME)'];

const LABEL = texts(['a', 'etcd', 'x-1', a(63)], ['A', '-a', 'a.b', 'a_b', a(64)]);
const SUBDOMAIN = texts(['a', 'a.b', 'some-name'], ['A', 'a..b', '.a', 'a_b', a(254)]);
const LABEL_KEY = texts(
  ['team', 'example.com/team', 'topology.kubernetes.io/zone'],
  ['a/b/c', '/a', 'a b', 'Example.com/a', a(64)],
);
const LABEL_VALUE = texts(['', 'a', 'b_C.d'], ['a b', '-a', 'a/b', a(64)]);
const QUANTITY = texts(
  ['100m', '1', '1Gi', '2G', '300Mi', '1e3'],
  ['0', '-1', '1 GB', '1gb', '0.5.5', 'many', '1K', '1ki', '9Ei', '1m', '1.5'],
);
const PATH = texts(['/data', '/mnt/x', '/srv/some.thing'], ['', 'relative', '/a/../b', '/a:b', '/', '//x', '/usr']);
const SUB_PATH = texts(['a', 'a/b'], ['..', '../a', 'a/../b', '/a', '']);
const CIDR = texts(
  ['10.0.0.0/8', 'fd00::/8', '192.0.2.1/32'],
  ['10.0.0.0', '10.0.0.0/33', 'fe80::1%eth0/64', '10.1/8'],
);
const ADDRESS = texts(
  ['10.96.0.50', '192.0.2.7', 'fd00::7'],
  [
    '127.0.0.1',
    '::1',
    '0.0.0.0',
    '169.254.1.1',
    '224.0.0.1',
    'fe80::1',
    'fe80::1%eth0',
    '10.0.0',
    'localhost',
    '010.1.1.1',
  ],
);
const PORT_NAME = texts(['http', 'metrics-tls', 'a1'], ['A', 'a--b', '-a', '80', 'longer-than-fifteen']);
const IMAGE = texts(['docker.io/library/busybox:1.36.1'], ['', ' busybox', 'a b', 'Busybox:1']);
const SCHEDULE = texts(
  ['*/30 * * * *', '@hourly', '0 3 * * 0'],
  ['* * * *', '61 * * * *', '@reboot', 'TZ=UTC 0 3 * * *'],
);
const ENV_NAME = texts(['A', 'GOMEMLIMIT', 'a.b-c'], ['1A', 'A=B', 'A B', '', '..', 'ü']);
const KEY = texts(['/app/', 'a b', 'ü', '-x'], ['a\u0001b', 'a\nb']);
const SECRET_KEY = texts(['tls.crt', 'key'], ['a/b', '..', '', a(254)]);
const TEXT = texts(['', 'some text', 'yes', '0x1f', '1e3', 'a: b #c'], ['0o755', '\u0085', '\u0000', '\ud800']);
const PROTOCOL = texts(['TCP', 'UDP', 'SCTP'], ['tcp', 'HTTP', '']);
const VERSION = texts(['3.6.16', '3.5.35'], ['3.4.1', 'v3.6.16', '03.6.16', '3.6']);
const RELEASE = texts(['0.6.0', '0.8.30'], ['v0.6.0', '0.0.1', '1']);

/** By the name of the field or parameter, after that of its struct or factory where the name alone does not say it. */
export const STRINGS: { readonly [field: string]: Texts } = {
  // Of this library.
  'EtcdClusterProps.name': texts(['etcd', 'a', a(40)], ['Etcd', '1a', 'a-', a(41)]),
  'EtcdClusterProps.namespace': LABEL,
  'EtcdSelectorOptions.name': LABEL_VALUE,
  instance: LABEL_VALUE,
  namespace: LABEL,
  clusterToken: texts(['token', 'a!b'], ['a b', 'ü', a(129)]),
  clusterDomain: texts(
    ['cluster.local', 'a.b'],
    ['Cluster.Local', a(254), `${a(100)}.local`, `${a(60)}.${a(60)}.${a(60)}.local`],
  ),
  quotaBackend: texts(['2Gi', '4Gi', '8Gi'], QUANTITY.bad.slice()),
  maxRequest: texts(['1536Ki', '2Mi'], QUANTITY.bad.slice()),
  minimumGain: texts(['100Mi'], QUANTITY.bad.slice()),
  maxMetadataValue: texts(['100Ki'], QUANTITY.bad.slice()),
  freeSpaceMinimum: QUANTITY,
  size: texts(['8Gi', '20Gi'], QUANTITY.bad.slice()),
  sizeLimit: texts(['8Gi', '20Gi'], QUANTITY.bad.slice()),
  cpuRequest: QUANTITY,
  cpuLimit: QUANTITY,
  memory: texts(['512Mi', '2Gi', '4Gi'], QUANTITY.bad.slice()),
  ephemeralStorageRequest: texts(['1Gi', '2Gi'], QUANTITY.bad.slice()),
  ephemeralStorageLimit: texts(['1Gi', '2Gi'], QUANTITY.bad.slice()),
  extraArgs: texts(
    ['--log-format=json', '--max-wals=7', '--pre-vote=true'],
    ['pre-vote', '--bogus=1', '--name=x', '--version'],
  ),
  'EtcdRemote.extraArgs': texts(['--s3-no-check-bucket'], ['--dry-run', 'x', '--config=/x']),
  schedule: SCHEDULE,
  timeZone: texts(['Europe/Berlin', 'Etc/UTC'], ['Local', 'europe/berlin', 'Mars/Base']),
  priorityClassName: SUBDOMAIN,
  runtimeClassName: SUBDOMAIN,
  schedulerName: SUBDOMAIN,
  serviceAccountName: SUBDOMAIN,
  storageClassName: texts(['', 'fast', 'a.b'], SUBDOMAIN.bad.slice()),
  claimName: SUBDOMAIN,
  configSecret: SUBDOMAIN,
  configKey: SECRET_KEY,
  certificateKey: SECRET_KEY,
  privateKeyKey: SECRET_KEY,
  caKey: SECRET_KEY,
  caName: SUBDOMAIN,
  fileName: texts(['db-2025-01-06_11-18'], ['a/b', 'newest', '-x', '']),
  id: texts(['again', 'restore-2'], ['A', '-a', a(41)]),
  sha256: texts(['0123456789abcdef'.repeat(4)], ['abc', 'A'.repeat(64)]),
  subPath: SUB_PATH,
  'EtcdRemote.path': texts(['backup:bucket/etcd'], ['backup', 'backup:bucket/', ':s3', 'b:x y']),
  'EtcdSnapshotClaimOptions.name': SUBDOMAIN,
  'EtcdSnapshotStore.name': SUBDOMAIN,
  'EtcdServiceAccountOptions.name': SUBDOMAIN,
  'EtcdCertificateSecret.name': SUBDOMAIN,
  'EtcdIssuer.name': SUBDOMAIN,
  'EtcdRootPassword.name': SUBDOMAIN,
  'EtcdRootPassword.key': SECRET_KEY,
  'EtcdTokenKey.name': SUBDOMAIN,
  'EtcdTokenKey.key': SECRET_KEY,
  passwordSecret: SUBDOMAIN,
  passwordKey: SECRET_KEY,
  'EtcdUser.name': texts(['app', 'web-1', 'a.b_C'], ['root', '-a', 'a b', 'a:b', a(65)]),
  'EtcdRole.name': texts(['app', 'reader'], ['cdk8s-etcd', '-a', 'a b', a(65)]),
  roles: texts(['app', 'reader', 'root'], ['cdk8s-etcd', 'a b']),
  'EtcdKeyRange.key': KEY,
  'EtcdKeyRange.prefix': KEY,
  first: KEY,
  end: texts(['zzz', '~'], ['a\u0001b']),
  kind: texts(['ClusterIssuer', 'AWSPCAIssuer'], ['issuer', '']),
  group: texts(['cert-manager.io'], ['', 'A b']),
  extraNames: texts(['etcd.example.com', '*.example.com', '10.0.0.1'], ['a b', '*', 'a.*.b', a(254)]),
  advertisedUrl: texts(
    ['http://{member}.example.com:2379', 'http://node.example.com:3037{ordinal}'],
    ['http://etcd.example.com:2379', '{member}', 'http://{member}.example.com', `http://{member}.${a(254)}:1`],
  ),
  loadBalancerClass: LABEL_KEY,
  loadBalancerSourceRanges: CIDR,
  loadBalancerIp: ADDRESS,
  externalIps: ADDRESS,
  clusterIp: texts(['None', ...ADDRESS.good], ADDRESS.bad.slice()),
  portName: PORT_NAME,
  'EtcdMetricsTls.port': PORT_NAME,
  serverName: SUBDOMAIN,
  cidr: CIDR,
  antiAffinityTopologyKey: LABEL_KEY,
  jobLabel: LABEL_KEY,
  title: texts(['etcd of metadata', 'a b'], ['x', ' a', a(101)]),
  runbookUrl: texts(['https://example.com/alerts'], ['example.com', 'https://example.com/#x']),
  sourceLabels: texts(['namespace', '__name__'], ['a-b', '1a', 'a b', '']),
  targetLabel: texts(['cluster', 'a_b'], ['a-b', '1a', '']),
  separator: TEXT,
  regex: texts(['go_.*', '(a|b)', ''], ['(', '[', '*', 'a{2,1}', '(?<x>a)', '(?=a)', '\\1']),
  replacement: texts(['$1', 'prod', '${1}x', ''], []),
  version: VERSION,
  upgradeFrom: VERSION,
  tag: texts(['3.5.21-debian-12-r5', '3.6.4'], ['latest', 'v3.6.4']),
  reference: texts(['registry.example.com/etcd:v3.6.16'], ['etcd', 'Etcd:1', 'a b:1']),
  digest: texts([`sha256:${'0123456789abcdef'.repeat(4)}`], ['sha256:abc', 'md5:1']),
  repository: texts(['registry.example.com/etcd'], ['Etcd', 'https://a.b/c']),
  imageRegistry: texts(['mirror.example.com:5000/proxy'], ['proxy', 'https://quay.io', 'quay.io/']),
  toolboxImage: IMAGE,
  kubectlImage: IMAGE,
  image: IMAGE,
  imagePullSecrets: SUBDOMAIN,
  binDirectory: PATH,
  mountPath: PATH,
  operatorVersion: RELEASE,
  chartVersion: RELEASE,
  greptimeDbVersion: RELEASE,
  commonName: texts(['app', 'CN of 1 app'], ['root', ' a', 'ä', a(65)]),
  'EtcdClientCertificateOptions.name': SUBDOMAIN,
  clusterName: LABEL,
  values: texts(['replicaCount: 3'], ['{']),
  releaseName: LABEL,

  // Of Kubernetes.
  name: LABEL,
  key: LABEL_KEY,
  value: LABEL_VALUE,
  'EnvVar.name': ENV_NAME,
  'EnvVar.value': TEXT,
  prefix: ENV_NAME,
  fieldPath: texts(
    ['metadata.name', 'status.podIP', "metadata.labels['a']"],
    ['spec.replicas', 'metadata', "metadata.labels['a b']", 'metadata.labels'],
  ),
  resource: texts(['limits.cpu', 'requests.memory'], ['cpu', 'limits.gpu', '']),
  'Toleration.operator': texts(['Exists', 'Equal'], ['In', 'exists', '']),
  effect: texts(['NoSchedule', 'NoExecute', 'PreferNoSchedule', ''], ['noSchedule', 'Evict']),
  operator: texts(['In', 'NotIn', 'Exists', 'DoesNotExist'], ['Gt', 'Lt', 'Equal', '']),
  'LabelSelectorRequirement.values': LABEL_VALUE,
  'NodeSelectorRequirement.values': texts(['a', '1'], ['a b', a(64)]),
  topologyKey: LABEL_KEY,
  whenUnsatisfiable: texts(['DoNotSchedule', 'ScheduleAnyway'], ['Never', '']),
  nodeAffinityPolicy: texts(['Honor', 'Ignore'], ['honor']),
  nodeTaintsPolicy: texts(['Honor', 'Ignore'], ['honor']),
  matchLabelKeys: LABEL_KEY,
  namespaces: LABEL,
  ip: ADDRESS,
  hostIp: ADDRESS,
  hostnames: SUBDOMAIN,
  'Container.image': IMAGE,
  imagePullPolicy: texts(['Always', 'IfNotPresent', 'Never'], ['always', 'Sometimes']),
  'ContainerPort.name': PORT_NAME,
  protocol: PROTOCOL,
  appProtocol: texts(['http', 'kubernetes.io/h2c'], ['a b', '/x']),
  scheme: texts(['HTTP', 'HTTPS'], ['http', 'FTP']),
  terminationMessagePolicy: texts(['File', 'FallbackToLogsOnError'], ['file']),
  terminationMessagePath: PATH,
  workingDir: texts(['/', '/tmp'], []),
  restartPolicy: texts(['Always'], ['Never', 'OnFailure', 'x']),
  mountPropagation: texts(['None', 'HostToContainer'], ['Bidirectional', 'x']),
  subPathExpr: texts(['$(A)'], SUB_PATH.bad.slice()),
  devicePath: PATH,
  procMount: texts(['Default'], ['Unmasked', 'x']),
  'SeccompProfile.type': texts(['RuntimeDefault', 'Localhost', 'Unconfined'], ['x', '']),
  'Capabilities.add': texts(['NET_BIND_SERVICE'], ['SYS_ADMIN', 'CAP_SYS_ADMIN']),
  'Capabilities.drop': texts(['ALL'], ['all', 'NET_RAW']),
  'SeLinuxOptions.type': texts(['container_t', ''], ['spc_t']),
  level: texts(['s0:c1,c2'], []),
  'Sysctl.name': texts(
    ['net.ipv4.ip_local_port_range', 'kernel.shm_rmid_forced'],
    ['net.ipv4.ip_forward', 'Kernel!', 'a..b', 'net/core/somaxconn'],
  ),
  'ServicePort.name': LABEL,
  'HttpHeader.name': texts(['X-A'], ['a b', '']),
  accessModes: texts(['ReadWriteOnce', 'ReadWriteMany'], ['ReadWriteOncePod', 'RWO']),
  volumeMode: texts(['Filesystem'], ['Block', 'x']),
  volumeName: SUBDOMAIN,
  medium: texts(['', 'Memory'], ['x', 'HugePages']),
  path: texts(['a', 'a/b', '/data'], SUB_PATH.bad.slice()),
  'HttpGetAction.path': texts(['/healthz'], ['', 'x']),
  'HostPathVolumeSource.type': texts(['', 'Directory'], ['x']),
  fsType: texts(['ext4'], []),
  driver: texts(['csi.example.com'], ['a b', '', 'A', a(64)]),
  secretName: SUBDOMAIN,
  server: texts(['nfs.example.com'], ['']),
  'LabelSelectorRequirement.key': LABEL_KEY,
  'VolumeMount.name': texts(['data', 'a', 'etcd'], ['A', 'nope']),
};
