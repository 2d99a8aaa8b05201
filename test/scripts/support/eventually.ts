export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** Waits for a condition, and fails with the current state. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  seconds = 30,
  instead: () => string = () => 'nothing',
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const begin = performance.now();
    if (await holds()) return;
    const now = performance.now();
    if (now > deadline) throw new Error(`not within ${seconds} s: ${what}; there is: ${instead()}`);
    // Questions that run programs take processor time from the members: at most half of it.
    await pause(Math.min(0.5, Math.max(0.05, (now - begin) / 1000)));
  }
}
