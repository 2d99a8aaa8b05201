// The pods, their disks, and an abstract etcd on them.
import { Layout } from './checker.mjs';
import { RULES } from './rules.mjs';

export const [DOWN, FRESH, CHECKING, RUNNING] = [0, 1, 2, 3]; // a pod; CHECKING: it has data, and etcd does not run yet
const CHART = 8; // in the cluster token, instead of disks: data of the chart, or of another cluster

const DEFAULTS = {
  protocol: 2, // of the scripts
  version: null, // of the scripts that run at first, where they are replaced
  without: [], // rules of protocol 2 that are left out
  pods: 3,
  settings: [3], // the numbers of members that the settings have, one after the other; each pod sees them at its own time
  scale: true, // the StatefulSet follows; otherwise only what pods read changes
  from: 'nothing', // or 'cluster', or 'chart': data of the chart, with no notes
  existing: false, // existingCluster
  crashes: 0,
  losses: 0, // of disks
  lostAnswers: false, // silence also of pods that the settings do not have, though they are there
  recover: false, // a person calls recover-quorum.sh when no quorum is there
  hasty: false, // and names members as lost that are only down
  twin: false, // the last pod has the name of the first, whose node is out of reach
  addedLearner: null, // is in the member list as a learner, and never ran
  alien: [], // pods whose data is of another cluster
  dead: [], // pods that never come up
  emptied: [], // disks that are lost from the start
};

export function world(options) {
  const scenario = { ...DEFAULTS, ...options };
  const { pods: M, settings } = scenario;
  const layout = new Layout(M, {
    // said: the N in its phase; asked: the N of this round of questions, 0 before it has read it; follows: that N is of a first
    // start that another has begun; disk: which one it is; id: that of the member, 0 of a first start; log: its length,
    // compared with that of others; begun: the N of a first start that has not seen a quorum yet
    scalars: 'process step said asked follows disk data id log wrote begun noted leaving version wish'.split(' '),
    // list: the member list in its log; heard: what others answered; token: the disks in the token of the cluster of its data
    vectors: ['list', 'heard', 'token', ...(scenario.recover ? ['survivor'] : [])],
    globals: ['acknowledged', 'lostCopies', 'voters', 'crashes', 'losses', 'scaled', 'orphaned'],
  });
  const { of, global } = layout;
  const pods = Array.from({ length: M }, (_, i) => i);
  const nameOf = (i) => (scenario.twin && i === M - 1 ? 0 : i);
  const names = pods.filter((i) => nameOf(i) === i);
  const members = Array.from({ length: 1 << M }, (_, mask) => pods.filter((i) => (mask >> i) & 1));

  const active = RULES.filter((rule) => !scenario.without.includes(rule));
  const rules = Object.fromEntries(RULES.map((rule) => [rule, active.includes(rule)]));
  const has = (s, i, rule) => s[of.version(i)] === 2 && rules[rule];
  const wanted = (s, i) => settings[s[of.step(i)]];
  const exists = (s, i) =>
    nameOf(i) < settings[s[global.scaled]] && !scenario.dead.includes(i) && !(scenario.twin && i === 0);

  // an entry of a member list: 0 none, else 1 + id * 4 + learner * 2 + ran
  const entry = (id, learner, ran) => 1 + id * 4 + learner * 2 + ran;
  const idOf = (e) => (e - 1) >> 2;
  const isLearner = (e) => e > 0 && ((e - 1) & 2) !== 0;
  const hasRun = (e) => ((e - 1) & 1) !== 0;
  const entryOf = (s, holder, i) => s[of.list(holder) + nameOf(i)];
  function votersOf(s, i) {
    let count = 0;
    for (let j = of.list(i); j < of.list(i) + M; j++) if (s[j] && !isLearner(s[j])) count++;
    return count;
  }
  function sameCluster(s, a, b) {
    const [x, y] = [of.token(a), of.token(b)];
    for (let j = 0; j < M; j++) if (s[x + j] !== s[y + j]) return false;
    return true;
  }
  /** Whether the member list of this holder includes the member whose data i has. */
  function lists(s, holder, i) {
    const e = entryOf(s, holder, i);
    return e > 0 && idOf(e) === s[of.id(i)] && sameCluster(s, holder, i);
  }
  const votes = (s, holder, i) => lists(s, holder, i) && !isLearner(entryOf(s, holder, i));

  /** The member whose log a round of exactly these members continues, or -1 if they are not a majority. */
  function leaderOf(s, mask) {
    const all = members[mask];
    let best = -1;
    for (const i of all) {
      if (i !== all[0] && !sameCluster(s, i, all[0])) return -1;
      if (s[of.log(i)] && (best < 0 || s[of.log(i)] > s[of.log(best)])) best = i;
    }
    if (best < 0 || all.length * 2 <= votersOf(s, best)) return -1;
    for (const i of all) if (!votes(s, best, i)) return -1;
    return best;
  }
  /** The members that can do a round now: { mask, all, leader }. */
  function quorums(s, running = RUNNING) {
    let up = 0;
    for (const i of pods) if (s[of.data(i)] && s[of.process(i)] >= running) up |= 1 << i;
    const found = [];
    for (let mask = up; mask; mask = (mask - 1) & up) {
      const leader = leaderOf(s, mask);
      if (leader >= 0) found.push({ mask, all: members[mask], leader });
    }
    return found;
  }
  const isReady = (ready, i) => ready.some(({ mask }) => (mask >> i) & 1);

  const LOST = 'write lost: a quorum goes on without an acknowledged write';
  /** A round: these members get the leader's log and one more entry, which `change` applies to each. */
  function round(n, { all, leader }, change, learner) {
    if (n[global.acknowledged]) {
      if (n[of.wrote(leader)]) [n[global.voters], n[global.lostCopies]] = [votersOf(n, leader), 0];
      else if (n[global.lostCopies] * 2 <= n[global.voters]) return LOST;
    }
    const list = names.map((j) => n[of.list(leader) + j]);
    const [wrote, longest] = [n[of.wrote(leader)], n[of.log(leader)]];
    for (const i of learner === undefined ? all : [...all, learner]) {
      list.forEach((e, j) => (n[of.list(i) + j] = e));
      n[of.wrote(i)] = wrote;
      n[of.log(i)] = longest + 1;
      change(i);
    }
    return null;
  }
  /** A round that changes the entry of a name. */
  const setEntry = (n, quorum, j, e, learner) => round(n, quorum, (i) => (n[of.list(i) + j] = e), learner);

  function putData(n, i, { id, log, begun, token, list }) {
    n[of.process(i)] = RUNNING;
    n[of.data(i)] = 1;
    [n[of.id(i)], n[of.log(i)], n[of.begun(i)], n[of.wrote(i)], n[of.noted(i)]] = [id, log, begun, 0, 0];
    for (let j = 0; j < M; j++) [n[of.token(i) + j], n[of.list(i) + j]] = [token[j], list[j]];
    clear(n, of.heard(i));
    n[of.asked(i)] = n[of.follows(i)] = 0;
  }
  function clear(n, vector) {
    n.fill(0, vector, vector + M);
  }
  function clearData(n, i) {
    for (const field of ['data', 'id', 'log', 'wrote', 'begun', 'noted', 'wish']) n[of[field](i)] = 0;
    for (const field of ['token', 'list']) clear(n, of[field](i));
    if (scenario.recover) clear(n, of.survivor(i));
  }
  function down(n, i) {
    for (const field of ['process', 'leaving', 'said', 'asked', 'follows']) n[of[field](i)] = 0;
    clear(n, of.heard(i));
  }

  /** Clears what nothing depends on. Of the logs of a cluster, only their order matters. */
  const ranks = new Uint8Array(M);
  function tidy(n) {
    for (const i of pods) {
      if (n[of.data(i)] && (!n[of.begun(i)] || has(n, i, 'begunDecides'))) n[of.said(i)] = 0;
      const log = n[of.log(i)];
      ranks[i] = Math.min(log, 2); // 0: no entry; 1: only the entries of the bootstrap
      for (let j = 0; j < M; j++) {
        const other = n[of.log(j)];
        if (other < 2 || other >= log || !sameCluster(n, i, j)) continue;
        let first = true;
        for (let k = 0; k < j; k++) if (n[of.log(k)] === other && sameCluster(n, i, k)) first = false;
        if (first) ranks[i]++;
      }
    }
    for (const i of pods) n[of.log(i)] = ranks[i];
    if (!n[global.acknowledged]) n[global.voters] = n[global.lostCopies] = 0;
  }

  const start = new Uint8Array(layout.bytes);
  const isOther = (i) => scenario.from === 'chart' || scenario.alien.includes(i);
  for (const i of pods) {
    const isMember = scenario.from !== 'nothing' && i < settings[0] && nameOf(i) === i && i !== scenario.addedLearner;
    if (isMember && !scenario.emptied.includes(i)) {
      const token = pods.map((j) => (j >= settings[0] ? 0 : isOther(i) ? CHART : 1));
      const added = (j) => (j === scenario.addedLearner ? entry(1, 1, 0) : entry(0, 0, 1));
      putData(start, i, { id: 0, log: 1, begun: 0, token, list: pods.map((j) => (j < settings[0] ? added(j) : 0)) });
      start[of.noted(i)] = scenario.from === 'chart' ? 0 : 1;
    }
    start[of.version(i)] = scenario.version ?? scenario.protocol;
    start[of.disk(i)] = scenario.emptied.includes(i) ? 1 : 0;
  }
  start[global.losses] = scenario.emptied.length;

  // Pods are interchangeable if every number of members includes both or neither, and nothing else tells them apart:
  // they are replaced, and leave, in the order of their ordinals.
  const inOrder = (i) => scenario.version || scenario.twin || (scenario.scale && settings.some((n) => i >= n));
  const side = (i) =>
    [
      settings.map((n) => i < n),
      scenario.dead.includes(i),
      scenario.alien.includes(i),
      i === scenario.addedLearner,
      inOrder(i) && i,
    ].join();
  const classes = [...new Set(pods.map(side))].map((x) => pods.filter((i) => side(i) === x));

  return {
    ...{ scenario, layout, classes, start, tidy, of, global, pods, names, members, nameOf, has, wanted, exists },
    ...{
      entry,
      idOf,
      isLearner,
      hasRun,
      entryOf,
      votersOf,
      sameCluster,
      lists,
      votes,
      quorums,
      isReady,
      round,
      setEntry,
    },
    ...{ putData, clear, clearData, down },
  };
}
