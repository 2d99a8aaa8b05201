/**
 * What each case may take on an idle machine with cached images, in milliseconds. Tests allow SLACK times as much;
 * failed and lost writes are exact.
 */
export const SLACK = 3;
/** Two shared cores alone cause gaps: up to 0.45 s was seen, at both clients at once. */
export const GAP_SLACK = 6;

const second = 1000;

/**
 * How long a DNS answer is cached, including that a name does not exist, as kubeadm and kind configure it. It matters while members
 * have the addresses of their pods, as those of a chart's release do at first (docs/members.md, Addresses).
 */
const DNS_TTL = 30 * second;

export const LIMITS = {
  /** From `apply` to all pods ready. */
  firstStart: { whole: 10 * second },
  /** One pod a minute late, or one after the other: from the time when the last one may start. */
  lateStart: { whole: 10 * second },
  /** A member's claim and pod deleted, to a voting member again. */
  lostDisk: { whole: 12 * second },
  allKilled: { gap: 5 * second, whole: 12 * second },
  allKilledOneLost: { gap: 5 * second, whole: 15 * second },
  /** From the documented command to a healthy cluster. */
  quorumLost: { whole: 30 * second },
  /** From `member remove` to a voting member; the pod stays. */
  removed: { whole: 15 * second },
  /** From the start with old data to a voting member. */
  oldDataReturn: { whole: 15 * second },
  /** Data of one member overwritten, from its start to a voting member. */
  damagedData: { whole: 60 * second },
  /** Per new member; down waits for kubelets, which notice a changed ConfigMap late. */
  scaleUp: { perMember: 10 * second },
  scaleDown: { whole: 60 * second },
  /** How long etcd drops writes: an election, which takes two writes to disks. */
  handover: { window: 30 },
  /** At 100 writes/s. */
  removedAlive: { failed: 3 },
  rolling: { whole: 24 * second, gap: 100 },
  drain: { gap: 100, away: 20 * second, whole: 10 * second },
  /** Each of the commits that enable or disable it. */
  tls: { gap: 200 },
  upgrade: { whole: 24 * second, gap: 100 },
  /** Without a write that is answered, while all members switch. */
  restoreInPlace: { gap: 10 * second },
  defrag: { gap: 500 },
  /** The leader is cut off: an election, and clients that reconnect. */
  partition: { gap: 3 * second, whole: 8 * second },
  adoption: { whole: 15 * second + DNS_TTL, gap: 100 },
} as const;

/** How long to poll before the test gives up, to tell a late result from none. */
export const PATIENCE = 5 * 60 * second;
/** How long to check that nothing happens. */
export const STILLNESS = 20 * second;

/** Until DNS has forgotten the addresses that pods had before they were replaced. */
export const DNS_SETTLES = DNS_TTL + 5 * second;

/** For how long a copy of manifests or volumes runs beside the original. */
export const COPY_WATCHED = Number(process.env.E2E_COPY_SECONDS ?? 90) * second;
