/** An etcd version, as numbers. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

export function parseVersion(version: string): Version {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return { major, minor, patch };
}

/** Whether a version is at least another. */
export function atLeast(version: string, other: string): boolean {
  const [a, b] = [parseVersion(version), parseVersion(other)];
  return (a.major - b.major || a.minor - b.minor || a.patch - b.patch) >= 0;
}

/**
 * Why etcd must not go from one version to another, or nothing. Members check the same (scripts/data.sh).
 * @see https://etcd.io/docs/v3.6/upgrades/upgrade_3_6/ and https://github.com/etcd-io/etcd/issues/20793
 */
export function upgradeProblem(from: string, to: string): string | undefined {
  const before = parseVersion(from);
  const after = parseVersion(to);
  if (before.major !== after.major) return `etcd ${from} and ${to} have nothing in common`;
  if (after.minor - before.minor > 1)
    return `etcd goes up one minor version at a time; go to 3.${before.minor + 1} first, not to ${to}`;
  if (after.minor < before.minor)
    return `etcd does not go back a minor version, to ${to}; restore a snapshot into a new cluster instead`;
  if (before.minor === 5 && after.minor === 6 && before.patch < 26) {
    return `3.6 needs data that 3.5.26 or later has cleaned; go to 3.5.35 first, then to ${to}`;
  }
  return undefined;
}
