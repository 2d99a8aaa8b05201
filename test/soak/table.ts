import type { Verdict, WriterStats } from '../e2e/support/writer';
import type { RegisterCounts } from './registers';
import type { FaultKind } from './schedule';
import type { Course } from './soak';

export interface Outcome {
  readonly seed: number;
  readonly course: Course;
  readonly impossible: readonly FaultKind[];
  readonly counts: RegisterCounts | undefined;
  readonly stats: WriterStats;
  readonly lost: Verdict | undefined;
  readonly problems: readonly string[];
}

/** The results of a run as a table. */
export function table({ seed, course, impossible, counts, stats, lost, problems }: Outcome): string {
  const faults = [...course.counts].sort(([a], [b]) => (a < b ? -1 : 1));
  const total = faults.reduce((sum, [, count]) => sum + count, 0);
  const rows: [string, string][] = [
    ['seed', `${seed}`],
    ['rounds', `${course.rounds}`],
    ['faults', `${total}`],
    ...faults.map(([kind, count]): [string, string] => [`  ${kind}`, `${count}`]),
    ...impossible.map((kind): [string, string] => [`  ${kind}`, 'not possible here']),
    ['requests to registers', counts ? `${counts.operations}` : 'unknown'],
    ['writes of new keys', `${stats.attempted}, ${stats.failed + stats.stalled} without an answer`],
    ['writes with unknown results', counts ? `${counts.unknown}` : 'unknown'],
    ['no write for at most', `${stats.longestGapMs} ms (${stats.netGapMs} ms without the machine's own stalls)`],
    ['acknowledged writes lost', lost ? `${lost.lost} of ${lost.acknowledged}` : 'unknown'],
    ['verdict', problems.length === 0 ? 'linearizable, nothing lost, complete at the end' : problems.join('\n')],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
}
