/** Codes of warnings: what is legal, but risky. A code in the cluster's `acknowledgeWarnings` says that it is meant so. */
export enum EtcdWarning {
  /** An even number of members stands no more failures than one less. */
  EVEN_REPLICAS = 'EvenReplicas',
  /** The volume has no room for the write-ahead log and for defragmentation's copy when the quota is used. */
  TIGHT_QUOTA = 'TightQuota',
  /** The quota is above the 8 GiB that the etcd project recommends at most. */
  LARGE_QUOTA = 'LargeQuota',
  /** Data are lost with their pod. */
  EMPTY_DIR = 'EmptyDir',
  /** Kubernetes deletes claims, and the data with them. */
  CLAIM_DELETION = 'ClaimDeletion',
  /** A job's deadline is longer than the gap between two runs: runs would be skipped. */
  DEADLINE_BEYOND_INTERVAL = 'DeadlineBeyondInterval',
  /** More than one member may be away on purpose. */
  LOOSE_BUDGET = 'LooseBudget',
  /** GreptimeDB's Metasrv sends larger requests, or transactions of more operations, than the cluster takes. */
  GREPTIMEDB_LIMITS = 'GreptimeDbLimits',
  /** An import leaves out a setting of Bitnami's chart that did something. */
  BITNAMI_DROPPED = 'BitnamiDropped',
  /** An import makes something else of a setting of Bitnami's chart. */
  BITNAMI_CHANGED = 'BitnamiChanged',
  /** A key of the values file that Bitnami's chart does not read. */
  BITNAMI_UNKNOWN = 'BitnamiUnknown',
}
