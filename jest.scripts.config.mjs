import base from './jest.base.mjs';

/**
 * `npm run test:scripts`: the shell scripts against real etcd processes. Takes etcd and busybox on the PATH.
 * @type {import('jest').Config}
 */
export default {
  ...base,
  roots: ['<rootDir>/test/scripts'],
  maxWorkers: '100%', // each cluster has a network of its own
};
