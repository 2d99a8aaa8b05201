// Compares the findings of tools with the list of accepted ones.
import { spawnSync } from 'node:child_process';
import { ACCEPTED } from './accepted.mjs';

const whole = (pattern) => new RegExp(`^(?:${pattern.source})$`, pattern.flags);

/** Prints findings that are not accepted, and accepted ones that no longer occur. Both fail. */
export function report(tools, findings) {
  const accepted = ACCEPTED.map(({ finding }) => whole(finding));
  const refused = findings.filter((line) => !accepted.some((pattern) => pattern.test(line)));
  const mine = ACCEPTED.filter(({ finding }) => tools.some((tool) => finding.source.startsWith(`${tool} `)));
  const stale = mine.filter(({ finding }) => !findings.some((line) => whole(finding).test(line)));
  for (const line of refused) console.error(line);
  for (const { finding } of stale) console.error(`accepted.mjs: nothing is found any more by ${finding}`);
  console.log(`${tools.join(', ')}: ${findings.length} findings, ${findings.length - refused.length} accepted`);
  if (refused.length + stale.length > 0) process.exitCode = 1;
}

/** The output of a program, which must end with one of the exit statuses that come with a report. */
export function output(program, args, statuses, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    ...options,
  });
  if (error) throw new Error(`${program} does not run: ${error.message}`);
  if (!statuses.includes(status)) throw new Error(`${program} ended with status ${status}: ${stderr}${stdout}`);
  return stdout;
}
