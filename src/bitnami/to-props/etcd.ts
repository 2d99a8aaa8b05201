import { Duration } from 'cdk8s';
import { ETCD_OPTIONS, forbiddenEnv } from '../../config/etcd-options';
import { MEMBER_ENV } from '../../constants/names';
import { goDurationSeconds } from '../../grammar/go-duration';
import type { Context } from '../context';
import { duration, Expression, made, member, type Plain, type PlainObject } from '../expression';
import { isMap, type Json, type JsonObject } from '../json';

const ENV = 'extraEnvVars';

/** Variables that only Bitnami's scripts read. */
export const BITNAMI_ENV =
  /^(BITNAMI_DEBUG|MY_(POD_IP|POD_NAME|STS_NAME)|ALLOW_NONE_AUTHENTICATION|ETCDCTL_API|ETCD_(ON_K8S|START_FROM_SNAPSHOT|DISASTER_RECOVERY|INIT_SNAPSHOT_FILENAME|INIT_SNAPSHOTS_DIR|SNAPSHOTS_DIR|SNAPSHOT_HISTORY_LIMIT|ROOT_PASSWORD(_FILE)?|CLUSTER_DOMAIN|CFG_\w+|EXTRA_AUTH_FLAGS))$/;

/** Variables of Bitnami's scripts that an import cannot reproduce. */
const BREAKING: readonly { readonly env: RegExp; readonly why: string }[] = [
  {
    env: /^ETCD_ROOT_PASSWORD(_FILE)?$/,
    why: 'with a password, the image creates users; use auth.rbac.create and auth.rbac.existingSecret',
  },
  {
    env: /^ETCD_CFG_/,
    why:
      'the image writes it to a configuration file of etcd, which then ignores all environment variables: members do not use the other ' +
      'parameters; first move its settings to parameters of the chart, or to etcd’s variables',
  },
];

/** Names of variables with secrets. ETCD_AUTH_TOKEN is not a secret, but a kind of token. */
const SECRET_ENV = /^(?!ETCD_AUTH_TOKEN$).*(PASSWORD|SECRET|_TOKEN$|PRIVATE_KEY|CREDENTIAL)/;

interface Setting {
  readonly prop: string;
  /** Undefined for a value that etcd does not accept. */
  readonly read: (value: string) => PlainObject | undefined;
}

const count = (prop: string): Setting => ({ prop, read: (v) => number(v, (n) => ({ [prop]: n })) });
const interval = (prop: string): Setting => ({ prop, read: (v) => number(v, (n) => ({ [prop]: millis(n) })) });
const CORRUPTION: Setting = {
  prop: 'corruptionChecks',
  read: (v) => (v === 'false' ? { corruptionChecks: false } : v === 'true' ? {} : undefined),
};
// Both are read together, below.
const COMPACTION: Setting = { prop: 'autoCompaction', read: () => ({}) };

/** etcd's variables that are props of the library. */
const SETTINGS: ReadonlyMap<string, Setting> = new Map(
  Object.entries({
    ETCD_QUOTA_BACKEND_BYTES: {
      prop: 'quotaBackend',
      read: (v) => number(v, (n) => ({ quotaBackend: n === 0 ? undefined : bytes(n) })),
    },
    ETCD_MAX_REQUEST_BYTES: { prop: 'maxRequest', read: (v) => number(v, (n) => ({ maxRequest: bytes(n) })) },
    ETCD_MAX_TXN_OPS: count('maxTxnOps'),
    ETCD_SNAPSHOT_COUNT: count('snapshotCount'),
    ETCD_HEARTBEAT_INTERVAL: interval('heartbeatInterval'),
    ETCD_ELECTION_TIMEOUT: interval('electionTimeout'),
    ETCD_LOG_LEVEL: {
      prop: 'logLevel',
      read: (v) => {
        const level = member('EtcdLogLevel', v);
        return level && { logLevel: level };
      },
    },
    ETCD_INITIAL_CLUSTER_TOKEN: { prop: 'clusterToken', read: (v) => ({ clusterToken: v }) },
    ETCD_EXPERIMENTAL_INITIAL_CORRUPT_CHECK: CORRUPTION,
    ETCD_EXPERIMENTAL_COMPACT_HASH_CHECK_ENABLED: CORRUPTION,
    ETCD_AUTO_COMPACTION_MODE: COMPACTION,
    ETCD_AUTO_COMPACTION_RETENTION: COMPACTION,
  }),
);

/** Props by variable, for extraEnvVars in messages and in the report. */
export const ENV_PROPS: ReadonlyMap<string, string> = new Map([...SETTINGS].map(([env, { prop }]) => [env, prop]));

/** etcd's settings: parameters of the chart, overridden by `extraEnvVars`. */
export function etcd(c: Context): PlainObject {
  const { values } = c;
  const level = values.flag('image.debug') ? 'debug' : values.text('logLevel');
  const variables = lastOfEach(c);
  const settings: { [prop: string]: Plain } = {
    autoCompaction: autoCompaction(c, variables),
    logLevel: level === 'info' ? undefined : member('EtcdLogLevel', level),
  };
  const rest: JsonObject[] = [];
  if (values.text('maxProcs') !== '') rest.push({ name: 'GOMAXPROCS', value: values.text('maxProcs') });
  for (const variable of variables) {
    const name = String(variable.name);
    const setting = SETTINGS.get(name);
    const breaking = variable.value === '' ? undefined : BREAKING.find(({ env }) => env.test(name));
    if (setting) Object.assign(settings, read(c, variable, setting));
    else if (breaking) c.refuse(ENV, `${name}: ${breaking.why}`);
    else if (SECRET_ENV.test(name) && typeof variable.value === 'string' && variable.value !== '')
      c.refuse(ENV, `${name}: a secret does not belong in a file; take it from a Secret with valueFrom.secretKeyRef`);
    else if (BITNAMI_ENV.test(name))
      c.find('differs', ENV, `${name} is left out, because only Bitnami's scripts read it`);
    else if (taken(c, name)) continue;
    else rest.push(variable);
  }
  const sources = [
    ['extraEnvVarsCM', 'configMapRef'],
    ['extraEnvVarsSecret', 'secretRef'],
  ].flatMap(([parameter = '', key = '']) => {
    const name = c.text(parameter);
    if (name === undefined) return [];
    c.find(
      'differs',
      parameter,
      `${name} is still read by members, but its ETCD_ variables that are props of the library have no effect; move them to the props`,
    );
    return [{ [key]: { name } }];
  });
  return {
    ...settings,
    extraEnv: rest.length === 0 ? undefined : rest.map((item, i) => c.kubernetes(ENV, 'EnvVar', item, `[${i}]`)),
    extraEnvFrom: sources.length === 0 ? undefined : sources,
  };
}

/** Kubernetes uses the last variable of a name. */
function lastOfEach(c: Context): JsonObject[] {
  const byName = new Map<string, JsonObject>();
  c.values.list(ENV).forEach((item, i) => {
    if (isMap(item) && typeof item.name === 'string') {
      byName.delete(item.name);
      byName.set(item.name, item);
    } else c.refuse(ENV, `[${i}]: expected a map with a name`);
  });
  return [...byName.values()];
}

function read(c: Context, variable: JsonObject, setting: Setting): PlainObject {
  const name = String(variable.name);
  const value: Json = variable.value ?? null;
  if (value === null || typeof value === 'object') {
    c.refuse(ENV, `${name}: becomes a prop of the library; set a literal value`);
    return {};
  }
  const props = setting.read(String(value));
  if (!props) c.refuse(ENV, `${name}: etcd does not accept this value, got ${JSON.stringify(value)}; correct it`);
  return props ?? {};
}

/** Whether a variable cannot be set because the library sets it or depends on it. */
function taken(c: Context, name: string): boolean {
  const hasUsers = c.values.flag('auth.rbac.create');
  const why =
    forbiddenEnv(name) ??
    (MEMBER_ENV.includes(name) ||
    ETCD_OPTIONS.some(({ env, prop }) => env === name && (prop !== 'auth.token' || hasUsers))
      ? 'the library sets it'
      : undefined);
  if (why !== undefined) c.refuse(ENV, `${name}: cannot be used: ${why}; remove it`);
  return why !== undefined;
}

/** The chart does not set it, and etcd's default is not to compact. */
function autoCompaction(c: Context, variables: readonly JsonObject[]): Plain {
  const own = (name: string, parameter: string): string => {
    const variable = variables.find((v) => v.name === name);
    return variable === undefined ? c.values.text(parameter) : String((variable.value ?? '') as string);
  };
  const mode = own('ETCD_AUTO_COMPACTION_MODE', 'autoCompactionMode') || 'periodic';
  const retention = own('ETCD_AUTO_COMPACTION_RETENTION', 'autoCompactionRetention');
  if (retention === '' || /^0+$/.test(retention)) return made('EtcdAutoCompaction', 'disabled');
  const count = /^\d+$/.test(retention) ? Number(retention) : undefined;
  if (mode === 'revision' && count !== undefined) return made('EtcdAutoCompaction', 'revision', count);
  const seconds = count === undefined ? goDurationSeconds(retention) : count * 3600;
  if (mode === 'periodic' && seconds !== undefined && seconds >= 1)
    return made('EtcdAutoCompaction', 'periodic', duration(seconds));
  c.refuse(
    'autoCompactionRetention',
    `etcd does not accept ${JSON.stringify(retention)} with mode ${mode}; use 1h, or a number of revisions`,
  );
  return undefined;
}

function number(v: string, use: (n: number) => PlainObject): PlainObject | undefined {
  return /^\d+$/.test(v) && Number.isSafeInteger(Number(v)) ? use(Number(v)) : undefined;
}

function millis(n: number): Expression {
  return new Expression('cdk8s', 'Duration.millis', [n], Duration.millis);
}

/** A quantity in the largest unit, such as 8Gi. */
function bytes(n: number): string {
  const unit = (['Gi', 'Mi', 'Ki'] as const).find((_, i) => n > 0 && n % 1024 ** (3 - i) === 0);
  return unit === undefined ? String(n) : `${n / 1024 ** (3 - ['Gi', 'Mi', 'Ki'].indexOf(unit))}${unit}`;
}
