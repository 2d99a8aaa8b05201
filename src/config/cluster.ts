import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import { namesOf, selectorLabels, type Names, type StringMap } from '../constants/names';
import type { CLUSTER } from '../props/cluster';
import { resolveEtcd, type EtcdConfig } from './etcd';
import { resolveImage, type ImageConfig } from './image';
import {
  resolveClientService,
  resolveExternalAccess,
  resolveHeadlessService,
  resolveMemberServices,
  resolveNetworkPolicy,
  type ClientServiceConfig,
  type ExternalAccessConfig,
  type ServiceMetadata,
  type NetworkPolicyConfig,
} from './network';
import { resolvePod, type PodConfig } from './pod';
import { resolveProbes, type ProbesConfig } from './probes';
import { resolveRestore, type RestoreConfig } from './restore';
import { resolveRollout, type RolloutConfig } from './rollout';
import { resolveScheduling, type SchedulingConfig } from './scheduling';
import { resolveSecurity, resolveServiceAccount, type SecurityConfig, type ServiceAccountConfig } from './security';
import { resolveStorage, type StorageConfig } from './storage';
import { resolveAuth, type AuthConfig } from './auth';
import { resolveTls, type TlsConfig } from './tls';

/** Everything that the manifests need. All defaults are applied. */
export interface ClusterConfig {
  readonly name: string;
  readonly namespace: string;
  readonly names: Names;
  readonly selector: StringMap;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly replicas: number;
  readonly existingCluster: boolean;
  readonly upgradeFrom: string | undefined;
  readonly image: ImageConfig;
  readonly etcd: EtcdConfig;
  readonly storage: StorageConfig;
  readonly restore: RestoreConfig;
  readonly onTotalLoss: string;
  readonly pod: PodConfig;
  readonly scheduling: SchedulingConfig;
  readonly probes: ProbesConfig;
  readonly security: SecurityConfig;
  /** Undefined: plain HTTP. */
  readonly tls: TlsConfig | undefined;
  /** Undefined: no users are declared. */
  readonly auth: AuthConfig | undefined;
  readonly rollout: RolloutConfig;
  readonly clientService: ClientServiceConfig;
  readonly headlessService: ServiceMetadata;
  readonly memberServices: ServiceMetadata;
  /** Undefined if there is none. */
  readonly externalAccess: ExternalAccessConfig | undefined;
  readonly memberAddresses: string;
  readonly serviceAccount: ServiceAccountConfig;
  readonly networkPolicy: NetworkPolicyConfig;
  readonly acknowledged: readonly string[];
}

/** Applies the defaults to checked props. A name or namespace with a problem becomes `invalid`: nothing is written. */
export function resolveCluster(props: Checked<typeof CLUSTER>): ClusterConfig {
  const { name = 'invalid', namespace = 'invalid' } = props;
  const names = namesOf(name);
  const selector = selectorLabels(props.selector?.name ?? DEFAULTS.selector.name, props.selector?.instance ?? name);
  const etcd = resolveEtcd(props, `${namespace}.${name}`);
  return {
    name,
    namespace,
    names,
    selector,
    labels: props.labels ?? {},
    annotations: props.annotations ?? {},
    replicas: props.replicas ?? DEFAULTS.cluster.replicas,
    existingCluster: props.existingCluster ?? DEFAULTS.recovery.existingCluster,
    upgradeFrom: props.upgradeFrom,
    image: resolveImage(props),
    etcd,
    storage: resolveStorage(props),
    restore: resolveRestore(props, props.imageRegistry),
    onTotalLoss: props.onTotalLoss ?? DEFAULTS.recovery.onTotalLoss,
    pod: resolvePod(props),
    scheduling: resolveScheduling(props, selector),
    probes: resolveProbes(props),
    security: resolveSecurity(props),
    tls: resolveTls(props, names),
    auth: resolveAuth(props),
    rollout: resolveRollout(props),
    clientService: resolveClientService(props, etcd.ports.client),
    headlessService: resolveHeadlessService(props),
    memberServices: resolveMemberServices(props),
    externalAccess: resolveExternalAccess(props, etcd.ports.client),
    memberAddresses: props.memberAddresses ?? DEFAULTS.network.memberAddresses,
    serviceAccount: resolveServiceAccount(props, names.serviceAccount),
    networkPolicy: resolveNetworkPolicy(props),
    acknowledged: props.acknowledgeWarnings ?? [],
  };
}
