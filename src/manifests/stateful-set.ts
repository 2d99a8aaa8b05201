import type { ClusterConfig } from '../config/cluster';
import type { ProbeConfig } from '../config/probes';
import { FIXED } from '../constants/defaults';
import { COMPONENT, CONTAINER, PATH, PORT, SCRIPTS_CHECKSUM, VOLUME } from '../constants/names';
import { ETCD_OPTIONS, memberDomain } from '../config/etcd-options';
import type { Json, k8s } from '../kubernetes';
import { memberSecrets, mountsOf, volumesOf } from './auth';
import { labels, list, metadata, unlessEmpty, write, type Manifest } from './object';
import {
  containerSecurity,
  onLinux,
  podBasics,
  podField,
  podIdentity,
  restricted,
  script,
  searchPath,
  toolboxContainer,
  toolboxMount,
  toolboxVolumes,
  variables,
  whereabouts,
} from './pod';
import { tlsEnvironment, tlsMounts, tlsVolumes } from './tls';

/** The members. Fields that the API server would set are written, so that GitOps tools see no difference. */
export function statefulSet(config: ClusterConfig, scriptsChecksum: string): Manifest {
  return write<k8s.KubeStatefulSetProps>('apps/v1', 'StatefulSet', {
    metadata: metadata(config, config.names.statefulSet, { component: COMPONENT.member }),
    spec: {
      replicas: config.replicas,
      serviceName: config.names.headlessService,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: config.selector },
      updateStrategy: {
        type: config.rollout.updateStrategy.type,
        rollingUpdate:
          config.rollout.updateStrategy.partition === undefined
            ? undefined
            : { partition: config.rollout.updateStrategy.partition },
      },
      minReadySeconds: config.rollout.minReady || undefined,
      revisionHistoryLimit: config.rollout.revisionHistoryLimit,
      persistentVolumeClaimRetentionPolicy: config.storage.claimRetention,
      template: {
        metadata: {
          labels: labels(config, COMPONENT.member, config.pod.labels),
          annotations: unlessEmpty({ ...config.pod.annotations, [SCRIPTS_CHECKSUM]: scriptsChecksum }),
        },
        spec: podSpec(config),
      },
      volumeClaimTemplates: list(claimTemplates(config).map(typed)),
    },
  });
}

/** The API server adds the type to a template. Without it, GitOps tools would see a difference. */
function typed(claim: Json<k8s.KubePersistentVolumeClaimProps>): Json<k8s.KubePersistentVolumeClaimProps> {
  const type = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
  return { ...type, ...claim };
}

function podSpec(config: ClusterConfig): Json<k8s.PodSpec> {
  const { pod, scheduling } = config;
  return {
    ...podBasics(config, config.serviceAccount.name),
    terminationGracePeriodSeconds: config.rollout.terminationGracePeriod,
    affinity: scheduling.affinity,
    topologySpreadConstraints: list(scheduling.topologySpreadConstraints),
    nodeSelector: onLinux(scheduling.nodeSelector),
    tolerations: list(scheduling.tolerations),
    priorityClassName: scheduling.priorityClassName,
    runtimeClassName: scheduling.runtimeClassName,
    schedulerName: scheduling.schedulerName,
    hostAliases: list(pod.hostAliases),
    shareProcessNamespace: pod.shareProcessNamespace || undefined,
    initContainers: [...pod.initContainers.map(restricted), toolboxContainer(config, pod.resources)],
    containers: [etcdContainer(config), ...pod.sidecars.map(restricted)],
    volumes: [
      ...toolboxVolumes(config.names.scripts),
      { name: VOLUME.settings, configMap: { name: config.names.settings } },
      { name: VOLUME.run, emptyDir: {} },
      ...tlsVolumes(config, 'server', 'peer', 'client'),
      ...volumesOf(memberSecrets(config)),
      ...emptyData(config),
      ...pod.extraVolumes,
    ],
  };
}

function etcdContainer(config: ClusterConfig): Json<k8s.Container> {
  const { client, peer, metrics, metricsTls, phase } = config.etcd.ports;
  const { startupProbe, readinessProbe, livenessProbe } = config.probes;
  return {
    name: CONTAINER.etcd,
    image: config.image.etcd,
    imagePullPolicy: config.image.pullPolicy,
    command: script('member.sh'),
    args: list(config.etcd.extraArgs),
    env: [...memberEnvironment(config), ...config.etcd.extraEnv],
    envFrom: list(config.etcd.extraEnvFrom),
    ports: [
      { name: PORT.client, containerPort: client, protocol: 'TCP' },
      { name: PORT.peer, containerPort: peer, protocol: 'TCP' },
      { name: PORT.metrics, containerPort: metrics, protocol: 'TCP' },
      ...(metricsTls === undefined ? [] : [{ name: PORT.metricsTls, containerPort: metricsTls, protocol: 'TCP' }]),
      { name: PORT.phase, containerPort: phase, protocol: 'TCP' },
    ],
    resources: config.pod.resources,
    securityContext: containerSecurity(),
    lifecycle: { preStop: { exec: { command: script('leave.sh') } } },
    startupProbe: probe(startupProbe, PORT.phase, '/started'),
    readinessProbe: probe(readinessProbe, PORT.metrics, '/readyz'),
    livenessProbe: probe(livenessProbe, PORT.metrics, '/livez'),
    volumeMounts: [
      { name: VOLUME.data, mountPath: config.image.mountPath },
      toolboxMount(),
      { name: VOLUME.settings, mountPath: PATH.settings, readOnly: true },
      { name: VOLUME.run, mountPath: PATH.run },
      ...tlsMounts(config),
      ...mountsOf(memberSecrets(config)),
      ...config.pod.extraVolumeMounts,
    ],
  };
}

function memberEnvironment(config: ClusterConfig): Json<k8s.EnvVar>[] {
  const own = variables({
    ...whereabouts(config),
    CLUSTER_SEED: config.etcd.clusterToken,
    RESTORE_HOST: `${config.names.restore}.${memberDomain(config)}`,
    SETTINGS: PATH.settings,
    RUN: PATH.run,
    HOLD_SECONDS: config.rollout.terminationGracePeriod - FIXED.stopSeconds,
    FORGET_SECONDS: FIXED.forgetSeconds,
    TLS_DIR: PATH.tls,
  });
  const etcd = ETCD_OPTIONS.flatMap((option) => {
    const value = option.value(config);
    return value === undefined ? [] : [{ name: option.env, value }];
  });
  // For the URL that is advertised to clients outside. Kubernetes 1.28 and later set the label.
  const index = config.externalAccess?.advertisedUrl
    ? [podField('POD_INDEX', "metadata.labels['apps.kubernetes.io/pod-index']")]
    : [];
  return [
    ...podIdentity(),
    ...index,
    searchPath(config),
    ...own,
    ...etcd,
    ...tlsEnvironment(config, `${PATH.run}/ca/client.crt`),
  ];
}

/** A plain HTTP probe: it starts no shell in the pod, and needs no client certificate. */
function probe(timing: ProbeConfig, port: string, path: string): Json<k8s.Probe> | undefined {
  const { enabled, initialDelay, period, timeout, failureThreshold, successThreshold } = timing;
  if (!enabled) return undefined;
  return {
    httpGet: { path, port, scheme: 'HTTP' },
    initialDelaySeconds: initialDelay || undefined,
    periodSeconds: period,
    timeoutSeconds: timeout,
    failureThreshold,
    successThreshold,
  };
}

function emptyData(config: ClusterConfig): Json<k8s.Volume>[] {
  const options = config.storage.emptyDir;
  if (!options) return [];
  const { sizeLimit, inMemory } = options;
  return [{ name: VOLUME.data, emptyDir: { sizeLimit, medium: inMemory ? 'Memory' : undefined } }];
}

function claimTemplates(config: ClusterConfig): Json<k8s.KubePersistentVolumeClaimProps>[] {
  const claim = config.storage.claim;
  const data: Json<k8s.KubePersistentVolumeClaimProps>[] = claim
    ? [
        {
          metadata: {
            name: VOLUME.data,
            labels: unlessEmpty(claim.labels),
            annotations: unlessEmpty(claim.annotations),
          },
          spec: {
            accessModes: [...claim.accessModes],
            storageClassName: claim.storageClassName,
            selector: claim.selector,
            volumeMode: 'Filesystem',
            resources: { requests: { storage: claim.size } },
          },
        },
      ]
    : [];
  return [...data, ...config.storage.extraVolumeClaimTemplates];
}
