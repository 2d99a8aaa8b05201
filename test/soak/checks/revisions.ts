import { describe, type Operation } from './history';

/**
 * Whether etcd's revisions follow real time, over all keys: every answer carries a revision, which no request may see below
 * that of one that had ended before it began; each write has one of its own. Two quorums would count on from the same revision.
 *
 * @returns what contradicts it, the first few
 */
export function revisionViolations(history: readonly Operation[]): string[] {
  const answered = history.filter((operation) => operation.end !== undefined && operation.revision !== undefined);
  return [...sharedRevisions(answered), ...stepsBack(answered)].slice(0, MOST);
}

const MOST = 5;

function sharedRevisions(operations: readonly Operation[]): string[] {
  const writers = new Map<number, Operation>();
  const problems: string[] = [];
  for (const operation of operations) {
    if (operation.kind === 'read') continue;
    const revision = operation.revision as number;
    const other = writers.get(revision);
    if (other) problems.push(`two writes of one revision: ${tell(other)} | ${tell(operation)}`);
    writers.set(revision, operation);
  }
  return problems;
}

function stepsBack(operations: readonly Operation[]): string[] {
  const byStart = [...operations].sort((a, b) => a.start - b.start);
  const byEnd = [...operations].sort((a, b) => (a.end as number) - (b.end as number));
  const problems: string[] = [];
  let ended = 0;
  let highest: Operation | undefined;
  for (const operation of byStart) {
    for (; (byEnd[ended]?.end ?? Infinity) < operation.start; ended++) {
      const candidate = byEnd[ended] as Operation;
      if (!highest || (candidate.revision as number) > (highest.revision as number)) highest = candidate;
    }
    if (highest && isBehind(operation, highest.revision as number))
      problems.push(`a revision that goes back: ${tell(highest)} | ${tell(operation)}`);
  }
  return problems;
}

function isBehind({ kind, revision }: Operation, before: number): boolean {
  return kind === 'read' ? (revision as number) < before : (revision as number) <= before;
}

function tell(operation: Operation): string {
  return `key ${operation.key} ${describe(operation)}`;
}
