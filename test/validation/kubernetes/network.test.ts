import { accepts, type Anything, port, portName, refuses } from '../../support/refusals';

const service = (value: Anything) => ({ clientService: value });
const extra = (value: Anything) => service({ extraPorts: [{ name: 'x', port: 80, ...value }] });
const ingress = (value: Anything) => ({ networkPolicy: { extraIngress: [value] } });

const egress = (value: Anything) => ({ networkPolicy: { restrictEgress: true, extraEgress: [value] } });

refuses([
  [service({ externalIps: ['127.0.0.1'] }), 'clientService.externalIps[0]: expected an address that is not loopback'],
  [service({ externalIps: ['169.254.1.1'] }), 'clientService.externalIps[0]: expected an address that is not loopback'],
  [service({ externalIps: ['fe80::1%eth0'] }), 'clientService.externalIps[0]: expected an IP address'],
  [service({ clusterIp: '127.0.0.1' }), 'clientService.clusterIp: expected an address that is not loopback'],
  [service({ clusterIp: 'none' }), 'clientService.clusterIp: expected an IP address or None'],
  [
    service({ type: 'NodePort', nodePort: 80 }),
    'clientService.nodePort: expected a whole number from 30000 to 32767, got 80',
  ],
  [
    { externalAccess: { type: 'NodePort', nodePorts: [80, 30_001, 30_002] } },
    'externalAccess.nodePorts[0]: expected a whole number from 30000 to 32767',
  ],
  [
    service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['fe80::1%eth0/64'] }),
    'clientService.loadBalancerSourceRanges[0]: expected a network',
  ],
  [service({ clusterIp: 'None', port: 80 }), "clientService.port: expected the members' client port 2379"],
  [extra({ port: 0 }), 'clientService.extraPorts[0].port: expected a whole number from 1 to 65535'],
  [extra({ name: 'A' }), 'clientService.extraPorts[0].name: expected a DNS label'],
  [extra({ protocol: 'http' }), 'clientService.extraPorts[0].protocol: expected one of TCP, UDP, SCTP'],
  [
    extra({ targetPort: portName('much-longer-than-fifteen') }),
    'clientService.extraPorts[0].targetPort: expected a port name',
  ],
  [extra({ appProtocol: 'a b' }), 'clientService.extraPorts[0].appProtocol: expected a label key'],
  [extra({ nodePort: 30_001 }), 'clientService.extraPorts[0].nodePort: needs type NodePort or LoadBalancer'],
  [
    service({
      extraPorts: [
        { name: 'x', port: 80 },
        { name: 'y', port: 80 },
      ],
    }),
    'clientService.extraPorts[1].port: is already',
  ],
  [{ networkPolicy: { clients: [{ cidr: 'fe80::1%eth0/64' }] } }, 'networkPolicy.clients[0].cidr: expected a network'],
  [
    ingress({ from: [{}] }),
    'networkPolicy.extraIngress[0].from[0]: expected one of podSelector, namespaceSelector, ipBlock',
  ],
  [
    ingress({ from: [{ ipBlock: { cidr: '10.0.0.0' } }] }),
    'networkPolicy.extraIngress[0].from[0].ipBlock.cidr: expected a network',
  ],
  [
    ingress({ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }] }),
    'from[0].ipBlock.except[0]: expected a part of 10.0.0.0/8',
  ],
  [
    ingress({ from: [{ ipBlock: { cidr: 'fd00::/8', except: ['fd00::/8'] } }] }),
    'from[0].ipBlock.except[0]: expected a part of fd00::/8',
  ],
  [
    ingress({ from: [{ ipBlock: { cidr: '64:ff9b::/96', except: ['64:ff9b::192.0.2.33/96'] } }] }),
    'from[0].ipBlock.except[0]: expected a part of 64:ff9b::/96',
  ],
  [
    ingress({ from: [{ ipBlock: { cidr: '64:ff9b::/96', except: ['64:ff9b:1::192.0.2.33/128'] } }] }),
    'from[0].ipBlock.except[0]: expected a part of 64:ff9b::/96',
  ],
  [
    ingress({ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } }] }),
    'from[0].ipBlock.except[0]: expected a part of 10.0.0.0/8',
  ],
  [
    ingress({ from: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['fd00::/16'] } }] }),
    'from[0].ipBlock.except[0]: expected a part of 0.0.0.0/0',
  ],
  [
    ingress({ from: [{ podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }] }),
    'from[0].ipBlock: cannot be combined with podSelector',
  ],
  [
    ingress({ ports: [{ port: port(0) }] }),
    'networkPolicy.extraIngress[0].ports[0].port: expected a whole number from 1',
  ],
  [
    ingress({ ports: [{ port: port(80), endPort: 79 }] }),
    'networkPolicy.extraIngress[0].ports[0].endPort: expected at least port',
  ],
  [
    ingress({ ports: [{ protocol: 'ICMP' }] }),
    'networkPolicy.extraIngress[0].ports[0].protocol: expected one of TCP, UDP, SCTP',
  ],
  [{ hostAliases: [{ ip: 'localhost', hostnames: ['a'] }] }, 'hostAliases[0].ip: expected an IP address'],
  [{ hostAliases: [{ ip: '10.0.0.1', hostnames: ['A b'] }] }, 'hostAliases[0].hostnames[0]: expected a DNS subdomain'],
  [
    {
      hostAliases: [
        { ip: '10.0.0.1', hostnames: ['a'] },
        { ip: '10.0.0.1', hostnames: ['b'] },
      ],
    },
    'hostAliases[1]: given twice, got "10.0.0.1"; keep one of them',
  ],
  [{ hostAliases: [{ ip: '10.0.0.1' }] }, 'hostAliases[0].hostnames: is required'],
  [
    ingress({ from: [{ podSelector: { matchExpressions: [{ key: 'a b', operator: 'Exists' }] } }] }),
    'matchExpressions[0].key: expected a label key',
  ],
  [
    ingress({ from: [{ podSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b c'] }] } }] }),
    'values[0]: expected a label value',
  ],
  [
    ingress({ from: [{ namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] } }] }),
    'values: expected no values',
  ],
  [
    ingress({ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0'] } }] }),
    'ipBlock.except[0]: expected a network',
  ],
  [ingress({ ports: [{ port: port(80), endPort: 70_000 }] }), 'ports[0].endPort: expected a whole number'],
  [egress({ to: [{}] }), 'networkPolicy.extraEgress[0].to[0]: expected one of podSelector'],
  [egress({ ports: [{ port: port(0) }] }), 'networkPolicy.extraEgress[0].ports[0].port: expected a whole number'],
  [
    service({ type: 'NodePort', extraPorts: [{ name: 'x', port: 80, nodePort: 80 }] }),
    'clientService.extraPorts[0].nodePort: expected a whole number from 30000',
  ],
  [{ hostAliases: [{ ip: '10.0.0.1', hostnames: [] }] }, 'hostAliases[0].hostnames: expected at least one name'],
]);

const without = (cidr: string, except: string) => ingress({ from: [{ ipBlock: { cidr, except: [except] } }] });

accepts([
  [without('64:ff9b::/96', '64:ff9b::192.0.2.33/128')],
  [without('fd00::/8', 'fd12:3456::/32')],
  [without('::/0', '2001:db8::/32')],
  [without('10.0.0.0/8', '10.1.0.0/16')],
  [without('0.0.0.0/0', '192.0.2.33/32')],
]);
