/**
 * Codes of warnings about settings that are valid, but risky. Add a code to `acknowledgeWarnings` to acknowledge it.
 */
export enum EtcdWarning {
  /** An even number of members tolerates no additional failures. */
  EVEN_REPLICAS = 'EvenReplicas',
  /** At the quota, the volume has no room for the write-ahead log and for the second copy during defragmentation. */
  TIGHT_QUOTA = 'TightQuota',
  /** The quota is larger than 8 GiB, the largest that the etcd project recommends. */
  LARGE_QUOTA = 'LargeQuota',
  /** A flag of etcd gives up a guarantee, such as `--unsafe-no-fsync`. */
  UNSAFE_FLAG = 'UnsafeFlag',
  /** A probe is off, or so short that it kills members that are only slow. */
  RISKY_PROBE = 'RiskyProbe',
  /** The election timeout is so short that each pause causes an election. */
  SHORT_ELECTION = 'ShortElection',
  /** A member may take longer than an hour to stop. */
  LONG_GRACE_PERIOD = 'LongGracePeriod',
  /** The disruption budget allows no member to be down, so nodes cannot be drained. */
  BLOCKED_DRAINS = 'BlockedDrains',
  /** A job's deadline is so short that its pod may not finish. */
  SHORT_DEADLINE = 'ShortDeadline',
  /** A relabeling removes metrics or labels that alerts and the dashboard need. */
  LOST_METRICS = 'LostMetrics',
  /** The largest request is above 10 MiB, the largest that the etcd project recommends. */
  LARGE_REQUEST = 'LargeRequest',
  /** A database at the quota is larger than the memory of a member or of a drill. */
  TIGHT_MEMORY = 'TightMemory',
  /** Snapshots of a database at the quota do not fit into their volume. */
  SNAPSHOT_ROOM = 'SnapshotRoom',
  /** The data of a pod is lost when the pod is deleted. */
  EMPTY_DIR = 'EmptyDir',
  /** Kubernetes deletes claims and their data. */
  CLAIM_DELETION = 'ClaimDeletion',
  /** A job's deadline is longer than the time between two runs, so runs would be skipped. */
  DEADLINE_BEYOND_INTERVAL = 'DeadlineBeyondInterval',
  /** The disruption budget allows more than one member to be down. */
  LOOSE_BUDGET = 'LooseBudget',
  /** A namespace with Pod Security "restricted" refuses the pods. */
  POD_SECURITY = 'PodSecurity',
  /** A user of etcd has full access. */
  FULL_ACCESS = 'FullAccess',
  /** GreptimeDB's Metasrv sends larger requests or transactions than the cluster accepts. */
  GREPTIMEDB_LIMITS = 'GreptimeDbLimits',
  /** An import leaves out a setting of Bitnami's chart that had an effect. */
  BITNAMI_DROPPED = 'BitnamiDropped',
  /** An import changes the effect of a setting of Bitnami's chart. */
  BITNAMI_CHANGED = 'BitnamiChanged',
  /** The values file has a key that Bitnami's chart does not read. */
  BITNAMI_UNKNOWN = 'BitnamiUnknown',
}
