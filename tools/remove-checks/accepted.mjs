/**
 * Checks that may be removed without a test that notices: `file` and `text` as `npm run test:checks` prints them, and the
 * reason. A check that a test notices fails the command, so that the list stays short.
 */
export const ACCEPTED = [];
