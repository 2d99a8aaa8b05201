/** Names of users and roles of etcd, and keys in their permissions. */

/** The role in which members record the users and roles that they created (scripts/member/users.sh). */
const REGISTRY = 'cdk8s-etcd';
const NAME = /^[A-Za-z0-9][-A-Za-z0-9._]{0,63}$/;
const NAME_EXPECTED = 'expected 1 to 64 letters, digits, ., _ or -, starting with a letter or digit';

/** Name of a user: also the default key of its password in a Secret. */
export function userNameProblem(v: string): string | undefined {
  if (v === 'root') return 'is the user of members and jobs, which the option root declares; remove it';
  return NAME.test(v) ? undefined : NAME_EXPECTED;
}

/** Name of a role that is declared. */
export function roleNameProblem(v: string): string | undefined {
  return v === 'root' ? 'is the role of root, which has all permissions; use another name' : grantedRoleProblem(v);
}

/** Name of a role of a user. */
export function grantedRoleProblem(v: string): string | undefined {
  if (v === REGISTRY) return 'is the role in which members record what they created; use another name';
  return NAME.test(v) ? undefined : NAME_EXPECTED;
}

/** A key that shells and arguments carry unchanged. */
export function keyProblem(v: string): string | undefined {
  if (v === '') return 'expected a key, not an empty string; use EtcdKeyRange.all() for all keys';
  // eslint-disable-next-line no-control-regex
  return /[\x00-\x1f\x7f]/.test(v) ? 'expected a key without control characters' : undefined;
}
