import base from './jest.base.mjs';

/**
 * The cluster part of `npm run test:soak`. Takes what the e2e suite takes; see test/e2e/README.md.
 * @type {import('jest').Config}
 */
export default {
  ...base,
  roots: ['<rootDir>/test/soak'],
  testMatch: ['<rootDir>/test/soak/*.soak.ts'],
  maxWorkers: 1,
  testTimeout: (Number(process.env.SOAK_MINUTES) + 30) * 60_000, // the last round, and what it waits for
};
