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
  accepts: (value) => Number(goDurationSeconds(value)) >= 0,
};
const FORMS: ReadonlyMap<string, FlagForm> = new Map([
  [
    'auth-token',
    {
      what: 'simple, or jwt with sign-method and a key,',
      accepts: (value) => /^(?:|simple|jwt,(?=.*sign-method=)(?=.*(?:pub|priv)-key=).+)$/.test(value),
    },
  ],
  ['corrupt-check-time', NOT_NEGATIVE],
  ['cors', { what: `* or ${URLS.what}`, accepts: (value) => value === '*' || URLS.accepts(value) }],
  ['experimental-corrupt-check-time', NOT_NEGATIVE],
  ['listen-client-http-urls', URLS],
  // A member without data joins as a learner.
  ['max-learners', { what: 'a number of at least 1', accepts: (value) => /^\+?0*[1-9]\d*$/.test(value) }],
]);

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
  return flag === 'feature-gates' ? gates(minor) : FORMS.get(flag);
}
