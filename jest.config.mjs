import base from './jest.base.mjs';

/**
 * `npm test`: what needs Node alone.
 * @type {import('jest').Config}
 */
export default {
  ...base,
  roots: ['<rootDir>/test'],
  testPathIgnorePatterns: ['<rootDir>/test/e2e/', '<rootDir>/test/scripts/'],
  maxWorkers: '100%', // Jest leaves a core free, which is half of a small machine
  setupFilesAfterEnv: ['<rootDir>/test/support/golden.ts'],
};
