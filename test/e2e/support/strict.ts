import type { EtcdClusterProps } from '../../../src';

/** With E2E_STRICT, every namespace has quotas, limits and a default deny, as strict platforms set them. */
export const STRICT = Boolean(process.env.E2E_STRICT);

export const STRICT_RESOURCES = {
  cpuRequest: '50m',
  cpuLimit: '500m',
  memory: '256Mi',
  ephemeralStorageRequest: '50Mi',
  ephemeralStorageLimit: '1Gi',
};

export const STRICT_PROPS: Partial<EtcdClusterProps> = {
  resources: STRICT_RESOURCES,
  networkPolicy: { restrictEgress: true },
};

const QUOTA = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'quota' },
  spec: {
    hard: {
      'requests.cpu': '2',
      'limits.cpu': '6',
      'requests.memory': '4Gi',
      'limits.memory': '4Gi',
      'requests.ephemeral-storage': '4Gi',
      'limits.ephemeral-storage': '16Gi',
    },
  },
};
const DENY = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'deny' },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
};
const range = (more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'range' },
  spec: {
    limits: [{ type: 'Container', min: { memory: '64Mi', cpu: '10m' }, max: { memory: '1Gi', cpu: '1' }, ...more }],
  },
});

/** Of a namespace in which every container must have its own limits. */
export const STRICT_RULES = [QUOTA, range(), DENY];

/** The same with defaults for the pods of tests, and with access for their clients. */
export const STRICT_RULES_FOR_ALL = [
  QUOTA,
  range({
    default: { cpu: '500m', memory: '256Mi', 'ephemeral-storage': '1Gi' },
    defaultRequest: { cpu: '20m', memory: '64Mi', 'ephemeral-storage': '50Mi' },
  }),
  DENY,
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'clients' },
    spec: {
      podSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
      policyTypes: ['Egress'],
      egress: [{}],
    },
  },
];
