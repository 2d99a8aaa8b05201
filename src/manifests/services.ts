import type { ClusterConfig } from '../config/cluster';
import { COMPONENT, PORT } from '../constants/names';
import type { Json, k8s } from '../kubernetes';
import { list, metadata, write, type Manifest } from './object';

/** Gives members their DNS names, from before they are ready: they need them to become ready. */
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

/** Leads clients to ready members. The peer port is not in it: it is nobody's business. */
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

function tcp(name: string, port: number, target: string = name): Json<k8s.ServicePort> {
  return { name, port, targetPort: target, protocol: 'TCP' };
}
