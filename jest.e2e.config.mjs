import base from './jest.base.mjs';

/**
 * `npm run test:e2e`, and `npm run test:smoke`: the suite on a real cluster. Takes kubectl and KUBECONFIG; see test/e2e/README.md.
 * @type {import('jest').Config}
 */
export default {
  ...base,
  roots: ['<rootDir>/test/e2e'],
  testMatch: ['<rootDir>/test/e2e/*.test.ts'],
  maxWorkers: 1, // the cases measure times
  testTimeout: 15 * 60_000,
};
