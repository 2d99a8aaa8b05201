// Jest's order of the test files: those of refusals first, because they notice most removals, and quickly.

const RANKS = ['/test/bitnami/refusals', '/test/validation/'];
const rank = ({ path }) => RANKS.findLastIndex((part) => path.includes(part));

export default class RefusalsFirst {
  sort(tests) {
    return [...tests].sort((a, b) => rank(b) - rank(a) || (a.path < b.path ? -1 : 1));
  }

  cacheResults() {
    // the order is always the same
  }
}
