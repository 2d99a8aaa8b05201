import { ETCD_FLAGS } from './etcd-flags.data';
import { atLeast, parseVersion } from './version';

/** What a flag takes, as Go's package flag reads it. */
export type FlagKind = (typeof ETCD_FLAGS)[number]['kind'];

/** With the prefix `experimental-` up to 3.6, a feature gate from 3.6. */
const GATES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'compact-hash-check-enabled': 'CompactHashCheck',
    'enable-lease-checkpoint': 'LeaseCheckpoint',
    'enable-lease-checkpoint-persist': 'LeaseCheckpointPersist',
    'initial-corrupt-check': 'InitialCorruptCheck',
    'stop-grpc-service-on-defrag': 'StopGRPCServiceOnDefrag',
    'txn-mode-write-with-shared-buffer': 'TxnModeWriteWithSharedBuffer',
  }),
);

/** Variables of etcd that are no flags. */
const NO_FLAGS = ['ETCD_UNSUPPORTED_ARCH', 'ETCD_VERIFY', 'ETCD_CLIENT_DEBUG'];

/** The versions whose flags are known, in ascending order. */
export const TABULATED: readonly string[] = [...new Set(ETCD_FLAGS.flatMap(({ versions }) => versions))].sort((a, b) =>
  atLeast(a, b) ? 1 : -1,
);

const tables = new Map<string, ReadonlyMap<string, FlagKind>>();

/**
 * The flags of a version. Not every patch release is known: the flags are those of the newest known release of the same
 * minor version that is not newer, or of the oldest one. A patch release rarely adds a flag, and never removes one. One
 * that a newer release has added is refused: etcd ends at a flag that it does not have.
 */
export function flagsOf(version: string): ReadonlyMap<string, FlagKind> {
  const { minor } = parseVersion(version);
  const known = TABULATED.filter((v) => parseVersion(v).minor === minor);
  const nearest = known.filter((v) => atLeast(version, v)).at(-1) ?? known[0] ?? TABULATED.at(-1) ?? '';
  const before = tables.get(nearest);
  if (before !== undefined) return before;
  const table = new Map(
    ETCD_FLAGS.filter(({ versions }) => versions.includes(nearest)).flatMap(({ kind, flags }) =>
      flags
        .trim()
        .split(/\s+/)
        .map((flag) => [flag, kind]),
    ),
  );
  tables.set(nearest, table);
  return table;
}

/** `ETCD_QUOTA_BACKEND_BYTES` is the flag `quota-backend-bytes`. Undefined for variables that are no flags. */
export function flagOfEnv(env: string): string | undefined {
  if (!env.startsWith('ETCD_') || NO_FLAGS.includes(env)) return undefined;
  return env.slice('ETCD_'.length).toLowerCase().replace(/_/g, '-');
}

/** Whether any version has a flag. */
export function isFlag(flag: string): boolean {
  return TABULATED.some((version) => flagsOf(version).has(flag));
}

/**
 * Why this etcd version does not have a flag of another version, or undefined. etcd ignores such a variable, and does
 * not start with such a flag.
 */
export function flagProblem(flag: string, version: string): string | undefined {
  const flags = flagsOf(version);
  if (flags.has(flag)) return undefined;
  const etcd = `etcd 3.${parseVersion(version).minor}`;
  const stable = flag.replace(/^experimental-/, '');
  if (stable === flag && flags.has(`experimental-${flag}`)) return `${etcd} has it with the prefix "experimental"`;
  if (stable !== flag && flags.has(stable)) return `${etcd} has it without the prefix "experimental"`;
  const gate = stable === flag ? undefined : GATES.get(stable);
  return gate === undefined ? `${etcd} does not have it` : `${etcd} has the feature gate ${gate} instead`;
}
