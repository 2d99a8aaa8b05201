import type { ClusterConfig } from '../config/cluster';
import type { ExternalAccessConfig } from '../config/network';
import { COMPONENT, externalServiceOf, PORT, SERVES_SNAPSHOTS, type StringMap } from '../constants/names';
import { ofMember } from '../grammar/member-pattern';
import type { Json, k8s } from '../kubernetes';
import { list, metadata, write, type Manifest } from './object';

/** Gives the members' pods their DNS names. They need these before they are ready. */
export function headlessService(config: ClusterConfig): Manifest {
  const { client, peer, metrics } = config.etcd.ports;
  return write<k8s.KubeServiceProps>('v1', 'Service', {
    metadata: metadata(config, config.names.headlessService, {
      component: COMPONENT.member,
      ...config.headlessService,
    }),
    spec: {
      type: 'ClusterIP',
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: config.selector,
      ports: [tcp(PORT.client, client), tcp(PORT.peer, peer), tcp(PORT.metrics, metrics)],
    },
  });
}

const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';

/** Gives a member an address that stays the same when its pod is replaced. It needs this before it is ready. */
export function memberService(config: ClusterConfig, member: string, ordinal: number): Manifest {
  const { client, peer, metrics, phase } = config.etcd.ports;
  const { labels, annotations } = config.memberServices;
  return write<k8s.KubeServiceProps>('v1', 'Service', {
    metadata: metadata(config, member, {
      component: COMPONENT.member,
      labels,
      annotations: { [SYNC_OPTIONS]: withPruneLast(config), ...ofEach(annotations, member, ordinal) },
    }),
    spec: {
      type: 'ClusterIP',
      publishNotReadyAddresses: true,
      selector: selectorOfPod(config, member),
      ports: [tcp(PORT.client, client), tcp(PORT.peer, peer), tcp(PORT.metrics, metrics), tcp(PORT.phase, phase)],
    },
  });
}

/** Routes clients outside the Kubernetes cluster to a member while it is ready. */
export function externalService(
  config: ClusterConfig,
  external: ExternalAccessConfig,
  member: string,
  ordinal: number,
): Manifest {
  return write<k8s.KubeServiceProps>('v1', 'Service', {
    metadata: metadata(config, externalServiceOf(member), {
      component: COMPONENT.member,
      labels: external.labels,
      annotations: ofEach(external.annotations, member, ordinal),
    }),
    spec: {
      type: external.type,
      selector: selectorOfPod(config, member),
      ports: [{ ...tcp(PORT.client, external.port), nodePort: external.nodePorts[ordinal] }],
      loadBalancerClass: external.loadBalancerClass,
      loadBalancerSourceRanges: list(external.loadBalancerSourceRanges),
      externalTrafficPolicy: external.externalTrafficPolicy,
    },
  });
}

/** Routes members to the job that serves a snapshot. */
export function restoreService(config: ClusterConfig): Manifest {
  const { 'app.kubernetes.io/component': _, ...cluster } = config.selector;
  return write<k8s.KubeServiceProps>('v1', 'Service', {
    metadata: metadata(config, config.names.restore, { component: COMPONENT.restore }),
    spec: {
      type: 'ClusterIP',
      selector: { ...cluster, [SERVES_SNAPSHOTS]: 'true' },
      ports: [tcp(PORT.phase, config.etcd.ports.phase)],
    },
  });
}

/** Routes clients to ready members. It does not have the peer port. */
export function clientService(config: ClusterConfig): Manifest {
  const service = config.clientService;
  return write<k8s.KubeServiceProps>('v1', 'Service', {
    metadata: metadata(config, config.names.clientService, { component: COMPONENT.member, ...service }),
    spec: {
      type: service.type,
      clusterIP: service.clusterIp,
      selector: config.selector,
      ports: [
        { ...tcp(service.portName, service.port, PORT.client), nodePort: service.nodePort },
        ...service.extraPorts,
      ],
      loadBalancerIP: service.loadBalancerIp,
      loadBalancerClass: service.loadBalancerClass,
      loadBalancerSourceRanges: list(service.loadBalancerSourceRanges),
      externalIPs: list(service.externalIps),
      externalTrafficPolicy: service.externalTrafficPolicy,
      sessionAffinity: service.sessionAffinitySeconds === undefined ? 'None' : 'ClientIP',
      sessionAffinityConfig:
        service.sessionAffinitySeconds === undefined
          ? undefined
          : { clientIP: { timeoutSeconds: service.sessionAffinitySeconds } },
    },
  });
}

function selectorOfPod(config: ClusterConfig, pod: string): StringMap {
  return { ...config.selector, 'statefulset.kubernetes.io/pod-name': pod };
}

/** Annotations with the member's name and ordinal filled in. */
/** A member that is removed must stay reachable until its pod has stopped. */
function withPruneLast({ annotations }: ClusterConfig): string {
  const options = annotations[SYNC_OPTIONS]?.split(',') ?? [];
  return [...new Set([...options, 'PruneLast=true'])].join();
}

function ofEach(annotations: StringMap, member: string, ordinal: number): StringMap {
  return Object.fromEntries(Object.entries(annotations).map(([key, v]) => [key, ofMember(v, member, ordinal)]));
}

function tcp(name: string, port: number, target: string = name): Json<k8s.ServicePort> {
  return { name, port, targetPort: target, protocol: 'TCP' };
}
