import { appendFileSync } from 'node:fs';
import type { WriterStats } from './writer';

export interface Figures {
  readonly wholeMillis?: number;
  readonly stats?: WriterStats;
  readonly lost?: number;
  readonly remark?: string;
}

/** What was measured: a line on the terminal, and an object in the file E2E_REPORT, one a line. */
export function report(title: string, figures: Figures): void {
  const measured = describe(figures);
  process.stdout.write(`${title}: ${measured}\n`);
  const file = process.env.E2E_REPORT;
  if (!file) return;
  const { stats, ...rest } = figures;
  const line = { case: expect.getState().currentTestName, title, measured, ...rest, ...stats };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}

function describe({ wholeMillis, stats, lost, remark }: Figures): string {
  const parts: string[] = [];
  if (wholeMillis !== undefined) parts.push(`${(wholeMillis / 1000).toFixed(1)} s`);
  if (stats) {
    const { failed, attempted, retried, stalled, longestGapMs, netGapMs } = stats;
    parts.push(`${failed} of ${attempted} writes failed`);
    if (retried > 0) parts.push(`${retried} retried`);
    if (stalled > 0) parts.push(`${stalled} while the machine stood still`);
    parts.push(`no write for ${longestGapMs} ms (${netGapMs} ms without the machine's own stalls)`);
  }
  if (lost !== undefined) parts.push(`${lost} lost`);
  if (remark !== undefined) parts.push(remark);
  return parts.join(', ');
}
