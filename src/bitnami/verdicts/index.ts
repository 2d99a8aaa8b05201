import { AUTH } from './auth';
import { CHART } from './chart';
import { JOBS } from './jobs';
import { NETWORK } from './network';
import { POD } from './pod';
import type { Verdicts } from './types';

/** Keys that the chart reads, but that its values.yaml does not have. */
export const ALIASES = [
  'auth.rbac.enabled',
  'service.port',
  'service.peerPort',
  'service.nodePorts.clientPort',
  'service.nodePorts.peerPort',
];

/** A part of `updateStrategy`, which the chart passes to Kubernetes as a whole. */
export const PASSED = ['updateStrategy.rollingUpdate'];

/** How each parameter of Bitnami's chart etcd 11.3.4 is imported, and each alias. */
export const VERDICTS: Verdicts = { ...CHART, ...AUTH, ...POD, ...NETWORK, ...JOBS };

export type { Verdicts } from './types';
