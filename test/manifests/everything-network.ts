import { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { EtcdMemberAddresses, EtcdServiceType, EtcdTrafficPolicy } from '../../src';
import type { EtcdNetworkOptions } from '../../src/props/network';

/** Every prop about access to members, with a value that is not its default. */
export const ALL_NETWORK = {
  clientService: {
    type: EtcdServiceType.LOAD_BALANCER,
    port: 22379,
    portName: 'etcd-client',
    nodePort: 30379,
    clusterIp: '10.96.0.50',
    loadBalancerIp: '192.0.2.10',
    loadBalancerClass: 'example.com/internal',
    loadBalancerSourceRanges: ['10.0.0.0/8'],
    externalIps: ['192.0.2.20'],
    externalTrafficPolicy: EtcdTrafficPolicy.LOCAL,
    sessionAffinity: Duration.minutes(10),
    extraPorts: [{ name: 'metrics', port: 12381, protocol: 'TCP' }],
    annotations: { 'example.com/lb': 'internal' },
    labels: { exposed: 'yes' },
  },
  memberAddresses: EtcdMemberAddresses.POD,
  memberServices: { annotations: { 'example.com/member': '{member}' }, labels: { internal: 'yes' } },
  externalAccess: {
    type: EtcdServiceType.LOAD_BALANCER,
    advertisedUrl: 'https://metadata-{ordinal}.example.com:22379',
    port: 22379,
    nodePorts: [30370, 30371, 30372, 30373, 30374],
    loadBalancerClass: 'example.com/internal',
    loadBalancerSourceRanges: ['10.0.0.0/8'],
    externalTrafficPolicy: EtcdTrafficPolicy.LOCAL,
    annotations: { 'external-dns.alpha.kubernetes.io/hostname': 'metadata-{ordinal}.example.com' },
    labels: { exposed: 'yes' },
  },
  headlessService: { annotations: { 'example.com/dns': 'yes' }, labels: { internal: 'yes' } },
  networkPolicy: {
    clients: [
      { namespaceLabels: { 'kubernetes.io/metadata.name': 'greptimedb' }, podLabels: { app: 'metasrv' } },
      { cidr: '10.1.0.0/16' },
    ],
    metrics: [{ namespaceLabels: { 'kubernetes.io/metadata.name': 'monitoring' } }],
    extraIngress: [{ ports: [{ port: k8s.IntOrString.fromNumber(9999), protocol: 'TCP' }] }],
    restrictEgress: true,
    extraEgress: [{ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }] }],
  },
} satisfies Required<EtcdNetworkOptions>;
