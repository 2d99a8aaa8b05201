export interface LiveDifference {
  readonly field: string;
  readonly live: string;
  readonly imported: string;
  /** What to do about it; undefined where nothing can be done. */
  readonly remedy?: string;
}

/** How a live StatefulSet differs from the import's. */
export interface LiveComparison {
  /** What Kubernetes lets nobody change. */
  readonly refused: readonly LiveDifference[];
  /** What Kubernetes would change, and what would cost members, data or protection. */
  readonly breaks: readonly LiveDifference[];
  /** What the file says otherwise than the cluster, without harm. */
  readonly differs: readonly LiveDifference[];
}

/** Whether the import must not be applied. */
export function isRefused({ refused, breaks }: LiveComparison): boolean {
  return refused.length > 0 || breaks.length > 0;
}
