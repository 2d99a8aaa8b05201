/**
 * What all tiers share: TypeScript without type checks (`npm run lint` has those), and the package under its own name.
 * @type {import('jest').Config}
 */
export default {
  testEnvironment: 'node',
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  moduleNameMapper: { '^cdk8s-etcd$': '<rootDir>/src/index.ts' },
};
