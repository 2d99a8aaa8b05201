import { fileURLToPath } from 'node:url';
import config from '../../jest.config.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * `npm run test:checks`: the tests that need Node alone, except for those of the compiled package.
 * @type {import('jest').Config}
 */
const { maxWorkers: _, ...rest } = config;

export default {
  ...rest,
  rootDir: here('../..'),
  transform: { '\\.ts$': here('transform.mjs') },
  testEnvironment: here('environment.mjs'),
  testSequencer: here('sequencer.mjs'),
  testPathIgnorePatterns: [
    ...rest.testPathIgnorePatterns,
    ...['package/', 'model/', 'soak/', 'values/', 'each-check'].map((name) => `/test/(validation/)?${name}`),
  ],
  testTimeout: 600_000,
};
