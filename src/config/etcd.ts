import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import type { Json, k8s } from '../kubernetes';
import type { SERVER } from '../props/etcd';

interface Ports {
  readonly client: number;
  readonly peer: number;
  readonly metrics: number;
  /** Undefined: no metrics over TLS. */
  readonly metricsTls?: number;
  readonly phase: number;
}

/** etcd's settings, by the names of the props. Sizes are in bytes, times in milliseconds. */
export interface EtcdConfig {
  readonly quotaBackend: number;
  readonly autoCompaction: { readonly mode: string; readonly retention: string };
  readonly heartbeatInterval: number;
  readonly electionTimeout: number;
  readonly snapshotCount: number;
  readonly logLevel: string;
  readonly maxRequest: number;
  readonly maxTxnOps: number;
  readonly corruptionChecks: boolean;
  readonly clusterToken: string;
  readonly clusterDomain: string;
  readonly ports: Ports;
  /** Free space from which a member defragments when it starts, and from which the job restarts it. */
  readonly defragmentation: { readonly minimumGain: number; readonly minimumGainPercent: number };
  readonly extraEnv: readonly Json<k8s.EnvVar>[];
  readonly extraEnvFrom: readonly Json<k8s.EnvFromSource>[];
  readonly extraArgs: readonly string[];
}

/** @param token the default of `clusterToken` */
export function resolveEtcd(props: Checked<typeof SERVER>, token: string): EtcdConfig {
  const { etcd, ports, defragmentation } = DEFAULTS;
  return {
    quotaBackend: props.quotaBackend ?? etcd.quotaBackend,
    autoCompaction: props.autoCompaction?._config ?? etcd.autoCompaction,
    heartbeatInterval: props.heartbeatInterval ?? etcd.heartbeatInterval,
    electionTimeout: props.electionTimeout ?? etcd.electionTimeout,
    snapshotCount: props.snapshotCount ?? etcd.snapshotCount,
    logLevel: props.logLevel ?? etcd.logLevel,
    maxRequest: props.maxRequest ?? etcd.maxRequest,
    maxTxnOps: props.maxTxnOps ?? etcd.maxTxnOps,
    corruptionChecks: props.corruptionChecks ?? etcd.corruptionChecks,
    clusterToken: props.clusterToken ?? token,
    clusterDomain: props.clusterDomain ?? etcd.clusterDomain,
    ports: {
      client: props.ports?.client ?? ports.client,
      peer: props.ports?.peer ?? ports.peer,
      metrics: props.ports?.metrics ?? ports.metrics,
      ...(props.ports?.metricsTls !== undefined && { metricsTls: props.ports.metricsTls }),
      phase: props.ports?.phase ?? ports.phase,
    },
    defragmentation: {
      minimumGain: props.defragmentation?.minimumGain ?? gainWithin(props.quotaBackend),
      minimumGainPercent: props.defragmentation?.minimumGainPercent ?? defragmentation.minimumGainPercent,
    },
    extraEnv: props.extraEnv ?? [],
    extraEnvFrom: props.extraEnvFrom ?? [],
    extraArgs: props.extraArgs ?? [],
  };
}

/** The default, or half of a quota that is not larger. */
function gainWithin(quota: number = DEFAULTS.etcd.quotaBackend): number {
  const { minimumGain } = DEFAULTS.defragmentation;
  return minimumGain < quota ? minimumGain : Math.floor(quota / 2);
}
