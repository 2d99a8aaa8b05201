import { AUTH } from './auth';
import { CHART } from './chart';
import { JOBS } from './jobs';
import { NETWORK } from './network';
import { POD } from './pod';
import type { Verdicts } from './types';

/** Keys that the chart reads although its values.yaml does not have them. */
export const ALIASES = [
  'auth.rbac.enabled',
  'service.port',
  'service.peerPort',
  'service.nodePorts.clientPort',
  'service.nodePorts.peerPort',
];

/** A part of `updateStrategy`, which the chart passes on as a whole. */
export const PASSED = ['updateStrategy.rollingUpdate'];

/** What becomes of every parameter of Bitnami's chart etcd 11.3.4, and of its aliases. */
export const VERDICTS: Verdicts = { ...CHART, ...AUTH, ...POD, ...NETWORK, ...JOBS };

export type { Verdicts } from './types';
