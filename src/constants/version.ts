import { IMAGES } from './images';

/** An etcd version, as numbers. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** What the library knows about a minor version of etcd 3. */
interface Minor {
  /** The oldest patch release that members may run. */
  readonly oldest: number;
  /** The oldest patch release that may be upgraded to the next minor version, and why. */
  readonly goesUp?: { readonly from: number; readonly why: string };
  /** The patch release to recommend. */
  readonly use: string;
}

/**
 * The minor versions that members may run. Members have the same rules for upgrades (scripts/member/versions.sh).
 * @see https://github.com/etcd-io/etcd/issues/20793 and https://etcd.io/docs/v3.7/upgrades/upgrade_3_7/
 */
const MINORS: ReadonlyMap<number, Minor> = new Map([
  [5, { oldest: 19, use: '3.5.35', goesUp: { from: 26, why: '3.6 needs data that was last run on 3.5.26 or later' } }],
  [
    6,
    {
      oldest: 0,
      use: IMAGES.etcdVersion,
      goesUp: { from: 11, why: '3.7 needs members that ran 3.6.11 or later before' },
    },
  ],
  [7, { oldest: 0, use: '3.7.3' }],
]);

export function parseVersion(version: string): Version {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return { major, minor, patch };
}

/** Whether a version is at least another. */
export function atLeast(version: string, other: string): boolean {
  const [a, b] = [parseVersion(version), parseVersion(other)];
  return (a.major - b.major || a.minor - b.minor || a.patch - b.patch) >= 0;
}

/** Why members must not run this version, or undefined. */
export function versionProblem(version: string): string | undefined {
  const { major, minor, patch } = parseVersion(version);
  const known = major === 3 ? MINORS.get(minor) : undefined;
  if (known !== undefined && patch >= known.oldest) return undefined;
  const use = [...MINORS.values()].map((m) => m.use);
  return (
    'expected etcd 3.5.19 or later, any 3.6 or any 3.7: older versions lose data (3.5.0 to 3.5.2) or report learners as ' +
    `ready; use ${use.slice(0, -1).join(', ')} or ${use.at(-1)}`
  );
}

/** Why etcd must not be upgraded from one version to another, or undefined. */
export function upgradeProblem(from: string, to: string): string | undefined {
  const before = parseVersion(from);
  const after = parseVersion(to);
  if (before.major !== after.major) return `etcd cannot be upgraded from ${from} to ${to}; create a new cluster`;
  if (after.minor === before.minor) return undefined;
  if (after.minor < before.minor) {
    return (
      'etcd does not downgrade to an older minor version by itself; run ' +
      `etcdctl downgrade enable 3.${before.minor - 1}.0 first and leave out upgradeFrom, or ` +
      'restore a snapshot from before the upgrade into a new cluster'
    );
  }
  const stops = stopsBetween(before, after);
  if (stops.length === 0) return undefined;
  const isOneStep = after.minor - before.minor === 1;
  const why = isOneStep ? MINORS.get(before.minor)?.goesUp?.why : 'etcd upgrades one minor version at a time';
  return `${why}; upgrade to ${[...stops, to].join(', then to ')}`;
}

/** The releases to run between two versions of different minor versions. */
function stopsBetween(before: Version, after: Version): string[] {
  const here = MINORS.get(before.minor);
  const isTooOld = before.patch < (here?.goesUp?.from ?? 0);
  const between = Array.from({ length: after.minor - before.minor - 1 }, (_, i) => before.minor + 1 + i);
  return [...(here && isTooOld ? [here.use] : []), ...between.map((minor) => MINORS.get(minor)?.use ?? `3.${minor}`)];
}
