import { BlockList, isIPv6 } from 'node:net';
import { networkProblem } from '../../grammar/address';
import { labelKeyProblem } from '../../grammar/labels';
import { dnsLabelProblem } from '../../grammar/names';
import type { Json, k8s } from '../../kubernetes';
import { nodePort, port, text } from '../values';
import { each, fields, oneField, rule } from './fields';
import { PROTOCOL } from './container';
import type { Values } from './kube';
import { PORT_REF } from './probe';
import { LABEL_SELECTOR } from './selector';

type Peer = Json<k8s.NetworkPolicyPeer>;
type PolicyPort = Json<k8s.NetworkPolicyPort>;
type ServicePort = Json<k8s.ServicePort>;

const CIDR = text(networkProblem);

const IP_BLOCK = fields<Json<k8s.IpBlock>>(
  { cidr: CIDR, except: each(CIDR) },
  ({ cidr, except = [] }, path, problems) => {
    if (problems.touch(path)) return;
    except.forEach((part, i) => {
      if (!isStrictlyWithin(part, cidr))
        problems.add(`${path}.except[${i}]`, `expected a part of ${cidr}, and not all of it`, part);
    });
  },
);

const PEER: Values<Peer> = fields<Peer>(
  { ipBlock: IP_BLOCK, podSelector: LABEL_SELECTOR, namespaceSelector: LABEL_SELECTOR },
  (peer, path, problems) => {
    if (peer.ipBlock && (peer.podSelector ?? peer.namespaceSelector))
      problems.add(`${path}.ipBlock`, 'cannot be combined with podSelector or namespaceSelector; keep one of them');
    else if (!peer.ipBlock && !problems.touch(path))
      oneField<Peer>('podSelector', 'namespaceSelector', 'ipBlock')(
        peer.podSelector ? { podSelector: peer.podSelector } : peer,
        path,
        problems,
      );
  },
);

const PORT = fields<PolicyPort>(
  { port: PORT_REF, endPort: port, protocol: PROTOCOL },
  rule(
    'endPort',
    (p) => p.endPort === undefined || (typeof p.port === 'number' && p.endPort >= p.port),
    'expected at least port, which must be a number',
  ),
);

/** @see https://kubernetes.io/docs/concepts/services-networking/network-policies/ */
export const INGRESS_RULE = fields<Json<k8s.NetworkPolicyIngressRule>>({ from: each(PEER), ports: each(PORT) });
export const EGRESS_RULE = fields<Json<k8s.NetworkPolicyEgressRule>>({ to: each(PEER), ports: each(PORT) });

/** Additional ports of a Service. @see https://kubernetes.io/docs/concepts/services-networking/service/ */
export const SERVICE_PORT = fields<ServicePort>({
  name: text(dnsLabelProblem),
  port,
  targetPort: PORT_REF,
  protocol: PROTOCOL,
  appProtocol: text(labelKeyProblem),
  nodePort,
});

function isStrictlyWithin(part: string, whole: string): boolean {
  const [inner, outer] = [networkOf(part), networkOf(whole)];
  if (inner.family !== outer.family || inner.length <= outer.length) return false;
  const list = new BlockList();
  list.addSubnet(outer.address, outer.length, outer.family);
  return list.check(inner.address, inner.family);
}

function networkOf(cidr: string): {
  readonly address: string;
  readonly length: number;
  readonly family: 'ipv4' | 'ipv6';
} {
  const [address = '', length] = cidr.split('/');
  return { address, length: Number(length), family: isIPv6(address) ? 'ipv6' : 'ipv4' };
}
