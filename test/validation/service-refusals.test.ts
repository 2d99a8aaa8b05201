import { Duration } from 'cdk8s';
import { problemsOf, synthCluster } from '../support/synth';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as a caller from JavaScript: wrong types are the point
type Anything = any;
type Refused = [Anything, ...string[]];

/** Wrong options of Services, and the start of each problem. */
const REFUSED: Refused[] = [
  [
    { clientService: { nodePort: 30000 } },
    'clientService.nodePort: needs type NodePort or LoadBalancer, got 30000; set clientService.type, or remove it',
  ],
  [
    { clientService: { type: 'NodePort', loadBalancerIp: '192.0.2.1' } },
    'clientService.loadBalancerIp: needs type LoadBalancer, got "192.0.2.1"; set the type, or remove it',
  ],
  [
    { clientService: { externalTrafficPolicy: 'Local' } },
    'clientService.externalTrafficPolicy: needs type NodePort or LoadBalancer, or externalIps, got "Local"; set clientService.type, or remove it',
  ],
  [
    { clientService: { type: 'NodePort', clusterIp: 'None' } },
    'clientService.clusterIp: a headless Service needs type ClusterIP, got "None"; change clientService.type, or remove it',
  ],
  [{ clientService: { clusterIp: 'auto' } }, 'clientService.clusterIp: expected an IP address or None, got "auto"'],
  [
    { clientService: { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0'] } },
    'clientService.loadBalancerSourceRanges[0]: expected a network such as 10.0.0.0/8',
  ],
  [{ clientService: { portName: 'a-name-that-is-too-long' } }, 'clientService.portName: '],
  [
    { clientService: { sessionAffinity: Duration.days(2) } },
    'clientService.sessionAffinity: expected a whole number of seconds from 1 to 86400',
  ],
  [
    { clientService: { extraPorts: [{ name: 'x', port: 2379 }] } },
    'clientService.extraPorts[0].port: is already the client port, got 2379; choose another port',
  ],
  [
    { clientService: { extraPorts: [{ name: 'client', port: 1 }] } },
    'clientService.extraPorts[0].name: is already the name of the client port',
  ],
  [
    { clientService: { extraPorts: [{ port: 1 }] } },
    'clientService.extraPorts[0].name: is required, because the Service also has port 2379; set it',
  ],
  [
    { clientService: { extraPorts: [{ name: 'x', port: 1, targetPort: 1 }] } },
    'clientService.extraPorts[0].targetPort: unknown key or wrong type',
  ],
  [{ memberAddresses: 'Headless' }, 'memberAddresses: expected one of Service, Pod, got "Headless"'],
  [
    { memberServices: { labels: { 'app.kubernetes.io/name': 'x' } } },
    'memberServices.labels.app.kubernetes.io/name: is set by the library',
  ],
  [{ memberServices: { type: 'NodePort' } }, 'memberServices.type: unknown key'],
  [{ externalAccess: { type: 'ClusterIP' } }, 'externalAccess.type: expected one of NodePort, LoadBalancer, got "Clu'],
  ...[
    'http://{member}.example.com',
    'http://{member}.example.com:2379/',
    '{member}.example.com:2379',
    'http://{member}.example.com:0',
    'http://{pod}.example.com:2379',
    'http://$(POD_NAME).example.com:2379',
    'http://{ordinal}.{member}:99999',
  ].map((advertisedUrl): Refused => [
    { externalAccess: { advertisedUrl } },
    `externalAccess.advertisedUrl: expected a URL with a port and without a path, such as http://{member}.example.com:2379, got "${advertisedUrl}"`,
  ]),
  [
    { externalAccess: { advertisedUrl: 'http://etcd.example.com:2379' } },
    'externalAccess.advertisedUrl: expected {member} or {ordinal} in the URL, because each member needs its own, got',
  ],
  [
    { externalAccess: { type: 'NodePort', nodePorts: [30370, 30371] } },
    'externalAccess.nodePorts: expected at least one for each of the 3 members, got [30370,30371]',
  ],
  [{ externalAccess: { nodePorts: [30370, 30371, 30370] } }, 'externalAccess.nodePorts[2]: given twice'],
  [
    { externalAccess: { nodePorts: [30370, 30371, 30372] }, clientService: { type: 'NodePort', nodePort: 30371 } },
    'externalAccess.nodePorts[1]: is already clientService.nodePort, got 30371; choose another port',
  ],
  [
    {
      clientService: {
        type: 'NodePort',
        nodePort: 30371,
        extraPorts: [
          { name: 'a', port: 1, nodePort: 30371 },
          { name: 'b', port: 2, nodePort: 30372, protocol: 'UDP' },
        ],
      },
      externalAccess: { nodePorts: [30370, 30371, 30372] },
    },
    'clientService.extraPorts[0].nodePort: is already clientService.nodePort, got 30371; choose another port',
    'externalAccess.nodePorts[1]: is already clientService.nodePort, got 30371; choose another port',
    'externalAccess.nodePorts[2]: is already clientService.extraPorts[1].nodePort, got 30372; choose another port',
  ],
  [
    { externalAccess: { type: 'NodePort', loadBalancerClass: 'example.com/lb' } },
    'externalAccess.loadBalancerClass: needs type LoadBalancer, got "example.com/lb"; set the type, or remove it',
  ],
  [
    { externalAccess: { type: 'NodePort', loadBalancerSourceRanges: ['10.0.0.0/8'] } },
    'externalAccess.loadBalancerSourceRanges: needs type LoadBalancer, got "10.0.0.0/8"; set the type, or remove it',
  ],
  [{ podLabels: { 'cdk8s-etcd/serves-snapshots': 'true' } }, 'podLabels.cdk8s-etcd/serves-snapshots: is set by the'],
];

test.each(REFUSED)('%j', (props, ...expected) => {
  const problems = problemsOf(() => synthCluster(props));
  expect(problems).toHaveLength(expected.length);
  expected.forEach((text, i) => {
    expect(problems[i]).toContain(`[test/Etcd] ${text}`);
  });
});

test.each([
  'http://{member}.example.com:2379',
  'http://etcd.example.com:3037{ordinal}',
  'https://192.0.2.1{ordinal}:2379',
  'http://[2001:db8::{ordinal}]:2379',
])('externalAccess.advertisedUrl may be %s', (advertisedUrl) => {
  expect(problemsOf(() => synthCluster({ externalAccess: { advertisedUrl } }))).toEqual([]);
});

test.each([
  [{ clientService: { externalTrafficPolicy: 'Local', externalIps: ['192.0.2.1'] } }],
  [
    {
      clientService: {
        type: 'NodePort',
        nodePort: 30371,
        extraPorts: [{ name: 'a', port: 2379, nodePort: 30371, protocol: 'UDP' }],
      },
    },
  ],
] as [Anything][])('%j is accepted', (props) => {
  expect(problemsOf(() => synthCluster(props))).toEqual([]);
});
