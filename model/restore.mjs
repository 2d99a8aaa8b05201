// Restores in place: restore-member.sh. Members prepare the data of a restore beside those that they run on, tell each other
// what they have of it (their stance), and switch when all of them can.
//
// What is abstracted:
// - Data has an ID: 0 for the old data, 1 for the restore. Data with ID 1 belongs to a run, which is the job that served the
//   snapshot. etcd runs on the current data; a majority of the members on the same data is a quorum.
// - A member looks (one question to each other member), tells its stance, then decides by what it saw.
// - Settings (id, number of members, discardOldData) reach each pod at its own time. Crashes and lost disks, at any time.
import { Layout } from './checker.mjs';
import { RESTORE_ACTIONS as A, RESTORE_RULES } from './rules.mjs';

const DEFAULTS = {
  protocol: 2,
  without: [],
  steps: ['0 of 3', '1 of 3'], // the settings, one after the other; '!' discards, '*' asks for no data
  held: [0, 0, 0], // the run of the data of id 1 that a pod has from an earlier time
  crashes: 0,
  losses: 0,
  newJob: false, // the job is recreated at some time, so that the offer is of another run
  mayEndInDoubt: false, // an id that is used again may need a person
};

// a stance: what kind, of which run, for how many members
const [NONE, SILENT, OTHER, ABSENT, HOLDS, PREPARED, RUNS] = [0, 1, 2, 3, 4, 5, 6];
const stance = (kind, run = 0, count = 0) => kind + 8 * run + 32 * count;
const kindOf = (x) => x & 7;
const runOf = (x) => (x >> 3) & 3;
const countOf = (x) => x >> 5;
/** The id in settings that ask for no data: members stay on theirs. */
const ANY = -1;
const WORDS = ['', 'silence', 'another stance', 'absent', 'holds', 'prepared', 'runs'];
const say = (x) => WORDS[kindOf(x)] + (runOf(x) ? ` run ${runOf(x)}` : '') + (countOf(x) ? ` for ${countOf(x)}` : '');

export function restore(options) {
  const scenario = { ...DEFAULTS, ...options };
  const M = 3;
  const settings = scenario.steps.map((text) => {
    const [, id, count, discard] = /^(\d|\*) of (\d)(!?)$/.exec(text);
    return { id: id === '*' ? ANY : Number(id), count: Number(count), discard: discard === '!' };
  });
  const LAST = settings.length - 1;
  const rules = Object.fromEntries(
    RESTORE_RULES.map((rule) => [rule, scenario.protocol === 2 && !scenario.without.includes(rule)]),
  );
  const layout = new Layout(M, {
    // current: ID of the data that it runs on; old, restored: whether it has that data, and of which run
    // begun: number of members of the restored data; prepared, count: run and number of members of the prepared data
    // told: its stance on ID `toldOf`; stage: 0 looks, 1 has looked, 2 has told; looked: step of the settings at the look
    // seen: what it read of the settings to discard old data: 1 + ID, or 1 + discard
    scalars: 'up current old restored begun prepared count tookBack told toldOf stage looked step seen'.split(' '),
    vectors: ['answer'],
    globals: ['crashes', 'losses', 'offered'],
  });
  const { of, global } = layout;
  const pods = [0, 1, 2];
  function wantedBy(s, i) {
    const asked = settings[s[of.step(i)]];
    if (asked.id !== ANY) return asked;
    const current = s[of.current(i)];
    const follows = rules.followsQuorum && !quorumOn(s, current).includes(i) && quorumOn(s, 1 - current).length;
    return { ...asked, id: follows ? 1 - current : current };
  }
  const runAt = (s, i, id) => (id === 0 ? s[of.old(i)] : s[of.restored(i)]);
  const runsOn = (s, i, id) => s[of.up(i)] && s[of.current(i)] === id && runAt(s, i, id) > 0;
  /** The cluster that its data with this ID belongs to: it depends on the run and on the number of members. */
  const clusterOf = (s, i, id) => (id === 0 ? 1 : (rules.runIds ? s[of.restored(i)] : 0) * 8 + s[of.begun(i)]);
  /** The pods that are a quorum on data with this ID, or none. */
  function quorumOn(s, id) {
    const on = pods.filter((i) => runsOn(s, i, id));
    return on.filter((i) => on.some((j) => j !== i && clusterOf(s, i, id) === clusterOf(s, j, id)));
  }

  function lookAgain(n, i) {
    n[of.stage(i)] = n[of.looked(i)] = 0;
    n.fill(0, of.answer(i), of.answer(i) + M);
  }
  function answerOf(s, j, id) {
    if (!s[of.up(j)]) return stance(SILENT);
    const run = rules.runIds ? runAt(s, j, id) : 0;
    if (runsOn(s, j, id)) return stance(RUNS, run, rules.begunCounts && id ? s[of.begun(j)] : 0);
    if (rules.emptyIsAbsent && id === 0 && s[of.current(j)] === id && !runAt(s, j, id)) return stance(ABSENT);
    return s[of.told(j)] && s[of.toldOf(j)] === id ? s[of.told(j)] : stance(OTHER);
  }

  function pod(s, step, i) {
    if (s[of.step(i)] < LAST) {
      step(A.settings, ['the settings of', i, `are now ${scenario.steps[s[of.step(i)] + 1]}`], (n) => {
        n[of.step(i)]++;
      });
    }
    if (!s[of.up(i)]) {
      step(A.start, [i, 'comes up'], (n) => {
        n[of.up(i)] = 1;
      });
      if (s[global.losses] < scenario.losses) {
        step(A.loseDisk, [i, 'loses its disk'], (n) => {
          for (const field of ['current', 'old', 'restored', 'begun', 'prepared', 'count', 'tookBack'])
            n[of[field](i)] = 0;
          n[global.losses]++;
        });
      }
      return;
    }
    if (s[global.crashes] < scenario.crashes) {
      step(A.crash, [i, 'is killed'], (n) => {
        for (const field of ['up', 'tookBack', 'told', 'toldOf', 'seen']) n[of[field](i)] = 0;
        lookAgain(n, i);
        n[global.crashes]++;
      });
    }
    if (s[of.seen(i)]) {
      discardOld(s, step, i);
      return;
    }
    const { id: wanted, count: N } = wantedBy(s, i);
    const current = s[of.current(i)];
    if (joins(s, step, i, wanted)) return;
    const quorum = quorumOn(s, current);
    if (
      rules.anyRun &&
      runAt(s, i, current) &&
      quorum.length &&
      clusterOf(s, quorum[0], current) !== clusterOf(s, i, current)
    ) {
      step(A.setAside, [i, 'sets its data aside: a quorum on these does not list it'], (n) => {
        n[current === 0 ? of.old(i) : of.restored(i)] = 0;
        if (current) n[of.begun(i)] = 0;
      });
    }
    if (i >= N) {
      if (s[of.looked(i)] || s[of.stage(i)]) step(A.wait, [i, 'is on its way out'], (n) => lookAgain(n, i));
      return;
    }
    if (wanted !== current) takeUp(s, step, i, wanted, N);
    else if (wanted === 0 || runAt(s, i, current)) rest(s, step, i);
  }

  /** agree.sh: without the wanted data, it joins a quorum, preferably one on the wanted data. */
  function joins(s, step, i, wanted) {
    if (runAt(s, i, s[of.current(i)]) || s[of.prepared(i)]) return false;
    const id = [wanted, 1 - wanted].find((x) => quorumOn(s, x).length);
    if (id === undefined) return false;
    step(A.join, [i, `joins the quorum on data ${id}`], (n) => {
      n[of.current(i)] = id;
      for (const field of id === 0 ? ['old'] : ['restored', 'begun'])
        n[of[field](i)] = s[of[field](quorumOn(s, id)[0])];
    });
    return true;
  }

  /** It runs on the wanted data. */
  function rest(s, step, i) {
    if (s[of.told(i)] || s[of.prepared(i)] || s[of.stage(i)] || s[of.looked(i)]) {
      step(A.rest, [i, 'runs on the wanted data'], (n) => {
        n[of.told(i)] = n[of.toldOf(i)] = 0;
        drop(n, i);
        lookAgain(n, i);
      });
    }
    if (!runAt(s, i, s[of.current(i)]) || !settings.some(({ discard }) => discard)) return;
    const { id, discard } = wantedBy(s, i);
    step(A.readSettings, [i, `reads ${rules.discardFirst ? `discard ${discard}` : `id ${id}`}`], (n) => {
      n[of.seen(i)] = 1 + (rules.discardFirst ? Number(discard) : id);
    });
  }
  /** The second half: it has read one of the two settings, and reads the other. */
  function discardOld(s, step, i) {
    const { id, discard } = wantedBy(s, i);
    const current = s[of.current(i)];
    const read = s[of.seen(i)] - 1;
    const asked = rules.discardFirst ? read === 1 && id === current : discard && read === current;
    step(A.discard, [i, asked ? 'discards its other data' : 'discards nothing'], (n) => {
      n[of.seen(i)] = 0;
      if (!asked) return null;
      n[current === 0 ? of.restored(i) : of.old(i)] = 0;
      return id === current ? null : 'wanted data discarded: the settings ask for them';
    });
  }

  function takeUp(s, step, i, wanted, N) {
    const stage = s[of.stage(i)];
    const others = pods.filter((j) => j !== i && j < N);
    if (stage === 0) {
      const open = others.filter((j) => !s[of.answer(i) + j]);
      for (const j of open) {
        const answer = answerOf(s, j, wanted);
        step(A.look, [i, 'hears of', j, say(answer)], (n) => {
          n[of.answer(i) + j] = answer;
          n[of.looked(i)] = 1 + n[of.step(i)];
        });
      }
      if (!open.length) step(A.look, [i, 'has looked'], (n) => (n[of.stage(i)] = 1));
      return;
    }
    if (stage !== 3 && others.length && s[of.looked(i)] !== 1 + s[of.step(i)]) {
      step(A.look, [i, 'has other settings now, and looks again'], (n) => lookAgain(n, i));
      return;
    }
    if (stage === 3) {
      // 5 s: longer than another member that has seen it as prepared takes to decide
      if (pods.some((j) => kindOf(s[of.answer(j) + i]) === PREPARED)) return;
      step(A.takeBack, [i, 'has waited, and looks again'], (n) => {
        lookAgain(n, i);
        n[of.tookBack(i)] = 1;
      });
      return;
    }
    const answers = others.map((j) => s[of.answer(i) + j]);
    if (stage === 1) takeStance(s, step, i, wanted, N, answers);
    else decide(s, step, i, wanted, N, answers);
  }

  /** The number of members of the restore: that of the begun restore, if any member runs on it. */
  function countFor(N, answers) {
    const begun = answers.find((x) => kindOf(x) === RUNS && countOf(x));
    return rules.begunCounts && begun !== undefined ? countOf(begun) : N;
  }

  function takeStance(s, step, i, wanted, N, answers) {
    const prepared = s[of.prepared(i)];
    const run = rules.runIds ? prepared : 0;
    const isThere = answers.some((x) => kindOf(x) === RUNS || kindOf(x) === HOLDS);
    const running = answers.filter((x) => kindOf(x) === RUNS);
    const isAsked = s[of.count(i)] === N && (!rules.runIds || prepared === s[global.offered]);
    const isTheirs = (x) => runOf(x) === run && s[of.count(i)] === (rules.begunCounts ? countOf(x) : N);
    const fits = prepared && (running.length ? running.every(isTheirs) : isAsked);
    const tell = (n, x) => {
      n[of.told(i)] = x;
      n[of.toldOf(i)] = wanted;
    };
    if (prepared && !fits && rules.takesBack && !s[of.tookBack(i)]) {
      step(A.takeBack, [i, 'takes back what it had prepared, and waits'], (n) => {
        tell(n, stance(OTHER));
        lookAgain(n, i);
        n[of.stage(i)] = 3;
      });
      return;
    }
    let mine = NONE;
    if (runAt(s, i, wanted)) mine = stance(HOLDS, rules.runIds ? runAt(s, i, wanted) : 0);
    else if (fits) mine = stance(PREPARED, run, s[of.count(i)]);
    else if (isThere) mine = stance(ABSENT);
    if (mine !== NONE) {
      step(A.tell, [i, `tells: ${say(mine)}`], (n) => {
        tell(n, mine);
        if (kindOf(mine) === ABSENT) drop(n, i);
        n[of.tookBack(i)] = 0;
        n[of.stage(i)] = 2;
      });
    } else {
      const prepares = wanted === 1 && !answers.some((x) => kindOf(x) === SILENT);
      step(prepares ? A.prepare : A.wait, [i, prepares ? `prepares for ${N}` : 'waits'], (n) => {
        if (prepares) {
          [n[of.prepared(i)], n[of.count(i)], n[of.tookBack(i)]] = [n[global.offered], N, 0];
        }
        tell(n, stance(OTHER));
        lookAgain(n, i);
      });
    }
  }
  function drop(n, i) {
    n[of.prepared(i)] = n[of.count(i)] = n[of.tookBack(i)] = 0;
  }

  function decide(s, step, i, wanted, N, answers) {
    const mine = s[of.told(i)];
    const all = [...answers, mine];
    const have = all.filter((x) => kindOf(x) >= HOLDS);
    const running = answers.filter((x) => kindOf(x) === RUNS);
    const count = countFor(N, answers);
    const quorum = Math.floor(count / 2) + 1;
    const prepared = all.filter((x) => kindOf(x) === PREPARED);
    const different = prepared.some((x) => x !== prepared[0]) || have.some((x) => runOf(x) !== runOf(have[0]));
    const follows = running.length && have.length >= quorum; // once one has switched, no member waits for one that is down
    const notYet = answers.some((x) => kindOf(x) < ABSENT && !(follows && kindOf(x) === SILENT)) || N > M;
    const isAbsent = kindOf(mine) === ABSENT;
    const toJoin = isAbsent && (running.length < quorum || !runAt(s, i, s[of.current(i)]));
    if (different || notYet || have.length < quorum || toJoin) step(A.wait, [i, 'stays'], (n) => lookAgain(n, i));
    else {
      step(A.switchData, [i, `switches to data ${wanted}`], (n) => {
        if (wanted === 1 && !n[of.restored(i)] && n[of.prepared(i)]) {
          [n[of.restored(i)], n[of.begun(i)]] = [n[of.prepared(i)], n[of.count(i)]];
        }
        n[of.current(i)] = wanted;
        n[of.told(i)] = n[of.toldOf(i)] = 0;
        drop(n, i);
        lookAgain(n, i);
      });
    }
  }

  function next(s, step) {
    if (scenario.newJob && s[global.offered] === 2) {
      step(A.newJob, ['the job is recreated'], (n) => {
        n[global.offered] = 3;
      });
    }
    for (const i of pods) pod(s, step, i);
  }

  const last = settings[LAST];
  const isMember = (i) => i < last.count;
  function judge(s) {
    let broken = null;
    const on = pods.filter((i) => s[of.current(i)] === 1 && s[of.restored(i)]);
    const isMixed = (i, j) => clusterOf(s, i, 1) === clusterOf(s, j, 1) && s[of.restored(i)] !== s[of.restored(j)];
    if (on.some((i) => on.some((j) => isMixed(i, j)))) broken = 'mixed: data of two runs of a restore in one cluster';
    const quorum =
      last.id === ANY ? ([0, 1].map((id) => quorumOn(s, id)).find((q) => q.length) ?? []) : quorumOn(s, last.id);
    const isDone = (i) => s[of.step(i)] === LAST && quorum.includes(i);
    return {
      broken,
      goal: quorum.length > 0 && pods.every((i) => !isMember(i) || isDone(i)),
      excused: scenario.mayEndInDoubt,
    };
  }

  const start = new Uint8Array(layout.bytes);
  for (const i of pods) {
    start[of.up(i)] = start[of.old(i)] = 1;
    start[of.current(i)] = settings[0].id;
    start[of.restored(i)] = scenario.held[i];
    start[of.begun(i)] = scenario.held[i] ? 3 : 0;
  }
  start[global.offered] = 2;
  const side = (i) => settings.map(({ count }) => i < count).join();
  const classes = [...new Set(pods.map(side))].map((x) => pods.filter((i) => side(i) === x));
  const show = (s) =>
    pods.flatMap((i) => {
      const get = (field) => s[of[field](i)];
      const what = `on data ${get('current')}, has old ${get('old')}, restored ${get('restored')}, prepared ${get('prepared')}`;
      return [i, get('up') ? 'up' : 'down', what, ';'];
    });
  return { layout, classes, start, next, tidy: () => null, judge, show };
}
