import type { Duration } from 'cdk8s';
import type { k8s } from '../kubernetes';
import { struct, type Fields } from '../checks/struct';
import {
  annotationMap,
  flag,
  kube,
  labelMap,
  ownLabels,
  listOf,
  made,
  oneOf,
  port,
  quantity,
  seconds,
  text,
  whole,
} from '../checks/values';
import { imageReferenceProblem, imageRegistryProblem } from '../grammar/image-reference';
import { labelKeyProblem } from '../grammar/labels';
import { clusterNameProblem, dnsLabelProblem, dnsSubdomainProblem, tokenProblem } from '../grammar/names';
import {
  DISRUPTION_BUDGET,
  NETWORK_POLICY,
  SELECTOR,
  SERVICE_ACCOUNT,
  type EtcdDisruptionBudgetOptions,
  type EtcdNetworkPolicyOptions,
  type EtcdSelectorOptions,
  type EtcdServiceAccountOptions,
} from './access';
import { ENVIRONMENT } from './cron-job';
import { DEFRAG_THRESHOLDS, type EtcdDefragThresholds } from './defrag';
import { EtcdImage, versionProblem } from './image';
import { EtcdRestore, EtcdTotalLoss } from './restore';
import {
  CLIENT_SERVICE,
  HEADLESS_SERVICE,
  type EtcdClientServiceOptions,
  type EtcdHeadlessServiceOptions,
} from './service';
import { EtcdClaimRetention, EtcdStorage, type EtcdClaimRetentionPolicy } from './storage';
import * as tuning from './tuning';
import { EtcdWarning } from './warning';

/** An etcd cluster. Only `name` is required; see each option's default for what you get without it. */
export interface EtcdClusterProps {
  /**
   * Name of the cluster, and prefix of every object's name: at most 40 characters, a DNS label that starts with a
   * letter. It is part of members' names and URLs and can never change on a live cluster.
   */
  readonly name: string;

  /**
   * Namespace of every object. Part of members' URLs: it can never change on a live cluster.
   * @default - the chart's namespace; one of the two must be given
   */
  readonly namespace?: string;

  /**
   * Values of the labels that selectors use, for a cluster that another tool made under other labels. Immutable once the
   * cluster exists.
   * @default - `etcd`, and the cluster's name
   */
  readonly selector?: EtcdSelectorOptions;

  /**
   * Number of members, 1 to 9; odd, since an even number stands no more failures. Change it and members join one by one,
   * or are removed from the cluster before they go; those that stay are not restarted. Sets `replicas`.
   * @default 3
   * @see https://etcd.io/docs/v3.6/faq/#why-an-odd-number-of-cluster-members
   */
  readonly replicas?: number;

  /**
   * Says that this cluster has data: then no member ever starts empty, not even when the claims of all of them are gone;
   * they wait and say so. Set it in the commit after the first start. It restarts nothing.
   * @default false
   */
  readonly existingCluster?: boolean;

  /**
   * The etcd version that runs now, for a commit that changes it: a step that etcd does not support is refused here
   * (more than one minor, a minor down, 3.5.25 or older straight to 3.6). Members check the same by themselves.
   * @default - checked by the members only, before they start
   * @see https://etcd.io/docs/v3.6/upgrades/upgrade_3_6/
   */
  readonly upgradeFrom?: string;

  /**
   * The etcd image.
   * @default - the etcd project's own image of the newest 3.6 known to this version of the library
   */
  readonly image?: EtcdImage;

  /**
   * Sets `imagePullPolicy` of every container.
   * @default EtcdImagePullPolicy.IF_NOT_PRESENT
   */
  readonly imagePullPolicy?: tuning.EtcdImagePullPolicy;

  /**
   * Names of Secrets for pulling images. Sets `imagePullSecrets`.
   * @default - none
   */
  readonly imagePullSecrets?: string[];

  /**
   * A mirror, such as `mirror.example.com:5000/proxy`, that takes the place of the registry of every image.
   * @default - each image's own registry
   */
  readonly imageRegistry?: string;

  /**
   * Static busybox that gives every etcd image the same shell and tools.
   * @default 'docker.io/library/busybox:1.37.0-musl'
   */
  readonly toolboxImage?: string;

  /**
   * Where members keep their data. Immutable once the cluster exists.
   * @default EtcdStorage.persistentVolumeClaim() - 8Gi of the default class for each member
   */
  readonly storage?: EtcdStorage;

  /**
   * When Kubernetes deletes members' claims by itself.
   * @default - never
   */
  readonly claimRetentionPolicy?: EtcdClaimRetentionPolicy;

  /**
   * More claims for each member. Sets further `volumeClaimTemplates`; immutable once the cluster exists.
   * @default - none
   */
  readonly extraVolumeClaimTemplates?: k8s.KubePersistentVolumeClaimProps[];

  /**
   * What the etcd container may use.
   * @default - 250m CPU without a limit, 2Gi memory
   */
  readonly resources?: tuning.EtcdResources;

  /**
   * How large the database may grow before etcd refuses writes, a Kubernetes quantity.
   * Sets `--quota-backend-bytes`.
   * @default '2Gi'
   * @see https://etcd.io/docs/v3.6/dev-guide/limit/#storage-size-limit
   */
  readonly quotaBackend?: string;

  /**
   * When old revisions are dropped. Sets `--auto-compaction-mode` and `--auto-compaction-retention`.
   * @default EtcdAutoCompaction.periodic(Duration.hours(1))
   */
  readonly autoCompaction?: tuning.EtcdAutoCompaction;

  /**
   * Time between the leader's heartbeats. Sets `--heartbeat-interval`.
   * @default Duration.millis(100)
   * @see https://etcd.io/docs/v3.6/tuning/#time-parameters
   */
  readonly heartbeatInterval?: Duration;

  /**
   * How long a member waits for a heartbeat before it stands for election: at least 5 heartbeats, at most 50 s.
   * Sets `--election-timeout`.
   * @default Duration.millis(1000)
   */
  readonly electionTimeout?: Duration;

  /**
   * Writes between two snapshots of the Raft log. Sets `--snapshot-count`.
   * @default 10000
   */
  readonly snapshotCount?: number;

  /**
   * Sets `--log-level`.
   * @default EtcdLogLevel.INFO
   */
  readonly logLevel?: tuning.EtcdLogLevel;

  /**
   * Largest request, a Kubernetes quantity. Sets `--max-request-bytes`.
   * @default '1536Ki'
   */
  readonly maxRequest?: string;

  /**
   * Most operations in one transaction. Sets `--max-txn-ops`.
   * @default 128
   */
  readonly maxTxnOps?: number;

  /**
   * Compare members' data when one starts, and after each compaction. Sets `--experimental-initial-corrupt-check` and
   * `--experimental-compact-hash-check-enabled` of etcd 3.5, the feature gates `InitialCorruptCheck` and
   * `CompactHashCheck` of 3.6.
   * @default true
   * @see https://etcd.io/docs/v3.6/op-guide/data_corruption/
   */
  readonly corruptionChecks?: boolean;

  /**
   * Tells clusters apart at their first start. Sets `--initial-cluster-token`.
   * @default '<namespace>.<name>'
   */
  readonly clusterToken?: string;

  /**
   * The Kubernetes cluster's DNS domain. Part of members' URLs.
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;

  /**
   * Ports of a member's pod.
   * @default - 2379 client, 2380 peer, 2381 metrics, 2382 phase
   */
  readonly ports?: tuning.EtcdPorts;

  /**
   * More environment of the etcd container. A name that the library sets is refused: use the prop.
   * @default - none
   */
  readonly extraEnv?: k8s.EnvVar[];

  /**
   * More environment of the etcd container, from ConfigMaps and Secrets. Sets `envFrom`.
   * @default - none
   */
  readonly extraEnvFrom?: k8s.EnvFromSource[];

  /**
   * More flags of etcd, as `--name=value`. A flag that the library sets is refused: use the prop.
   * @default - none
   */
  readonly extraArgs?: string[];

  /**
   * When a member that starts defragments its database first, while the others serve; `addDefrag` lets go of members for the
   * same gain. It needs room for a second copy in the volume. Not in an outage, in which every second counts.
   * @default - 100Mi and 30 percent to win
   */
  readonly defragmentation?: EtcdDefragThresholds;

  /**
   * Restore this snapshot: into a new cluster, or, with an `id`, in place. Once it is done it is never done again: a member
   * that loses its data joins the others. Makes the Job `<name>-restore-...`, which brings the snapshot to the members.
   * @default - start empty
   */
  readonly restoreFrom?: EtcdRestore;

  /**
   * What members do when all of them have lost their data, although `existingCluster` says that there were some. With
   * RESTORE_NEWEST, the next run of the snapshot job brings them the newest proven snapshot of this cluster, from its claim
   * or remote. Refused without `existingCluster`, and without `addSnapshots`.
   * @default EtcdTotalLoss.WAIT
   */
  readonly onTotalLoss?: EtcdTotalLoss;

  /**
   * Whether two members may share a node.
   * @default EtcdAntiAffinity.PREFERRED
   */
  readonly antiAffinity?: tuning.EtcdAntiAffinity;

  /**
   * What two members should not share. Sets `topologyKey` of the anti-affinity.
   * @default 'kubernetes.io/hostname'
   */
  readonly antiAffinityTopologyKey?: string;

  /**
   * More affinity of members' pods; an anti-affinity given here replaces the one above.
   * @default - none
   */
  readonly affinity?: k8s.Affinity;

  /**
   * Sets `topologySpreadConstraints`. A constraint without a selector selects this cluster's members.
   * @default - none
   */
  readonly topologySpreadConstraints?: k8s.TopologySpreadConstraint[];

  /**
   * Sets `nodeSelector`.
   * @default - any node
   */
  readonly nodeSelector?: { [key: string]: string };

  /**
   * Sets `tolerations`.
   * @default - none
   */
  readonly tolerations?: k8s.Toleration[];

  /**
   * Sets `priorityClassName`.
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;

  /**
   * Sets `runtimeClassName`.
   * @default - the node's default
   */
  readonly runtimeClassName?: string;

  /**
   * Sets `schedulerName`.
   * @default - the default scheduler
   */
  readonly schedulerName?: string;

  /**
   * Sets `hostAliases`.
   * @default - none
   */
  readonly hostAliases?: k8s.HostAlias[];

  /**
   * How long a member may take to hand over and stop: seconds, but while several are scaled down at once, members hold on
   * until they are removed from the cluster, which takes kubelet's next look at the settings, at most 90 s.
   * At least 30 s. Sets `terminationGracePeriodSeconds`.
   * @default Duration.seconds(150)
   */
  readonly terminationGracePeriod?: Duration;

  /**
   * How a changed pod template reaches the pods. Sets `updateStrategy`.
   * @default EtcdUpdateStrategy.rollingUpdate()
   */
  readonly updateStrategy?: tuning.EtcdUpdateStrategy;

  /**
   * How long a pod must be ready before the next one is changed. Sets `minReadySeconds`.
   * @default Duration.seconds(0)
   */
  readonly minReady?: Duration;

  /**
   * Old templates that are kept for going back. Sets `revisionHistoryLimit`.
   * @default 10
   */
  readonly revisionHistoryLimit?: number;

  /**
   * Who the pods run as.
   * @default - user, group and volume group 1001
   */
  readonly security?: tuning.EtcdSecurity;

  /**
   * Timings of the startup probe: the member votes and serves clients. Until then it is generous: a large database takes long
   * to open, or to copy, and a member that waits for others is not helped by a restart. Without this probe, a pod can be ready
   * for a moment before it serves.
   * @default - every second for a week
   */
  readonly startupProbe?: tuning.EtcdProbeTimings;

  /**
   * Timings of the readiness probe, `/readyz`: a member that is no learner and sees a quorum.
   * @default - every 2 s, unready after 3 failures
   */
  readonly readinessProbe?: tuning.EtcdProbeTimings;

  /**
   * Timings of the liveness probe, `/livez`, which does not ask the other members.
   * @default - every 10 s, restarted after 6 failures of 30 s
   */
  readonly livenessProbe?: tuning.EtcdProbeTimings;

  /**
   * The Service that clients use.
   * @default - type ClusterIP
   */
  readonly clientService?: EtcdClientServiceOptions;

  /**
   * The Service that gives members their names.
   * @default - no annotations
   */
  readonly headlessService?: EtcdHeadlessServiceOptions;

  /**
   * How many members may be away on purpose.
   * @default - one
   */
  readonly podDisruptionBudget?: EtcdDisruptionBudgetOptions;

  /**
   * The members' ServiceAccount.
   * @default - one without a token, named like the cluster
   */
  readonly serviceAccount?: EtcdServiceAccountOptions;

  /**
   * Who may connect to members.
   * @default - everybody to clients' and metrics ports, members only to the peer port
   */
  readonly networkPolicy?: EtcdNetworkPolicyOptions;

  /**
   * Labels of every object and pod. Names that selectors use are refused.
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of every object.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Labels of members' pods.
   * @default - none
   */
  readonly podLabels?: { [key: string]: string };

  /**
   * Annotations of members' pods.
   * @default - none
   */
  readonly podAnnotations?: { [key: string]: string };

  /**
   * More volumes of members' pods.
   * @default - none
   */
  readonly extraVolumes?: k8s.Volume[];

  /**
   * More mounts of the etcd container.
   * @default - none
   */
  readonly extraVolumeMounts?: k8s.VolumeMount[];

  /**
   * More init containers, before the library's own.
   * @default - none
   */
  readonly initContainers?: k8s.Container[];

  /**
   * More containers beside etcd.
   * @default - none
   */
  readonly sidecars?: k8s.Container[];

  /**
   * See the processes of all the pod's containers. Sets `shareProcessNamespace`.
   * @default false
   */
  readonly shareProcessNamespace?: boolean;

  /**
   * Warnings that are meant so, and are printed no more.
   * @default - every warning is printed
   */
  readonly acknowledgeWarnings?: EtcdWarning[];
}

const name = (v: { readonly name?: string }): string | undefined => v.name;
const claimName = (v: k8s.KubePersistentVolumeClaimProps): string | undefined => v.metadata?.name;

export const CLUSTER: Fields<EtcdClusterProps> = {
  name: text(clusterNameProblem),
  namespace: text(dnsLabelProblem),
  selector: struct(SELECTOR),
  replicas: whole(1, 9, 'use 3, or 5 to stand two failures'),
  existingCluster: flag,
  upgradeFrom: text(versionProblem),
  image: made(EtcdImage, 'EtcdImage.upstream(...), EtcdImage.bitnami(...) or EtcdImage.custom(...)'),
  imagePullPolicy: oneOf(tuning.EtcdImagePullPolicy),
  imagePullSecrets: listOf(text(dnsSubdomainProblem), (v: string) => v),
  imageRegistry: text(imageRegistryProblem),
  toolboxImage: text(imageReferenceProblem),
  storage: made(EtcdStorage, 'EtcdStorage.persistentVolumeClaim(...) or EtcdStorage.emptyDir()'),
  claimRetentionPolicy: struct<EtcdClaimRetentionPolicy>({
    whenScaled: oneOf(EtcdClaimRetention),
    whenDeleted: oneOf(EtcdClaimRetention),
  }),
  extraVolumeClaimTemplates: listOf(kube('KubePersistentVolumeClaimProps', 'metadata', 'spec'), claimName),
  resources: struct(tuning.RESOURCES),
  quotaBackend: quantity,
  autoCompaction: made(tuning.EtcdAutoCompaction, 'EtcdAutoCompaction.periodic(...), .revision(...) or .disabled()'),
  heartbeatInterval: tuning.HEARTBEAT,
  electionTimeout: tuning.ELECTION,
  snapshotCount: whole(1, 1_000_000_000),
  logLevel: oneOf(tuning.EtcdLogLevel),
  maxRequest: quantity,
  maxTxnOps: whole(1, 1_000_000),
  corruptionChecks: flag,
  clusterToken: text(tokenProblem),
  clusterDomain: text(dnsSubdomainProblem),
  ports: struct<tuning.EtcdPorts>({ client: port, peer: port, metrics: port, phase: port }),
  extraEnv: ENVIRONMENT,
  extraEnvFrom: listOf(kube('EnvFromSource')),
  extraArgs: listOf(tuning.ARGUMENT, (v: string) => v.split('=')[0]),
  restoreFrom: made(EtcdRestore, 'EtcdRestore.fromClaim(...) or another of its factories'),
  onTotalLoss: oneOf(EtcdTotalLoss),
  defragmentation: struct(DEFRAG_THRESHOLDS),
  antiAffinity: oneOf(tuning.EtcdAntiAffinity),
  antiAffinityTopologyKey: text(labelKeyProblem),
  affinity: kube('Affinity'),
  topologySpreadConstraints: listOf(kube('TopologySpreadConstraint', 'maxSkew', 'topologyKey', 'whenUnsatisfiable')),
  nodeSelector: labelMap,
  tolerations: listOf(kube('Toleration')),
  priorityClassName: text(dnsSubdomainProblem),
  runtimeClassName: text(dnsSubdomainProblem),
  schedulerName: text(dnsSubdomainProblem),
  hostAliases: listOf(kube('HostAlias', 'ip')),
  terminationGracePeriod: seconds(30),
  updateStrategy: made(
    tuning.EtcdUpdateStrategy,
    'EtcdUpdateStrategy.rollingUpdate() or EtcdUpdateStrategy.onDelete()',
  ),
  minReady: seconds(0),
  revisionHistoryLimit: whole(0, 1000),
  security: struct(tuning.SECURITY),
  startupProbe: struct(tuning.ONCE),
  readinessProbe: struct(tuning.PROBE),
  livenessProbe: struct(tuning.ONCE),
  clientService: struct(CLIENT_SERVICE),
  headlessService: struct(HEADLESS_SERVICE),
  podDisruptionBudget: struct(DISRUPTION_BUDGET),
  serviceAccount: struct(SERVICE_ACCOUNT),
  networkPolicy: struct(NETWORK_POLICY),
  labels: ownLabels,
  annotations: annotationMap,
  podLabels: ownLabels,
  podAnnotations: annotationMap,
  extraVolumes: listOf(kube('Volume', 'name'), name),
  extraVolumeMounts: listOf(kube('VolumeMount', 'name', 'mountPath'), (v: k8s.VolumeMount) => v.mountPath),
  initContainers: listOf(kube('Container', 'name', 'image'), name),
  sidecars: listOf(kube('Container', 'name', 'image'), name),
  shareProcessNamespace: flag,
  acknowledgeWarnings: listOf(oneOf(EtcdWarning)),
};
