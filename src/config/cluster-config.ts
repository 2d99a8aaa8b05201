import type { Json, k8s } from '../kubernetes';
import type { EtcdNetworkPeer } from '../props/access';
import type { EtcdStorage } from '../props/storage';
import type { ProbeConfig } from './probe';
import type { StoreConfig } from './store';
import type { Names, StringMap } from '../constants/names';

/** Everything that the manifests need, complete: no defaults are applied right of here. */
export interface ClusterConfig {
  readonly name: string;
  readonly namespace: string;
  readonly names: Names;
  readonly selector: StringMap;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly replicas: number;
  readonly existing: boolean;
  readonly upgradeFrom: string | undefined;
  readonly image: ImageConfig;
  readonly etcd: EtcdConfig;
  readonly storage: EtcdStorage;
  readonly claimRetention: { readonly whenScaled: string; readonly whenDeleted: string };
  readonly extraVolumeClaimTemplates: readonly Json<k8s.KubePersistentVolumeClaimProps>[];
  readonly restore: RestoreConfig;
  readonly onTotalLoss: string;
  readonly pod: PodConfig;
  readonly updateStrategy: { readonly type: string; readonly partition: number | undefined };
  readonly minReadySeconds: number;
  readonly revisionHistoryLimit: number;
  readonly clientService: ClientServiceConfig;
  readonly headlessService: { readonly annotations: StringMap; readonly labels: StringMap };
  readonly podDisruptionBudget: { readonly enabled: boolean; readonly maxUnavailable: number };
  readonly serviceAccount: {
    readonly create: boolean;
    /** Whether a name was given. */
    readonly named: boolean;
    readonly name: string;
    readonly annotations: StringMap;
    readonly labels: StringMap;
  };
  readonly networkPolicy: NetworkPolicyConfig;
  readonly acknowledged: readonly string[];
}

export interface RestoreConfig {
  /** NO_RESTORE.id: only a cluster without data is restored. */
  readonly id: string;
  /** A name, or `newest`; empty when it is done. */
  readonly fileName: string;
  /** Empty: not checked. */
  readonly sha256: string;
  readonly bumpRevision: number;
  readonly discardOldData: boolean;
  /** Of the Job that brings the snapshot. */
  readonly resources: Json<k8s.ResourceRequirements>;
  /** Undefined when there is none, or it is done. */
  readonly store: StoreConfig | undefined;
}

export interface ImageConfig {
  readonly etcd: string;
  readonly toolbox: string;
  readonly version: string;
  readonly binDirectory: string;
  readonly mountPath: string;
  readonly pullPolicy: string;
  readonly pullSecrets: readonly string[];
  /** In place of every image's own registry. */
  readonly registry: string | undefined;
}

export interface EtcdConfig {
  readonly quotaBackendBytes: number;
  readonly autoCompaction: { readonly mode: string; readonly retention: string };
  readonly heartbeatMillis: number;
  readonly electionMillis: number;
  readonly snapshotCount: number;
  readonly logLevel: string;
  readonly maxRequestBytes: number;
  readonly maxTxnOps: number;
  readonly corruptionChecks: boolean;
  /** What a member must win to defragment when it starts, and to be let go for it. */
  readonly defragGain: { readonly bytes: number; readonly percent: number };
  readonly clusterToken: string;
  readonly clusterDomain: string;
  readonly ports: { readonly client: number; readonly peer: number; readonly metrics: number; readonly phase: number };
  readonly extraEnv: readonly Json<k8s.EnvVar>[];
  readonly extraEnvFrom: readonly Json<k8s.EnvFromSource>[];
  readonly extraArgs: readonly string[];
}

export interface PodConfig {
  readonly resources: Json<k8s.ResourceRequirements>;
  readonly affinity: Json<k8s.Affinity> | undefined;
  readonly topologySpreadConstraints: readonly Json<k8s.TopologySpreadConstraint>[];
  readonly nodeSelector: StringMap;
  readonly tolerations: readonly Json<k8s.Toleration>[];
  readonly priorityClassName: string | undefined;
  readonly runtimeClassName: string | undefined;
  readonly schedulerName: string | undefined;
  readonly hostAliases: readonly Json<k8s.HostAlias>[];
  readonly terminationGraceSeconds: number;
  readonly security: SecurityConfig;
  readonly startupProbe: ProbeConfig;
  readonly readinessProbe: ProbeConfig;
  readonly livenessProbe: ProbeConfig;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly extraVolumes: readonly Json<k8s.Volume>[];
  readonly extraVolumeMounts: readonly Json<k8s.VolumeMount>[];
  readonly initContainers: readonly Json<k8s.Container>[];
  readonly sidecars: readonly Json<k8s.Container>[];
  readonly shareProcessNamespace: boolean;
}

export interface SecurityConfig {
  /** Undefined when the platform assigns ids. */
  readonly ids: { readonly user: number; readonly group: number; readonly fsGroup: number } | undefined;
  readonly supplementalGroups: readonly number[];
  readonly seLinuxOptions: Json<k8s.SeLinuxOptions> | undefined;
  readonly sysctls: readonly Json<k8s.Sysctl>[];
}

export interface ClientServiceConfig {
  readonly enabled: boolean;
  readonly type: string;
  readonly port: number;
  readonly portName: string;
  readonly nodePort: number | undefined;
  readonly clusterIp: string | undefined;
  readonly loadBalancerIp: string | undefined;
  readonly loadBalancerClass: string | undefined;
  readonly loadBalancerSourceRanges: readonly string[];
  readonly externalIps: readonly string[];
  readonly externalTrafficPolicy: string | undefined;
  readonly sessionAffinitySeconds: number | undefined;
  readonly extraPorts: readonly Json<k8s.ServicePort>[];
  readonly annotations: StringMap;
  readonly labels: StringMap;
}

export interface NetworkPolicyConfig {
  readonly enabled: boolean;
  /** Undefined: everybody. */
  readonly clients: readonly EtcdNetworkPeer[] | undefined;
  readonly metrics: readonly EtcdNetworkPeer[] | undefined;
  readonly extraIngress: readonly Json<k8s.NetworkPolicyIngressRule>[];
  readonly restrictEgress: boolean;
  readonly extraEgress: readonly Json<k8s.NetworkPolicyEgressRule>[];
}
