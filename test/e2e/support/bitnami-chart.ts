import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import { tlsEnvironment, tlsMounts, tlsValues, tlsVolumes } from './chart-tls';
import { userEnvironment, userMounts, userValues, userVolumes } from './chart-users';
import { SCHEME, WITH_TLS } from './tls';

/** The image that the chart's users run; the same files elsewhere: E2E_BITNAMI_REPOSITORY. */
const BITNAMI_TAG = '3.5.21-debian-12-r5';
export const BITNAMI_REPOSITORY = process.env.E2E_BITNAMI_REPOSITORY ?? 'docker.io/bitnamilegacy/etcd';

const [REGISTRY = '', ...REPOSITORY] = BITNAMI_REPOSITORY.split('/');
export const BITNAMI_IMAGE = { registry: REGISTRY, repository: REPOSITORY.join('/'), tag: BITNAMI_TAG };

/** A values file like those of the guide, for a small cluster. */
export function values(image: object): string {
  return Yaml.stringify({
    image,
    replicaCount: 3,
    auth: { ...userValues(), ...tlsValues() },
    persistence: { size: '1Gi' },
    resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: { memory: '256Mi' } },
    autoCompactionMode: 'periodic',
    autoCompactionRetention: '1h',
    extraEnvVars: [
      { name: 'ETCD_QUOTA_BACKEND_BYTES', value: '268435456' },
      { name: 'ETCD_ELECTION_TIMEOUT', value: '2000' },
      { name: 'ETCD_SNAPSHOT_COUNT', value: '10000' },
    ],
    disasterRecovery: {
      enabled: true,
      pvc: { size: SNAPSHOTS.size, storageClassName: SNAPSHOTS.storageClassName },
      cronjob: { schedule: NEVER, snapshotHistoryLimit: 2 },
    },
    metrics: { enabled: true, podMonitor: { enabled: true, namespace: '' } },
    defrag: { enabled: true, cronjob: { schedule: NEVER } },
  });
}

const NEVER = '0 0 1 1 *';
/** The chart's default class. The cluster need not have it, because nothing mounts the claim before a job runs. */
const SNAPSHOTS = { size: '2Gi', storageClassName: 'nfs' };
const LABELS = {
  'app.kubernetes.io/component': 'etcd',
  'app.kubernetes.io/instance': 'etcd',
  'app.kubernetes.io/name': 'etcd',
};
const RELEASE = {
  ...LABELS,
  'app.kubernetes.io/managed-by': 'Helm',
  'app.kubernetes.io/version': '3.5.21',
  'helm.sh/chart': 'etcd-11.3.4',
};
interface Labels {
  readonly [name: string]: string;
}
const PORTS = [
  { name: 'client', port: 2379, targetPort: 'client' },
  { name: 'peer', port: 2380, targetPort: 'peer' },
];

/** A chart that makes what Bitnami's 11.3.4 makes for a release `etcd`, with etcd started directly instead of by its scripts; `labels` are on every object. */
export function writeChart(folder: string, namespace: string, size: string, labels: Labels = {}): void {
  mkdirSync(join(folder, 'templates'), { recursive: true });
  writeFileSync(join(folder, 'Chart.yaml'), Yaml.stringify({ apiVersion: 'v2', name: 'etcd', version: '11.3.4' }));
  writeFileSync(join(folder, 'templates/all.yaml'), Yaml.stringify(...bitnamiRelease(namespace, size, labels)));
}

function bitnamiRelease(namespace: string, size: string, more: Labels): object[] {
  const metadata = (name: string) => ({ name, namespace, labels: { ...RELEASE, ...more } });
  const cronJob = (name: string) => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: metadata(name),
    spec: {
      schedule: NEVER,
      jobTemplate: {
        spec: {
          template: {
            spec: { restartPolicy: 'Never', containers: [{ name, image: `${BITNAMI_REPOSITORY}:${BITNAMI_TAG}` }] },
          },
        },
      },
    },
  });
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: metadata('etcd'),
      spec: {
        podSelector: { matchLabels: LABELS },
        policyTypes: ['Ingress', 'Egress'],
        egress: [{}],
        ingress: [{ ports: [{ port: 2379 }, { port: 2380 }] }],
      },
    },
    { apiVersion: 'v1', kind: 'Secret', metadata: metadata('etcd-jwt-token'), stringData: { 'jwt-token.pem': 'x' } },
    cronJob('etcd-snapshotter'),
    cronJob('etcd-defrag'),
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { ...metadata('etcd-snapshotter'), annotations: { 'helm.sh/resource-policy': 'keep' } },
      spec: {
        accessModes: ['ReadWriteMany'],
        resources: { requests: { storage: SNAPSHOTS.size } },
        storageClassName: SNAPSHOTS.storageClassName,
      },
    },
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: metadata('etcd'),
      spec: {
        podMetricsEndpoints: [{ port: 'client', path: '/metrics' }],
        namespaceSelector: { matchNames: [namespace] },
        selector: { matchLabels: LABELS },
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: metadata('etcd'),
      spec: { minAvailable: '51%', selector: { matchLabels: LABELS } },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata('etcd'), automountServiceAccountToken: false },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        ...metadata('etcd-headless'),
        annotations: { 'service.alpha.kubernetes.io/tolerate-unready-endpoints': 'true' },
      },
      spec: { clusterIP: 'None', ports: PORTS, publishNotReadyAddresses: true, selector: LABELS },
    },
    { apiVersion: 'v1', kind: 'Service', metadata: metadata('etcd'), spec: { ports: PORTS, selector: LABELS } },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: metadata('etcd'),
      spec: {
        podManagementPolicy: 'Parallel',
        replicas: 3,
        selector: { matchLabels: LABELS },
        serviceName: 'etcd-headless',
        template: { metadata: { labels: RELEASE }, spec: podSpec(namespace) },
        updateStrategy: { type: 'RollingUpdate' },
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } } },
          },
        ],
      },
    },
  ];
}

function podSpec(namespace: string): object {
  const url = (host: string, port: number) =>
    `${SCHEME}://${host}.etcd-headless.${namespace}.svc.cluster.local:${port}`;
  const environment = {
    ETCDCTL_API: '3',
    ETCD_ON_K8S: 'yes',
    ETCD_DISASTER_RECOVERY: 'yes',
    ETCD_NAME: '$(MY_POD_NAME)',
    ETCD_DATA_DIR: '/bitnami/etcd/data',
    ETCD_LOG_LEVEL: 'info',
    ETCD_ADVERTISE_CLIENT_URLS: `${url('$(MY_POD_NAME)', 2379)},${SCHEME}://etcd.${namespace}.svc.cluster.local:2379`,
    ETCD_LISTEN_CLIENT_URLS: `${SCHEME}://0.0.0.0:2379`,
    ETCD_INITIAL_ADVERTISE_PEER_URLS: url('$(MY_POD_NAME)', 2380),
    ETCD_LISTEN_PEER_URLS: `${SCHEME}://0.0.0.0:2380`,
    ETCD_AUTO_COMPACTION_MODE: 'periodic',
    ETCD_AUTO_COMPACTION_RETENTION: '1h',
    ETCD_INITIAL_CLUSTER_TOKEN: 'etcd-cluster-k8s',
    ETCD_INITIAL_CLUSTER: [0, 1, 2].map((i) => `etcd-${i}=${url(`etcd-${i}`, 2380)}`).join(),
    ETCD_ELECTION_TIMEOUT: '2000',
    ETCD_SNAPSHOT_COUNT: '10000',
    ...tlsEnvironment(),
    ...userEnvironment(),
  };
  return {
    automountServiceAccountToken: false,
    containers: [
      {
        name: 'etcd',
        image: `${BITNAMI_REPOSITORY}:${BITNAMI_TAG}`,
        imagePullPolicy: 'IfNotPresent',
        command: ['/opt/bitnami/etcd/bin/etcd'],
        env: [
          { name: 'MY_POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          ...Object.entries(environment).map(([name, value]) => ({ name, value })),
        ],
        ports: [
          { name: 'client', containerPort: 2379, protocol: 'TCP' },
          { name: 'peer', containerPort: 2380, protocol: 'TCP' },
        ],
        // With TLS, the chart's liveness probe is a script.
        ...(!WITH_TLS && {
          livenessProbe: { httpGet: { path: '/livez', port: 2379, scheme: 'HTTP' }, initialDelaySeconds: 60 },
        }),
        readinessProbe: {
          exec: { command: ['/opt/bitnami/etcd/bin/etcdctl', 'endpoint', 'health'] },
          timeoutSeconds: 5,
        },
        resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: { cpu: '1', memory: '256Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
          runAsGroup: 1001,
          runAsNonRoot: true,
          runAsUser: 1001,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        volumeMounts: [
          { name: 'empty-dir', mountPath: '/opt/bitnami/etcd/conf/', subPath: 'app-conf-dir' },
          { name: 'empty-dir', mountPath: '/tmp', subPath: 'tmp-dir' },
          { name: 'data', mountPath: '/bitnami/etcd' },
          ...tlsMounts(),
          ...userMounts(),
        ],
      },
    ],
    securityContext: { fsGroup: 1001, fsGroupChangePolicy: 'Always' },
    serviceAccountName: 'etcd',
    volumes: [{ name: 'empty-dir', emptyDir: {} }, ...tlsVolumes(), ...userVolumes()],
  };
}
