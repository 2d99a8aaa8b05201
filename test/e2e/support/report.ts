import { appendFileSync } from 'node:fs';
import type { WriterStats } from './writer';

export interface Figures {
  readonly wholeMillis?: number;
  readonly stats?: WriterStats;
  readonly lost?: number;
  readonly remark?: string;
}

const HEADER = 'case | time until whole | failed writes | longest gap | lost | remark';
let printed = false;

/** One row of the table of measured figures, to the terminal and to the file E2E_REPORT. */
export function report(title: string, { wholeMillis, stats, lost, remark }: Figures): void {
  const whole = wholeMillis === undefined ? '' : `${(wholeMillis / 1000).toFixed(1)} s`;
  const failed = stats
    ? `${stats.failed} of ${stats.attempted}${stats.retried ? `, ${stats.retried} retried` : ''}${stats.stalled ? `, ${stats.stalled} while the machine stood still` : ''}`
    : '';
  const gap = stats ? `${stats.longestGapMs} ms (${stats.netGapMs} ms of them etcd's)` : '';
  const row = `| ${[title, whole, failed, gap, lost ?? '', remark ?? ''].join(' | ')} |\n`;
  process.stdout.write(printed ? row : `| ${HEADER} |\n${row}`);
  printed = true;
  const file = process.env.E2E_REPORT;
  if (file) appendFileSync(file, row);
}
