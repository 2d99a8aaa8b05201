// Scenarios: a name, what is modeled, and the expected result: `safe` (every state was visited, every invariant holds
// and the goal is always reachable), or the violation that must be found.
import { membership } from './membership.mjs';
import { restore } from './restore.mjs';
import { transport } from './transport.mjs';
import { userSettings } from './users-settings.mjs';
import { users } from './users.mjs';

const cluster = { from: 'cluster' };
const scale = (...settings) => ({ settings });
const stale = (...settings) => ({ settings, scale: false }); // only what pods read in their settings changes
const faults = (crashes, losses = 0) => ({ crashes, losses });
const twoOfFive = { ...cluster, pods: 5, settings: [5], emptied: [2, 3, 4], recover: true };
const twin = { ...cluster, pods: 4, twin: true };
const LONG = true; // not in a bounded search
const alien = { ...cluster, alien: [2] };
const slot = { ...cluster, pods: 4, settings: [4], addedLearner: 3, dead: [3], emptied: [2] };

/** Protocol 1, whose flaws must be found. */
const protocol1 = [
  ['1: a request of recover-quorum.sh outlives the outage', { ...cluster, recover: true, ...faults(2) }, 'two quorums'],
  ['2: a first start for 1 member, then 3', { ...scale(1, 3), ...faults(1) }, 'two quorums', LONG],
  ['3: a stale 1 in the settings, and a lost disk', { ...cluster, ...stale(3, 1, 3), ...faults(1, 1) }, 'two quorums'],
  ['4: a disk lost in the seconds of a first start', faults(1, 1), 'write lost'],
  ['10: two pods of one name', twin, 'active member removed'],
  ['12: a learner that is gone keeps a lost disk out', slot, 'stuck'],
  ['15: two survivors of five', twoOfFive, 'stuck'],
  ['16: a first start killed before its first entry', { pods: 1, settings: [1], ...faults(1) }, 'stuck'],
  ['17: the settings go from 3 to 1 in a first start', stale(3, 1, 3), 'two quorums'],
  ['18: scaled from 3 to 1, and one is killed', { ...cluster, ...scale(3, 1), ...faults(1) }, 'stuck'],
  ['no disk lost, two crashes', faults(2), 'safe'],
].map(([name, options, expected, long]) => ({
  name: `protocol 1: ${name}`,
  expected,
  long,
  options: { protocol: 1, ...options },
}));

const protocol2 = [
  ['first start', faults(3, 1)],
  ['first start, answers lost', { ...faults(2, 1), lostAnswers: true }],
  ['first start for 2, then 3', { ...scale(2, 3), ...faults(3, 1) }],
  ['first start for 1, then 3', { ...scale(1, 3), ...faults(3) }],
  ['first start, the settings say 1 for a while', stale(3, 1, 3)],
  ['a whole cluster', { ...cluster, ...faults(3, 1), lostAnswers: true }],
  ['a whole cluster, the settings say 1 for a while', { ...cluster, ...stale(3, 1, 3), ...faults(1, 1) }],
  ['a whole cluster of five', { ...cluster, pods: 5, settings: [5], ...faults(2, 2) }],
  ['scaled 3, 1', { ...cluster, ...scale(3, 1), existing: true, lostAnswers: true, ...faults(3, 1) }],
  [
    'scaled 3, 1, etcd takes the dead for connected',
    { ...cluster, ...scale(3, 1), existing: true, etcdLags: true, ...faults(2) },
  ],
  ['scaled 3, 1, 3', { ...cluster, ...scale(3, 1, 3), existing: true, ...faults(1) }],
  ['scaled 1, 3', { ...cluster, ...scale(1, 3), existing: true, ...faults(3, 1) }],
  ['data of the chart, nothing noted', { from: 'chart', ...faults(3, 1) }],
  ['data of the chart, scaled 3, 1', { from: 'chart', ...scale(3, 1), existing: true, ...faults(2, 1) }],
  ['recover-quorum, lost members named', { ...cluster, recover: true, ...faults(3, 2) }],
  ['recover-quorum, members named that were only down', { ...cluster, recover: true, hasty: true, ...faults(2) }],
  ['recover-quorum, two survivors of five', twoOfFive],
  ['two pods of one name', { ...twin, ...faults(1) }],
  ['a disk with data of another cluster', { ...alien, ...faults(2) }],
  ['a learner that is gone, and a lost disk', { ...slot, ...faults(1) }],
  ['upgraded from protocol 1 in a first start', { version: 1, ...faults(1) }],
  ['upgraded from protocol 1', { ...cluster, version: 1, ...faults(2, 1) }],
  ['back to protocol 1', { ...cluster, version: 2, protocol: 1, ...faults(2, 1) }],
].map(([name, options]) => ({ name, expected: 'safe', options: { protocol: 2, ...options } }));

/** Limits that docs/ name: what absence cannot show, and false statements by a person. */
const limits = [
  [
    'a stale 1, a lost disk, and answers lost',
    { ...cluster, ...stale(3, 1, 3), ...faults(1, 1), lostAnswers: true },
    'two quorums',
  ],
  [
    'a stale 1, a lost disk, and the others down',
    { ...cluster, ...stale(3, 1, 3), ...faults(3, 1) },
    'write lost',
    LONG,
  ],
  ['the same in a scale-up', { ...cluster, ...scale(1, 3), ...faults(3, 1) }, 'write lost', LONG],
  [
    'stale, a lost disk, all down: with existingCluster',
    { ...cluster, ...stale(3, 1, 3), ...faults(3, 1), lostAnswers: true, existing: true },
    'safe',
  ],
  ['a member named as lost comes back', { ...cluster, recover: true, hasty: true, ...faults(3) }, 'two quorums'],
].map(([name, options, expected, long]) => ({
  name: `limit: ${name}`,
  expected,
  long,
  options: { protocol: 2, ...options },
}));

/** Protocol 2 without one of its rules. */
const mutations = [
  ['publishFirst', { ...stale(3, 1), ...faults(1) }, 'two quorums', LONG],
  ['begunDecides', stale(3, 1, 3), 'stuck', LONG],
  ['followBegun', { ...scale(2, 3), ...faults(0) }, 'stuck', LONG],
  ['askEveryone', { ...cluster, ...stale(3, 1, 3), ...faults(1, 1) }, 'two quorums'],
  ['diskIds', faults(1, 1), 'write lost', LONG],
  ['learnersOnly', faults(1, 1), 'write lost'],
  ['activePeer', twin, 'active member removed'],
  ['learnerSlot', slot, 'stuck'],
  ['idFromEtcd', faults(1), 'stuck'],
  ['beginAgain', { pods: 1, settings: [1], ...faults(1) }, 'stuck'],
  ['wishInPod', { ...cluster, recover: true, hasty: true, ...faults(2) }, 'two quorums'],
  ['namedLost', twoOfFive, 'stuck'],
  ['restartUnlisted', alien, 'stuck'],
  ['holdOn', { ...cluster, ...scale(3, 1), existing: true, ...faults(1) }, 'stuck'],
  ['nextSurplus', { ...cluster, ...scale(3, 1), existing: true, ...faults(1) }, 'stuck'],
  ['quorumThen', { ...cluster, ...scale(3, 1), existing: true, etcdLags: true, ...faults(1) }, 'stuck'],
].map(([rule, options, expected, long]) => ({
  name: `without ${rule}`,
  ...{ expected, long },
  options: { protocol: 2, without: [rule], ...options },
}));

const job = { newJob: true };
const heldByTwo = { held: [1, 1, 0], mayEndInDoubt: true };
const back = { steps: ['1 of 3', '0 of 3'], held: [1, 1, 1] };
const there = { steps: ['0 of 3', '1 of 3', '0 of 3'] };
const fewer = { steps: ['0 of 3', '1 of 3', '1 of 2'] };
const otherRun = { steps: ['1 of 3'], held: [2, 2, 1] };
const more = { steps: ['0 of 3', '1 of 2', '1 of 3'] };
const removed = { steps: ['0 of 3', '1 of 3', '* of 3'] };
const removedThenBack = { steps: ['0 of 3', '1 of 3', '* of 3', '0 of 3'] };
const keeps = { steps: ['1 of 3', '* of 3'], held: [1, 1, 1] };
const discard = { steps: ['1 of 3', '0 of 3!'], held: [1, 1, 1] };

const restores = [
  ['protocol 1: 6: a restore ID used again', { protocol: 1, ...heldByTwo }, 'mixed'],
  ['protocol 1: 11: fewer members during a switch', { protocol: 1, ...fewer }, 'stuck', LONG],
  ['protocol 1: 14: back, and old data discarded', { protocol: 1, ...discard }, 'wanted data discarded'],
  ['protocol 1: 19: a disk lost on the way back', { protocol: 1, ...back, ...faults(1, 1) }, 'stuck', LONG],
  ['restore', faults(3, 1), 'safe'],
  ['restore, the job is recreated', { ...job, ...faults(1) }, 'safe'],
  ['restore, fewer members during the switch', fewer, 'safe'],
  ['restore, more members during the switch', more, 'safe'],
  ['restore, then back', { ...there, ...faults(1, 1) }, 'safe'],
  ['back from a restore', { ...back, ...faults(2, 1) }, 'safe'],
  ['back, and old data discarded', { ...discard, ...faults(2, 1) }, 'safe'],
  ['restore, and restoreFrom removed meanwhile', { ...removed, ...faults(2) }, 'safe'],
  ['limit: restoreFrom removed during the switch, and a lost disk', { ...removed, ...faults(2, 1) }, 'stuck', LONG],
  ['restoreFrom removed during the switch, a lost disk, then back', { ...removedThenBack, ...faults(1, 1) }, 'safe'],
  ['restored, and restoreFrom removed', { ...keeps, ...faults(2, 1) }, 'safe'],
  ['a disk with data of another run of the restore', { ...otherRun, ...faults(2) }, 'safe'],
  ['a restore ID used again', { ...heldByTwo, ...faults(2, 1) }, 'safe'],
  ['without runIds', { without: ['runIds'], ...heldByTwo }, 'mixed'],
  ['without begunCounts', { without: ['begunCounts'], ...fewer }, 'stuck', LONG],
  ['without anyRun', { without: ['anyRun'], ...otherRun }, 'stuck'],
  ['without takesBack', { without: ['takesBack'], ...job }, 'stuck', LONG],
  ['without emptyIsAbsent', { without: ['emptyIsAbsent'], ...back, ...faults(1, 1) }, 'stuck', LONG],
  ['without followsQuorum', { without: ['followsQuorum'], ...removed }, 'stuck', LONG],
  ['without discardFirst', { without: ['discardFirst'], ...discard }, 'wanted data discarded'],
].map(([name, options, expected, long]) => ({ name, expected, long, model: () => restore(options) }));

const [OFF, OPTIONAL, REQUIRED] = [0, 1, 2];
const enable = { levels: [OFF, OPTIONAL, REQUIRED] };
const andBack = { levels: [OFF, OPTIONAL, REQUIRED, OPTIONAL, OFF] };
const skip = { levels: [OFF, REQUIRED, OFF], hasty: true };

/** TLS on a running cluster. */
const transports = [
  ['TLS enabled, and disabled again', { ...andBack, crashes: 2 }, 'safe'],
  ['TLS enabled with one member', { ...andBack, pods: 1, crashes: 2 }, 'safe'],
  ['TLS enabled with two members', { ...andBack, pods: 2, crashes: 2 }, 'safe'],
  ['TLS enabled in one step, then reverted', { ...skip, crashes: 2 }, 'safe'],
  ['TLS enabled, hasty commits', { ...enable, hasty: true, crashes: 3 }, 'safe'],
  ['without refuseApart', { without: ['refuseApart'], ...skip, crashes: 1 }, 'cut off'],
  ['without keepScheme', { without: ['keepScheme'], ...enable, crashes: 3 }, 'stuck'],
  ['without restartInTurn', { without: ['restartInTurn'], ...enable, crashes: 3 }, 'stuck'],
  ['without askListed', { without: ['askListed'], ...enable, pods: 2, crashes: 2 }, 'stuck'],
  ['without sayFirst', { without: ['sayFirst'], ...enable, crashes: 3 }, 'two at once'],
].map(([name, options, expected]) => ({ name, expected, model: () => transport(options) }));

/** A new password of root. */
const passwords = [
  ["root's password changed, two pods replaced", { replaced: 2 }, 'safe'],
  ["root's password changed twice, two pods replaced", { changes: 2, replaced: 2 }, 'safe'],
  ["root's password changed, five members, four pods replaced", { pods: 5, replaced: 4 }, 'safe'],
  ["root's password changed with one member", { pods: 1 }, 'safe'],
  ["without remember, root's password", { without: ['remember'] }, 'locked out'],
  ["without waitForAll, root's password", { without: ['waitForAll'] }, 'locked out'],
  ["limit: root's password changed again before all have it", { changes: 2, hasty: true }, 'locked out'],
  ["limit: root's password changed, and all pods replaced", { replaced: 3 }, 'stuck'],
].map(([name, options, expected]) => ({ name, expected, model: () => users(options) }));

/** Changed settings of users. */
const settingsOfUsers = [
  ['settings of users changed twice, two members stop', { changes: 2, stops: 2 }, 'safe'],
  ['settings of users changed, four members, one stops', { pods: 4, stops: 1 }, 'safe'],
  ['settings of users changed, two members', { pods: 2, changes: 2, stops: 2 }, 'safe'],
  ['settings of users changed, one member', { pods: 1, changes: 2, stops: 1 }, 'safe'],
  ['without askAll, settings of users', { without: ['askAll'] }, 'went back'],
  ['without askQuorum, settings of users', { without: ['askQuorum'], stops: 3 }, 'went back'],
  ['without sayFirst, settings of users', { without: ['sayFirst'] }, 'went back'],
  ['limit: settings of users changed, an answer is lost', { lost: 1 }, 'went back'],
].map(([name, options, expected]) => ({ name, expected, model: () => userSettings(options) }));

const members = [...protocol1, ...protocol2, ...limits, ...mutations];
export const SCENARIOS = [
  ...members.map(({ options, ...rest }) => ({ ...rest, model: () => membership(options) })),
  ...restores,
  ...transports,
  ...passwords,
  ...settingsOfUsers,
];
