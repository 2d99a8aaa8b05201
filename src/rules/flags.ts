import { nearestName } from '../checks/struct';
import type { Problems } from '../checks/problems';
import type { ClusterConfig } from '../config/cluster';
import { envOfFlag, ETCD_OPTIONS, forbiddenEnv } from '../config/etcd-options';
import { flagOfEnv, flagProblem, flagsOf, isFlag, type FlagKind } from '../constants/etcd-flags';
import { MEMBER_ENV } from '../constants/names';
import { parseVersion } from '../constants/version';
import { goDurationSeconds } from '../grammar/go-duration';
import { EtcdWarning } from '../props/warning';
import { formOf, isBelow } from './flag-forms';
import type { Warnings } from './warnings';

/** A setting of etcd that is given as a variable or as a flag. */
interface Setting {
  readonly index: number;
  /** As it is given. */
  readonly text: string;
  readonly env: string;
  /** Undefined if it comes from elsewhere. */
  readonly value: string | undefined;
  readonly isArgument: boolean;
}

/** The flags and variables of etcd in `extraArgs` and `extraEnv`. */
export function checkFlags(config: ClusterConfig, problems: Problems, warnings: Warnings): void {
  if (problems.touch('image')) return;
  const settings = settingsOf(config);
  for (const setting of settings) {
    const problem =
      takenEnv(setting, config) ??
      valueProblem(setting, config) ??
      tlsProblem(setting, config, settings) ??
      rotationProblem(setting, settings) ??
      persistProblem(setting, settings);
    if (problem !== undefined && setting.isArgument) problems.add(`extraArgs[${setting.index}]`, problem, setting.text);
    else if (problem !== undefined) problems.add(`extraEnv[${setting.index}].name`, problem, setting.text);
    else if (setting.isArgument && settings.some((s) => !s.isArgument && s.env === setting.env))
      problems.add(
        `extraArgs[${setting.index}]`,
        `etcd does not start if ${setting.env} is in extraEnv too; keep one of them`,
        setting.text,
      );
    warnOfUnsafe(setting, warnings);
  }
}

function settingsOf({ etcd }: ClusterConfig): Setting[] {
  return [
    ...etcd.extraEnv.map(({ name, value }, i) => ({
      index: i,
      text: name,
      env: name,
      value,
      isArgument: false,
    })),
    ...etcd.extraArgs.map((argument, i) => ({
      index: i,
      text: argument,
      env: envOfFlag(argument),
      value: argument.includes('=') ? argument.slice(argument.indexOf('=') + 1) : undefined,
      isArgument: true,
    })),
  ];
}

/** Why a variable cannot be set. Variables of the library that this cluster does not use are allowed. */
function takenEnv({ env, isArgument }: Setting, config: ClusterConfig): string | undefined {
  const option = ETCD_OPTIONS.find((o) => o.env === env && o.value(config) !== undefined);
  if (option) return `is set by the library; use the prop ${option.prop}`;
  if (MEMBER_ENV.includes(env)) return 'is set by the library and cannot be changed; remove it';
  const forbidden = forbiddenEnv(env);
  if (forbidden !== undefined) return `cannot be used: ${forbidden}; remove it`;
  const flag = flagOfEnv(env);
  if (flag === undefined) return undefined;
  const unsupported = flagProblem(flag, config.image.version);
  if (unsupported === undefined) return undefined;
  if (isFlag(flag) || flag.startsWith('experimental-')) return `cannot be used: ${unsupported}`;
  const { minor } = parseVersion(config.image.version);
  const nearest = nearestName(flag, [...flagsOf(config.image.version).keys()]);
  const remedy =
    nearest === undefined ? 'remove it' : `did you mean ${isArgument ? `--${nearest}` : envOfFlag(nearest)}?`;
  return isArgument
    ? `unknown flag of etcd 3.${minor}, with which etcd does not start; ${remedy}`
    : `unknown variable of etcd 3.${minor}, which ignores it; ${remedy}`;
}

const BOOLEANS = ['1', 't', 'T', 'TRUE', 'true', 'True', '0', 'f', 'F', 'FALSE', 'false', 'False'];

/** What Go's package flag accepts. */
const VALUES: { readonly [kind in FlagKind]: { readonly what: string; accepts(value: string): boolean } } = {
  boolean: { what: 'true or false', accepts: (value) => BOOLEANS.includes(value) },
  duration: { what: 'a Go duration such as 10s', accepts: (value) => goDurationSeconds(value) !== undefined },
  number: { what: 'a number', accepts: (value) => isBelow(value.replace(/^[+-]/, ''), 2n ** 63n) },
  text: { what: 'a value', accepts: () => true },
  unsigned: { what: 'a number without a sign', accepts: (value) => isBelow(value, 2n ** 64n) },
};

const TLS_VERSIONS = ['TLS1.2', 'TLS1.3'];

/** Flags that take one of a few words. */
const WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['backend-bbolt-freelist-type', ['array', 'map']],
  ['log-format', ['json', 'console']],
  ['logger', ['zap']],
  ['metrics', ['basic', 'extensive']],
  ['tls-max-version', TLS_VERSIONS],
  ['tls-min-version', TLS_VERSIONS],
  ['v2-deprecation', ['write-only', 'write-only-drop-data', 'gone']],
]);

function wordsOf(flag: string, version: string): readonly string[] | undefined {
  const words = WORDS.get(flag);
  return words && flag === 'v2-deprecation' && parseVersion(version).minor === 5 ? ['not-yet', ...words] : words;
}

function valueProblem({ env, value, isArgument }: Setting, { image }: ClusterConfig): string | undefined {
  const flag = flagOfEnv(env) ?? '';
  const kind = flagsOf(image.version).get(flag);
  if (kind === undefined || (!isArgument && !value)) return undefined; // etcd ignores an empty variable
  if (value === undefined)
    return kind === 'boolean' ? undefined : 'has no value, and etcd does not start without one; write --name=value';
  const words = wordsOf(flag, image.version);
  if (words !== undefined && !words.includes(value))
    return `expected one of ${words.join(', ')} as its value, because etcd does not know another one`;
  const { what, accepts } = formOf(flag, parseVersion(image.version).minor) ?? VALUES[kind];
  return accepts(value) ? undefined : `expected ${what} as its value, because etcd does not start with another one`;
}

/** etcd rotates one file. */
function rotationProblem({ env, value }: Setting, settings: readonly Setting[]): string | undefined {
  if (env !== 'ETCD_ENABLE_LOG_ROTATION' || isOff(value)) return undefined;
  const remedy = 'because etcd does not start otherwise; remove it: the kubelet rotates logs';
  const outputs = settings.find((s) => s.env === 'ETCD_LOG_OUTPUTS')?.value ?? '';
  if (outputs.split(',').filter((output) => output.startsWith('/')).length !== 1)
    return `needs one file in --log-outputs, ${remedy}`;
  const rotation = settings.find((s) => s.env === 'ETCD_LOG_ROTATION_CONFIG_JSON')?.value || '{}';
  return isJsonObject(rotation) ? undefined : `needs a JSON object in --log-rotation-config-json, ${remedy}`;
}

function isJsonObject(text: string): boolean {
  try {
    return /^\s*\{/.test(text) && JSON.parse(text) !== null;
  } catch {
    return false;
  }
}

/** Persisting lease checkpoints requires lease checkpoints. The gate AllAlpha has both. */
function persistProblem({ env, value = '', isArgument }: Setting, settings: readonly Setting[]): string | undefined {
  if (!isArgument && value === '') return undefined; // etcd ignores it
  const isOn = (name: string): boolean =>
    settings.some((s) => s.env === name && (s.isArgument || s.value !== '') && !isOff(s.value));
  const why = 'because etcd does not start without it; add it';
  if (env === 'ETCD_EXPERIMENTAL_ENABLE_LEASE_CHECKPOINT_PERSIST' && !isOff(value))
    return isOn('ETCD_EXPERIMENTAL_ENABLE_LEASE_CHECKPOINT')
      ? undefined
      : `needs --experimental-enable-lease-checkpoint, ${why}`;
  const gates = value.split(',');
  if (env !== 'ETCD_FEATURE_GATES' || !gates.includes('LeaseCheckpointPersist=true')) return undefined;
  return gates.includes('LeaseCheckpoint=true') || gates.includes('AllAlpha=true')
    ? undefined
    : `needs LeaseCheckpoint=true, ${why}`;
}

/** The versions of TLS are in the order of their texts. */
function tlsProblem({ env, value }: Setting, { tls }: ClusterConfig, settings: readonly Setting[]): string | undefined {
  if (env === 'ETCD_PEER_CERT_ALLOWED_CN' && tls?.certManager && value)
    return 'cannot be combined with certificates from cert-manager, because etcd checks either a CN or the host name that the library sets; remove it';
  if (env !== 'ETCD_TLS_MAX_VERSION' || !value) return undefined;
  const least = tls?.minimumVersion ?? settings.find((s) => s.env === 'ETCD_TLS_MIN_VERSION')?.value;
  return least !== undefined && value < least
    ? `expected at least ${least}, the lowest version of TLS, because etcd does not start otherwise; remove it`
    : undefined;
}

const MLOCK = "etcd exits if the database exceeds the container's locked-memory limit";

/** Flags that are safe with one value only. */
const UNSAFE: ReadonlyMap<string, { readonly whenOff: boolean; readonly why: string }> = new Map(
  Object.entries({
    ETCD_UNSAFE_NO_FSYNC: { whenOff: false, why: 'a node that fails can lose writes that clients were told are saved' },
    ETCD_STRICT_RECONFIG_CHECK: { whenOff: true, why: 'etcd accepts changes of members that lose the quorum' },
    ETCD_PRE_VOTE: { whenOff: true, why: 'a member that returns disturbs the others by an election' },
    ETCD_MEMORY_MLOCK: { whenOff: false, why: MLOCK },
    ETCD_EXPERIMENTAL_MEMORY_MLOCK: { whenOff: false, why: MLOCK },
    ETCD_ENABLE_PPROF: { whenOff: false, why: 'all clients can read profiles and slow the member down' },
  }),
);

function warnOfUnsafe({ index, isArgument, text, env, value }: Setting, warnings: Warnings): void {
  const risk = UNSAFE.get(env);
  if (risk !== undefined && isOff(value) === risk.whenOff)
    warnings.add(
      EtcdWarning.UNSAFE_FLAG,
      `${isArgument ? `extraArgs[${index}]` : `extraEnv[${index}].name`}: ${text} is unsafe: ${risk.why}; remove it`,
    );
}

/** A flag without a value is on. */
function isOff(value: string | undefined): boolean {
  return value !== undefined && BOOLEANS.indexOf(value) >= BOOLEANS.indexOf('0');
}
