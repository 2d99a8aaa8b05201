// The results of Jest and of the e2e suite as one table.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const FOLDER = resolve('test-results');
const FIGURES = join(FOLDER, 'figures.jsonl');

/** Tiers with thousands of cases. */
const WHOLE_FILES = ['node', 'promtool'];

export class Results {
  #tiers = [];

  constructor() {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER);
  }

  /** Options for the Jest of a tier that put its cases into the table. */
  options(tier) {
    const file = join(FOLDER, `${tier}.json`);
    this.#tiers.push({ tier, file });
    return `--json --outputFile='${file}'`;
  }

  /** Where the e2e suite writes its figures. */
  get environment() {
    return { E2E_REPORT: FIGURES };
  }

  /** One row for each case; of tiers with thousands, one for each file. */
  print() {
    if (this.#tiers.length === 0) return;
    const figures = figuresByCase();
    const rows = [['tier', 'case', '', 'seconds', 'measured']];
    for (const { tier, file } of this.#tiers) {
      if (!existsSync(file)) {
        rows.push([tier, 'wrote no results', 'FAIL', '', '']);
        continue;
      }
      const suites = JSON.parse(readFileSync(file, 'utf8')).testResults;
      suites.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const suite of suites)
        rows.push(...(WHOLE_FILES.includes(tier) ? [fileRow(tier, suite)] : caseRows(tier, suite, figures)));
    }
    console.log(`\n${table(rows)}`);
  }
}

function figuresByCase() {
  const lines = existsSync(FIGURES) ? readFileSync(FIGURES, 'utf8').trimEnd().split('\n') : [];
  const byCase = new Map();
  for (const line of lines) {
    const figure = JSON.parse(line);
    byCase.set(figure.case, [...(byCase.get(figure.case) ?? []), `${figure.title}: ${figure.measured}`]);
  }
  return byCase;
}

function nameOf({ name }) {
  return name.replace(/.*\/test\//, '').replace(/\.test\.ts$/, '');
}

function fileRow(tier, suite) {
  const count = (status) => suite.assertionResults.filter((one) => one.status === status).length;
  const skipped = count('pending') > 0 ? `, ${count('pending')} skipped` : '';
  // A suite that could not run has no cases.
  const verdict = count('failed') === 0 && suite.assertionResults.length > 0 ? 'pass' : 'FAIL';
  const seconds = Math.round((suite.endTime - suite.startTime) / 1000);
  return [tier, `${nameOf(suite)}: ${count('passed')} cases${skipped}`, verdict, `${seconds}`, ''];
}

function caseRows(tier, suite, figures) {
  if (suite.assertionResults.length === 0) return [[tier, nameOf(suite), 'FAIL', '', suite.message.split('\n')[0]]];
  return suite.assertionResults
    .filter(({ status }) => tier !== 'smoke' || status !== 'pending') // those of the whole suite
    .map(({ fullName, status, duration }) => {
      const verdict = { passed: 'pass', pending: 'skipped' }[status] ?? 'FAIL';
      const seconds = duration === null || duration === undefined ? '' : (duration / 1000).toFixed(1);
      return [tier, fullName, verdict, seconds, (figures.get(fullName) ?? []).join('; ')];
    });
}

/** Markdown with aligned columns, except for the last. */
function table(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const line = (cells) => `| ${cells.map((cell, i) => (i < 4 ? cell.padEnd(widths[i]) : cell)).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head), line(widths.map((width, i) => '-'.repeat(i < 4 ? width : 3))), ...body.map(line)].join('\n');
}
