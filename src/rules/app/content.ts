import type { Problems } from '../../checks/problems';
import type { ClusterConfig } from '../../config/cluster';

/** An object that the app creates, or that Kubernetes creates for it. */
export interface AppObject {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** Path of the construct that creates it. */
  readonly path: string;
  /** Path of the cluster that it belongs to. Undefined if it is not of this library. */
  readonly cluster: string | undefined;
  /** Why Kubernetes creates it, if the app does not: `for a member`. */
  readonly why?: string;
  /** As it is written. */
  toJson(): unknown;
}

export interface AppCluster {
  readonly path: string;
  readonly config: ClusterConfig;
}

/** A claim that a job mounts and that this library does not create. */
export interface UsedClaim {
  readonly path: string;
  readonly prop: string;
  readonly namespace: string;
  readonly name: string;
}

/** Everything in an app that rules across its clusters and charts look at. */
export interface AppContent {
  readonly clusters: readonly AppCluster[];
  readonly objects: readonly AppObject[];
  readonly claims: readonly UsedClaim[];
  /** Whether Helm reads the files as templates. */
  readonly isHelm: boolean;
}

/** The problems of the construct at a path. */
export type ProblemsAt = (path: string) => Problems;
