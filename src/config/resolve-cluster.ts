import { asJson, type Json, type k8s } from '../kubernetes';
import type { EtcdClusterProps } from '../props/cluster';
import { EtcdImage } from '../props/image';
import { EtcdTotalLoss } from '../props/restore';
import { EtcdStorage } from '../props/storage';
import { EtcdAntiAffinity } from '../props/tuning';
import { quantityBytes } from '../grammar/quantity';
import type {
  ClientServiceConfig,
  ClusterConfig,
  EtcdConfig,
  ImageConfig,
  PodConfig,
  RestoreConfig,
  SecurityConfig,
} from './cluster-config';
import { containerResources, mirrored, toMillis, toSeconds } from './convert';
import { resolveProbe } from './probe';
import { resolveRemote } from './store';
import { DEFAULTS } from '../constants/defaults';
import { namesOf, NO_RESTORE, selectorLabels, type StringMap } from '../constants/names';

/** Applies the defaults. Only here; the result is complete. */
export function resolveCluster(props: EtcdClusterProps, namespace: string): ClusterConfig {
  const name = props.name;
  const names = namesOf(name);
  const selector = selectorLabels(props.selector?.name ?? DEFAULTS.selectorName, props.selector?.instance ?? name);
  return {
    name,
    namespace,
    names,
    selector,
    labels: props.labels ?? {},
    annotations: props.annotations ?? {},
    replicas: props.replicas ?? DEFAULTS.replicas,
    existing: props.existingCluster ?? false,
    upgradeFrom: props.upgradeFrom,
    image: resolveImage(props),
    etcd: resolveEtcd(props, namespace),
    storage: props.storage ?? EtcdStorage.persistentVolumeClaim(),
    claimRetention: {
      whenScaled: props.claimRetentionPolicy?.whenScaled ?? DEFAULTS.claimRetention,
      whenDeleted: props.claimRetentionPolicy?.whenDeleted ?? DEFAULTS.claimRetention,
    },
    extraVolumeClaimTemplates: asJson(props.extraVolumeClaimTemplates) ?? [],
    restore: resolveRestore(props),
    onTotalLoss: props.onTotalLoss ?? EtcdTotalLoss.WAIT,
    pod: resolvePod(props, selector),
    updateStrategy: {
      type: props.updateStrategy?._type ?? 'RollingUpdate',
      partition: props.updateStrategy ? props.updateStrategy._partition : 0,
    },
    minReadySeconds: toSeconds(props.minReady, 0),
    revisionHistoryLimit: props.revisionHistoryLimit ?? DEFAULTS.revisionHistoryLimit,
    clientService: resolveClientService(props),
    headlessService: {
      annotations: props.headlessService?.annotations ?? {},
      labels: props.headlessService?.labels ?? {},
    },
    podDisruptionBudget: {
      enabled: props.podDisruptionBudget?.enabled ?? true,
      maxUnavailable: props.podDisruptionBudget?.maxUnavailable ?? DEFAULTS.maxUnavailable,
    },
    serviceAccount: {
      create: props.serviceAccount?.create ?? true,
      named: props.serviceAccount?.name !== undefined,
      name: props.serviceAccount?.name ?? names.serviceAccount,
      annotations: props.serviceAccount?.annotations ?? {},
      labels: props.serviceAccount?.labels ?? {},
    },
    networkPolicy: {
      enabled: props.networkPolicy?.enabled ?? true,
      clients: props.networkPolicy?.clients,
      metrics: props.networkPolicy?.metrics,
      extraIngress: asJson(props.networkPolicy?.extraIngress) ?? [],
      restrictEgress: props.networkPolicy?.restrictEgress ?? false,
      extraEgress: asJson(props.networkPolicy?.extraEgress) ?? [],
    },
    acknowledged: props.acknowledgeWarnings ?? [],
  };
}

function resolveRestore(props: EtcdClusterProps): RestoreConfig {
  const source = props.restoreFrom?._source;
  const options = props.restoreFrom?._options ?? {};
  const { id = NO_RESTORE.id, subPath, sha256 = '', bumpRevision, discardOldData } = options;
  return {
    id,
    fileName: source?.fileName ?? NO_RESTORE.file,
    sha256,
    bumpRevision: bumpRevision ?? (id === NO_RESTORE.id ? 0 : DEFAULTS.restore.bumpRevision),
    discardOldData: discardOldData ?? false,
    resources: containerResources(options.resources, DEFAULTS.job),
    store:
      source === undefined || source.done
        ? undefined
        : {
            claim: source.claimName === undefined ? undefined : { name: source.claimName, subPath },
            sizeLimit: undefined,
            remote: source.remote && resolveRemote(source.remote, props.imageRegistry),
          },
  };
}

function resolveImage(props: EtcdClusterProps): ImageConfig {
  const image = props.image ?? EtcdImage.upstream(DEFAULTS.etcdVersion);
  return {
    etcd: mirrored(image.reference, props.imageRegistry),
    toolbox: mirrored(props.toolboxImage ?? DEFAULTS.toolboxImage, props.imageRegistry),
    version: image.version,
    binDirectory: image.binDirectory,
    mountPath: image.mountPath,
    pullPolicy: props.imagePullPolicy ?? DEFAULTS.imagePullPolicy,
    pullSecrets: props.imagePullSecrets ?? [],
    registry: props.imageRegistry,
  };
}

function resolveEtcd(props: EtcdClusterProps, namespace: string): EtcdConfig {
  return {
    quotaBackendBytes: quantityBytes(props.quotaBackend ?? DEFAULTS.quotaBackend),
    autoCompaction: props.autoCompaction
      ? { mode: props.autoCompaction._mode, retention: props.autoCompaction._retention }
      : DEFAULTS.autoCompaction,
    heartbeatMillis: toMillis(props.heartbeatInterval, DEFAULTS.heartbeatMillis),
    electionMillis: toMillis(props.electionTimeout, DEFAULTS.electionMillis),
    snapshotCount: props.snapshotCount ?? DEFAULTS.snapshotCount,
    logLevel: props.logLevel ?? DEFAULTS.logLevel,
    maxRequestBytes: quantityBytes(props.maxRequest ?? DEFAULTS.maxRequest),
    maxTxnOps: props.maxTxnOps ?? DEFAULTS.maxTxnOps,
    defragGain: {
      bytes: Number(quantityBytes(props.defragmentation?.minimumGain ?? DEFAULTS.defrag.minimumGain)),
      percent: props.defragmentation?.minimumGainPercent ?? DEFAULTS.defrag.minimumGainPercent,
    },
    corruptionChecks: props.corruptionChecks ?? true,
    clusterToken: props.clusterToken ?? `${namespace}.${props.name}`,
    clusterDomain: props.clusterDomain ?? DEFAULTS.clusterDomain,
    ports: { ...DEFAULTS.ports, ...props.ports },
    extraEnv: asJson(props.extraEnv) ?? [],
    extraEnvFrom: asJson(props.extraEnvFrom) ?? [],
    extraArgs: props.extraArgs ?? [],
  };
}

function resolvePod(props: EtcdClusterProps, selector: StringMap): PodConfig {
  return {
    resources: containerResources(props.resources, DEFAULTS.member),
    affinity: resolveAffinity(props, selector),
    topologySpreadConstraints: (asJson(props.topologySpreadConstraints) ?? []).map((c) => ({
      ...c,
      labelSelector: c.labelSelector ?? { matchLabels: selector },
    })),
    nodeSelector: props.nodeSelector ?? {},
    tolerations: asJson(props.tolerations) ?? [],
    priorityClassName: props.priorityClassName,
    runtimeClassName: props.runtimeClassName,
    schedulerName: props.schedulerName,
    hostAliases: asJson(props.hostAliases) ?? [],
    terminationGraceSeconds: toSeconds(props.terminationGracePeriod, DEFAULTS.terminationGraceSeconds),
    security: resolveSecurity(props),
    startupProbe: resolveProbe(props.startupProbe, DEFAULTS.startupProbe),
    readinessProbe: resolveProbe(props.readinessProbe, DEFAULTS.readinessProbe),
    livenessProbe: resolveProbe(props.livenessProbe, DEFAULTS.livenessProbe),
    labels: props.podLabels ?? {},
    annotations: props.podAnnotations ?? {},
    extraVolumes: asJson(props.extraVolumes) ?? [],
    extraVolumeMounts: asJson(props.extraVolumeMounts) ?? [],
    initContainers: asJson(props.initContainers) ?? [],
    sidecars: asJson(props.sidecars) ?? [],
    shareProcessNamespace: props.shareProcessNamespace ?? false,
  };
}

function resolveAffinity(props: EtcdClusterProps, selector: StringMap): Json<k8s.Affinity> | undefined {
  const kind = props.antiAffinity ?? EtcdAntiAffinity.PREFERRED;
  if (kind === EtcdAntiAffinity.NONE || props.affinity?.podAntiAffinity) return asJson(props.affinity);
  const term = {
    topologyKey: props.antiAffinityTopologyKey ?? DEFAULTS.antiAffinityTopologyKey,
    labelSelector: { matchLabels: selector },
  };
  const podAntiAffinity: Json<k8s.PodAntiAffinity> =
    kind === EtcdAntiAffinity.REQUIRED
      ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
      : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] };
  return { ...asJson(props.affinity), podAntiAffinity };
}

function resolveSecurity(props: EtcdClusterProps): SecurityConfig {
  const given = props.security ?? {};
  return {
    ids: given.idsByPlatform
      ? undefined
      : {
          user: given.user ?? DEFAULTS.user,
          group: given.group ?? DEFAULTS.user,
          fsGroup: given.fsGroup ?? DEFAULTS.user,
        },
    supplementalGroups: given.supplementalGroups ?? [],
    seLinuxOptions: asJson(given.seLinuxOptions),
    sysctls: asJson(given.sysctls) ?? [],
  };
}

function resolveClientService(props: EtcdClusterProps): ClientServiceConfig {
  const given = props.clientService ?? {};
  return {
    enabled: given.enabled ?? true,
    type: given.type ?? 'ClusterIP',
    port: given.port ?? props.ports?.client ?? DEFAULTS.ports.client,
    portName: given.portName ?? DEFAULTS.clientPortName,
    nodePort: given.nodePort,
    clusterIp: given.clusterIp,
    loadBalancerIp: given.loadBalancerIp,
    loadBalancerClass: given.loadBalancerClass,
    loadBalancerSourceRanges: given.loadBalancerSourceRanges ?? [],
    externalIps: given.externalIps ?? [],
    externalTrafficPolicy: given.externalTrafficPolicy,
    sessionAffinitySeconds: given.sessionAffinity && toSeconds(given.sessionAffinity, 0),
    extraPorts: asJson(given.extraPorts) ?? [],
    annotations: given.annotations ?? {},
    labels: given.labels ?? {},
  };
}
