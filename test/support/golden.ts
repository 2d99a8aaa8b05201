import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * `expect(yaml).toMatchGolden('minimal.yaml')`: the same bytes as test/golden/minimal.yaml. `npm run test:update` writes
 * the files; a run with --ci never does, not even a new one.
 */
declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- jest's types are extended this way
  namespace jest {
    interface Matchers<R> {
      toMatchGolden(name: string): R;
    }
  }
}

interface SnapshotState {
  readonly _updateSnapshot: 'all' | 'new' | 'none';
}

expect.extend({
  toMatchGolden(received: string, name: string) {
    const file = join(__dirname, '..', 'golden', name);
    const mode = (this as unknown as { snapshotState: SnapshotState }).snapshotState._updateSnapshot;
    const expected = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    if (expected === received) return { pass: true, message: () => `${name} should differ` };
    if (mode === 'all' || (mode === 'new' && expected === undefined)) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, received);
      return { pass: true, message: () => '' };
    }
    const difference = expected === undefined ? 'the file does not exist' : this.utils.diff(expected, received);
    return {
      pass: false,
      message: () => `${relative(process.cwd(), file)} differs; npm run test:update writes it again\n\n${difference}`,
    };
  },
});
