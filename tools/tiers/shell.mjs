// Runs commands for the tiers: their output is kept, and none of them outlives this process.
import { spawn } from 'node:child_process';

const LOWEST_PRIORITY = 19;
const running = new Set();

/**
 * Runs a line of bash to its end, whatever that is.
 * @param env on top of this process's
 * @returns {Promise<{ ok: boolean, output: string, stdout: string, seconds: number }>}
 */
export function shell(command, { env = {}, beside = false } = {}) {
  const startedAt = performance.now();
  const nice = beside ? ['nice', '-n', `${LOWEST_PRIORITY}`] : [];
  const [program, ...args] = [...nice, 'bash', '-o', 'pipefail', '-c', command];
  // In a group of its own, so that all of it can be ended.
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.add(child.pid);
  let output = '';
  let stdout = '';
  child.stdout.on('data', (data) => {
    output += data;
    stdout += data;
  });
  child.stderr.on('data', (data) => (output += data));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => running.delete(child.pid));
    // Daemons that it started keep its output open, so wait for the end of the command instead.
    child.once('exit', (status) =>
      setTimeout(() => {
        const seconds = Math.round((performance.now() - startedAt) / 1000);
        resolve({ ok: status === 0, output, stdout, seconds });
      }, 100),
    );
  });
}

/** Ends everything that runs. */
export function killAll() {
  for (const pid of running) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // it has just ended
    }
  }
}
