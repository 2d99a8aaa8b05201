export interface LiveDifference {
  readonly field: string;
  readonly live: string;
  readonly imported: string;
  /** What to do. Undefined if nothing can be done. */
  readonly remedy?: string;
}

/** The differences between a live StatefulSet and the import's. */
export interface LiveComparison {
  /** Immutable fields, which Kubernetes would refuse to change. */
  readonly refused: readonly LiveDifference[];
  /** Changes that Kubernetes would accept, but that would lose members, data or protection. */
  readonly breaks: readonly LiveDifference[];
  /** Changes that do no harm. */
  readonly differs: readonly LiveDifference[];
}

/** Whether the import must not be applied. */
export function isRefused({ refused, breaks }: LiveComparison): boolean {
  return refused.length > 0 || breaks.length > 0;
}
