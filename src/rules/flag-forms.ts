import { goDurationSeconds } from '../grammar/go-duration';

/** What etcd checks when it starts, beyond what Go's package flag does. */
export interface FlagForm {
  readonly what: string;
  accepts(value: string): boolean;
}

const URLS: FlagForm = {
  what: 'URLs with a port and without a path, separated by commas,',
  accepts: (value) => value === '' || value.split(',').every((url) => /^https?:\/\/[^/,\s]+:\d+$/.test(url)),
};
const NOT_NEGATIVE: FlagForm = {
  what: 'a Go duration of 0s or more',
  accepts: (value) => goDurationSeconds(value) !== undefined && !/^-.*[1-9]/.test(value),
};
const POSITIVE: FlagForm = {
  what: 'a Go duration of more than 0s',
  accepts: (value) => NOT_NEGATIVE.accepts(value) && /[1-9]/.test(value),
};
const RATE: FlagForm = { what: 'a number from 0 to 1000000', accepts: (value) => isBelow(value, 1_000_001n) };

/** Whether Go reads it as a number that is not negative and below `end`; a leading 0 makes it octal. */
export function isBelow(value: string, end: bigint): boolean {
  if (!/^(0[0-7]*|[1-9]\d*)$/.test(value)) return false;
  return BigInt(value.replace(/^0(?=.)/, '0o')) < end;
}

const FORMS: ReadonlyMap<string, FlagForm> = new Map([
  ['compact-hash-check-time', POSITIVE],
  ['corrupt-check-time', NOT_NEGATIVE],
  ['cors', { what: `* or ${URLS.what}`, accepts: (value) => value === '*' || URLS.accepts(value) }],
  ['distributed-tracing-sampling-rate', RATE],
  ['experimental-compact-hash-check-time', POSITIVE],
  ['experimental-corrupt-check-time', NOT_NEGATIVE],
  ['experimental-distributed-tracing-sampling-rate', RATE],
  ['listen-client-http-urls', URLS],
  [
    'log-outputs',
    {
      what: 'default, or stderr, stdout and paths of files, separated by commas,',
      accepts: (value) => /^(?:default|(?:stderr|stdout|\/[^,]+)(?:,(?:stderr|stdout|\/[^,]+))*)$/.test(value),
    },
  ],
  ['max-concurrent-streams', { what: 'a number from 0 to 4294967295', accepts: (value) => isBelow(value, 2n ** 32n) }],
  // A member without data joins as a learner.
  ['max-learners', { what: 'a number of at least 1', accepts: (value) => /^\+?0*[1-9]\d*$/.test(value) }],
]);

const SIGN_METHODS = /^(?:RS|PS|ES|HS)(?:256|384|512)$/;

function token(minor: number): FlagForm {
  const isMethod = (name = ''): boolean => SIGN_METHODS.test(name) || (name === 'EdDSA' && minor >= 6);
  const isLifetime = (ttl?: string): boolean => ttl === undefined || NOT_NEGATIVE.accepts(ttl);
  return {
    what: 'simple, or jwt with sign-method and a key,',
    accepts: (value) => {
      const [kind, ...parts] = value.split(',');
      if (kind !== 'jwt') return value === '' || value === 'simple';
      const options = new Map(parts.map((part) => [part.split('=')[0], part.split('=')[1]]));
      const isComplete = parts.every((part) => /^[^=]+=[^=]+$/.test(part));
      const hasKey = options.has('priv-key') || options.has('pub-key');
      return isComplete && hasKey && isMethod(options.get('sign-method')) && isLifetime(options.get('ttl'));
    },
  };
}

/** Feature gates by the minor version of etcd, as in its help. */
const GATES = ['AllAlpha', 'AllBeta', 'CompactHashCheck', 'InitialCorruptCheck', 'LeaseCheckpoint'];
const MORE_GATES = ['LeaseCheckpointPersist', 'SetMemberLocalAddr', 'StopGRPCServiceOnDefrag'];
const GATES_OF_3_6 = [...GATES, ...MORE_GATES, 'TxnModeWriteWithSharedBuffer'];
const GATES_OF_3_7 = [...GATES_OF_3_6, 'FastLeaseKeepAlive', 'PriorityRequest'];

function gates(minor: number): FlagForm {
  const names = minor < 7 ? GATES_OF_3_6 : GATES_OF_3_7;
  return {
    what: `NAME=true or NAME=false, separated by commas, with names of ${names.join(', ')}`,
    accepts: (value) =>
      value === '' ||
      value.split(',').every((gate) => {
        const [, name = ''] = /^(\w+)=(?:true|false)$/.exec(gate) ?? [];
        return names.includes(name);
      }),
  };
}

/** The form of a flag's value in 3.`minor`, if it has one of its own. */
export function formOf(flag: string, minor: number): FlagForm | undefined {
  if (flag === 'auth-token') return token(minor);
  return flag === 'feature-gates' ? gates(minor) : FORMS.get(flag);
}
