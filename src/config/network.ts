import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import type { StringMap } from '../constants/names';
import type { Json, k8s } from '../kubernetes';
import type { EtcdNetworkPeer, NETWORK } from '../props/network';

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

/** Labels and annotations of a Service that has no other options. */
export interface ServiceMetadata {
  readonly annotations: StringMap;
  readonly labels: StringMap;
}

export interface ExternalAccessConfig {
  readonly type: string;
  readonly advertisedUrl: string | undefined;
  readonly port: number;
  /** By ordinal. Empty, or at least one for each member. */
  readonly nodePorts: readonly number[];
  readonly loadBalancerClass: string | undefined;
  readonly loadBalancerSourceRanges: readonly string[];
  readonly externalTrafficPolicy: string | undefined;
  readonly annotations: StringMap;
  readonly labels: StringMap;
}

export interface NetworkPolicyConfig {
  readonly enabled: boolean;
  /** Undefined if all may connect. */
  readonly clients: readonly EtcdNetworkPeer[] | undefined;
  readonly metrics: readonly EtcdNetworkPeer[] | undefined;
  readonly extraIngress: readonly Json<k8s.NetworkPolicyIngressRule>[];
  readonly restrictEgress: boolean;
  readonly extraEgress: readonly Json<k8s.NetworkPolicyEgressRule>[];
}

/** @param clientPort client port of the members */
export function resolveClientService(props: Checked<typeof NETWORK>, clientPort: number): ClientServiceConfig {
  const given = props.clientService ?? {};
  const defaults = DEFAULTS.clientService;
  return {
    enabled: given.enabled ?? defaults.enabled,
    type: given.type ?? defaults.type,
    port: given.port ?? clientPort,
    portName: given.portName ?? defaults.portName,
    nodePort: given.nodePort,
    clusterIp: given.clusterIp,
    loadBalancerIp: given.loadBalancerIp,
    loadBalancerClass: given.loadBalancerClass,
    loadBalancerSourceRanges: given.loadBalancerSourceRanges ?? [],
    externalIps: given.externalIps ?? [],
    externalTrafficPolicy: given.externalTrafficPolicy,
    sessionAffinitySeconds: given.sessionAffinity,
    extraPorts: given.extraPorts ?? [],
    annotations: given.annotations ?? {},
    labels: given.labels ?? {},
  };
}

export function resolveHeadlessService({ headlessService = {} }: Checked<typeof NETWORK>): ServiceMetadata {
  return { annotations: headlessService.annotations ?? {}, labels: headlessService.labels ?? {} };
}

export function resolveMemberServices({ memberServices = {} }: Checked<typeof NETWORK>): ServiceMetadata {
  return { annotations: memberServices.annotations ?? {}, labels: memberServices.labels ?? {} };
}

/** @param clientPort client port of the members */
export function resolveExternalAccess(
  { externalAccess: given }: Checked<typeof NETWORK>,
  clientPort: number,
): ExternalAccessConfig | undefined {
  return (
    given && {
      type: given.type ?? DEFAULTS.externalAccess.type,
      advertisedUrl: given.advertisedUrl,
      port: given.port ?? clientPort,
      nodePorts: given.nodePorts ?? [],
      loadBalancerClass: given.loadBalancerClass,
      loadBalancerSourceRanges: given.loadBalancerSourceRanges ?? [],
      externalTrafficPolicy: given.externalTrafficPolicy,
      annotations: given.annotations ?? {},
      labels: given.labels ?? {},
    }
  );
}

export function resolveNetworkPolicy({ networkPolicy: given = {} }: Checked<typeof NETWORK>): NetworkPolicyConfig {
  return {
    enabled: given.enabled ?? DEFAULTS.networkPolicy.enabled,
    clients: given.clients,
    metrics: given.metrics,
    extraIngress: given.extraIngress ?? [],
    restrictEgress: given.restrictEgress ?? DEFAULTS.networkPolicy.restrictEgress,
    extraEgress: given.extraEgress ?? [],
  };
}
