// Steps of a tier, one after the other. Each is a line at the end, and the last line counts them.
import { shell } from './shell.mjs';

const LAST_LINES = 12;
const LINES_OF_A_FAILURE = 8;
const LINES_OF_A_STEP = 40;

export class Steps {
  #lines = [];
  #passed = 0;
  #failed = 0;
  #startedAt = performance.now();

  /** Runs a command and shows its output: all of it after a failure, otherwise its end. */
  async run(name, command, options) {
    console.log(`\n== ${name}: ${command}`);
    return this.ended(name, shell(command, options), { announced: true });
  }

  /** Waits for a command that was started before. */
  async ended(name, result, { announced = false } = {}) {
    if (!announced) console.log(`\n== ${name}`);
    const { ok, output, stdout, seconds } = await result;
    console.log(ok ? lastLines(output) : output);
    this.note(ok, `${name} (${seconds} s)`);
    if (!ok) this.#lines.push(...failuresIn(output).slice(0, LINES_OF_A_STEP));
    return { ok, stdout };
  }

  note(ok, line) {
    if (ok) this.#passed++;
    else this.#failed++;
    this.#lines.push(`${ok ? 'pass' : 'FAIL'}  ${line}`);
  }

  /** A step that was skipped, and why. */
  remark(line) {
    this.#lines.push(`      ${line}`);
  }

  /** @returns whether nothing failed */
  summarize() {
    const minutes = ((performance.now() - this.#startedAt) / 60_000).toFixed(1);
    console.log(`\n${this.#lines.join('\n')}\n\nin ${minutes} min\n\n${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0;
  }
}

function lastLines(text) {
  return text.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
}

/** Jest's failed cases, each with the first lines of its message. */
function failuresIn(output) {
  const seen = new Set();
  const lines = [];
  let left = 0;
  for (const line of output.split('\n')) {
    if (/^ *● /.test(line)) {
      left = seen.has(line) ? 0 : LINES_OF_A_FAILURE;
      seen.add(line);
    } else if (/^ +at |^ *>? *\d+ \|/.test(line)) {
      left = 0;
    }
    if (left === 0 || line.trim() === '') continue;
    lines.push(`      ${line}`);
    left--;
  }
  return lines;
}
