/** `describe` if nothing is missing. Otherwise it skips, and one line says why. */
export function describeWhere(missing: string | undefined, what: string, name: string, tests: () => void): void {
  if (missing === undefined) {
    describe(name, tests);
    return;
  }
  process.stderr.write(`skipped: ${what}, "${name}": ${missing}\n`);
  describe.skip(name, tests);
}
