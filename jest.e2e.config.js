/**
 * The suite on a real cluster: npx jest -c jest.e2e.config.js [FILE]. Takes kubectl and KUBECONFIG; see test/e2e/README.md.
 * @type {import('jest').Config}
 */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test/e2e'],
  testMatch: ['<rootDir>/test/e2e/*.test.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  moduleNameMapper: { '^cdk8s-etcd$': '<rootDir>/src/index.ts' },
  maxWorkers: 1, // the cases measure times
  testTimeout: 15 * 60_000,
};
