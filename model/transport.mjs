// TLS on a running cluster: identity.sh, agree.sh and watch-member.sh. The manifests are at a level: TLS off, optional (clients choose; peers
// stay on HTTP, but have certificates) or required. A rollout changes the level of one pod after the other. Each member records the scheme of its
// peer URL, and changes it at a start, through another member.
//
// What is abstracted:
// - A member reaches another one when the URL that it knows of it has the scheme that the other listens with, and it has a certificate for
//   HTTPS. Two members are connected when one reaches the other: etcd sends over connections of either direction.
// - A member with quorum knows the member list. One without knows the list of before.
// - Members read each other's phase one at a time. A crash can happen at any moment.
import { Layout } from './checker.mjs';
import { TRANSPORT_ACTIONS as A, TRANSPORT_RULES } from './rules.mjs';

const DEFAULTS = {
  without: [],
  pods: 3,
  levels: [0, 1, 2], // of the manifests, one after the other; the first one is that of all pods at the start
  hasty: false, // a level may come before the rollout of the one before has ended
  crashes: 0,
};
const [OFF, , REQUIRED] = [0, 1, 2];
const [DOWN, STARTING, RUNS] = [0, 1, 2];
const [UNREAD, FINE] = [0, 1];
const LEVELS = ['off', 'optional', 'required'];
const SCHEMES = ['http', 'https'];
const wanted = (level) => (level === REQUIRED ? 1 : 0);

export function transport(options) {
  const scenario = { ...DEFAULTS, ...options };
  const M = scenario.pods;
  const LAST = scenario.levels.length - 1;
  const pods = Array.from({ length: M }, (_, i) => i);
  const rules = Object.fromEntries(TRANSPORT_RULES.map((rule) => [rule, !scenario.without.includes(rule)]));
  const layout = new Layout(M, {
    // level: of its pod; scheme: recorded, and listened with; entry: in the member list; turn: says that it is about to restart;
    // ended: by its own decision, not back yet
    scalars: 'up level scheme entry turn ended'.split(' '),
    vectors: ['knows', 'read'], // the scheme of another's URL that it knows; what it has read of its phase
    globals: ['at', 'crashes'],
  });
  const { of, global } = layout;
  const target = (s) => scenario.levels[s[global.at]];

  const reaches = (s, i, j) =>
    s[of.knows(i) + j] === s[of.scheme(j)] && (s[of.scheme(j)] === 0 || s[of.level(i)] !== OFF);
  const isConnected = (s, i, j) => reaches(s, i, j) || reaches(s, j, i);
  const majority = Math.floor(M / 2) + 1;
  const runs = (s, i) => s[of.up(i)] === RUNS;
  function leaders(s) {
    return pods.filter(
      (i) => runs(s, i) && pods.filter((j) => j === i || (runs(s, j) && isConnected(s, i, j))).length >= majority,
    );
  }
  const isReady = (s, i) => runs(s, i) && leaders(s).some((l) => l === i || isConnected(s, l, i));
  const others = (i) => pods.filter((j) => j !== i);
  /** Changes the member list: those with quorum hear of it. */
  function list(n, i, scheme) {
    n[of.entry(i)] = scheme;
    for (const j of others(i)) if (isReady(n, j)) n[of.knows(j) + i] = scheme;
  }
  const isDone = (s) =>
    pods.every(
      (i) =>
        isReady(s, i) &&
        s[of.level(i)] === target(s) &&
        [s[of.scheme(i)], s[of.entry(i)]].every((scheme) => scheme === wanted(s[of.level(i)])),
    );
  const clear = (n, i) => n.fill(UNREAD, of.read(i), of.read(i) + M);

  function end(n, i) {
    n[of.up(i)] = DOWN;
    n[of.turn(i)] = 0;
    clear(n, i);
  }

  function rollout(s, step) {
    if (s[global.at] < LAST && (scenario.hasty || isDone(s))) {
      const next = scenario.levels[s[global.at] + 1];
      step(A.commit, [`the manifests now say ${LEVELS[next]}`], (n) => {
        n[global.at]++;
      });
    }
    const i = pods.findLast((j) => s[of.level(j)] !== target(s));
    if (i === undefined) return;
    if (!others(i).every((j) => j < i || isReady(s, j))) return; // a StatefulSet waits for the pods above
    // preStop: the others keep their quorum, where they can have one
    const staying = others(i).filter((j) => isReady(s, j) && !s[of.turn(j)] && !s[of.ended(j)]);
    if (isReady(s, i) && M > 2 && staying.length < majority) return;
    step(A.rollout, [i, `is replaced by a pod with TLS ${LEVELS[target(s)]}`], (n) => {
      end(n, i);
      n[of.level(i)] = target(s);
      n[of.ended(i)] = runs(s, i) ? 1 : 0;
    });
  }

  function pod(s, step, i) {
    const up = s[of.up(i)];
    if (up !== DOWN && s[global.crashes] < scenario.crashes) {
      step(A.crash, [i, 'is killed'], (n) => {
        end(n, i);
        n[of.ended(i)] = 0;
        n[global.crashes]++;
      });
    }
    if (up === DOWN) {
      step(A.begin, [i, 'starts'], (n) => {
        n[of.up(i)] = STARTING;
      });
    } else if (up === STARTING) {
      start(s, step, i);
    } else {
      if (isReady(s, i)) serve(s, step, i);
    }
  }

  /** With existing data: a quorum changes the URL of a member that starts. */
  function start(s, step, i) {
    const level = s[of.level(i)];
    const meets = (other, is) => others(i).some((j) => is(j) && s[of.level(j)] === other);
    const answers = (j) => s[of.up(j)] !== DOWN;
    const apart =
      (level === REQUIRED && s[of.scheme(i)] === 0 && meets(OFF, answers)) ||
      (level === OFF && meets(REQUIRED, (j) => runs(s, j)));
    if (rules.refuseApart && apart) return;
    const want = wanted(level);
    const ready = others(i).find((j) => isReady(s, j));
    if (ready !== undefined && (s[of.scheme(i)] !== want || s[of.entry(i)] !== want)) {
      step(A.moveAtStart, [i, `starts with ${SCHEMES[want]}`], (n) => {
        list(n, i, want);
        n[of.scheme(i)] = want;
        n[of.up(i)] = RUNS;
      });
      if (s[global.crashes] < scenario.crashes) {
        step(A.crashBetween, [i, 'is killed between the member list and its record'], (n) => {
          list(n, i, want);
          end(n, i);
          n[of.ended(i)] = 0;
          n[global.crashes]++;
        });
      }
      return;
    }
    const scheme = rules.keepScheme ? s[of.scheme(i)] : want;
    if (scheme === 1 && level === OFF) return; // it has no certificate
    step(A.startAsBefore, [i, `starts with ${SCHEMES[scheme]}`], (n) => {
      n[of.scheme(i)] = scheme;
      n[of.up(i)] = RUNS;
    });
  }

  function serve(s, step, i) {
    if (s[of.ended(i)]) {
      step(A.back, [i, 'is back'], (n) => {
        n[of.ended(i)] = 0;
      });
      return;
    }
    const stale = others(i).filter((j) => s[of.knows(i) + j] !== s[of.entry(j)]);
    if (stale.length > 0) {
      step(A.learn, [i, 'has the member list'], (n) => {
        for (const j of stale) n[of.knows(i) + j] = s[of.entry(j)];
      });
    }
    if (s[of.entry(i)] !== s[of.scheme(i)]) {
      step(A.moveAddress, [i, 'corrects its URL'], (n) => {
        list(n, i, s[of.scheme(i)]);
      });
      return;
    }
    if (!rules.restartInTurn || s[of.scheme(i)] === wanted(s[of.level(i)])) return;
    if (wanted(s[of.level(i)]) && others(i).some((j) => s[of.up(j)] !== DOWN && s[of.level(j)] === OFF)) return;
    takeTurn(s, step, i);
  }

  /** It records the scheme first, and changes the member list then. */
  function change(s, step, i) {
    const want = wanted(s[of.level(i)]);
    const record = (n) => {
      if (others(i).some((j) => s[of.ended(j)])) return `two at once: members ${i} and another one`;
      n[of.scheme(i)] = want;
      n[of.turn(i)] = 1;
      clear(n, i);
    };
    step(A.restartInTurn, [i, 'changes its URL, and restarts'], (n) => {
      const why = record(n);
      list(n, i, want);
      n[of.up(i)] = STARTING;
      n[of.ended(i)] = 1;
      return why;
    });
    if (s[global.crashes] < scenario.crashes) {
      step(A.crashBetween, [i, 'is killed between its record and the member list'], (n) => {
        const why = record(n);
        end(n, i);
        n[global.crashes]++;
        return why;
      });
    }
  }

  /** Says that it is about to restart, reads what each other one says, and goes when none of them is about to, and all are ready. */
  function takeTurn(s, step, i) {
    if (rules.sayFirst && !s[of.turn(i)]) {
      step(A.sayTurn, [i, 'says that it is about to restart'], (n) => {
        n[of.turn(i)] = 1;
      });
      return;
    }
    const unread = others(i).find((j) => s[of.read(i) + j] === UNREAD);
    if (unread === undefined) {
      change(s, step, i);
      return;
    }
    const j = unread;
    if (s[of.turn(j)] || !isReady(s, j) || s[of.ended(j)] || (rules.askListed && s[of.entry(j)] !== s[of.scheme(j)])) {
      // Of two, the higher ordinal waits, and the lower one gives way.
      if (s[of.turn(i)] && s[of.turn(j)] && j > i && !s[of.ended(j)]) {
        step(A.giveWay, [i, 'gives way to', j], (n) => {
          n[of.turn(i)] = 0;
          clear(n, i);
        });
      } else if (others(i).some((k) => s[of.read(i) + k] !== UNREAD)) {
        step(A.readTurn, [i, 'reads that', j, 'is about to restart, or not ready'], (n) => clear(n, i));
      }
      return;
    }
    step(A.readTurn, [i, 'reads that', j, 'stays'], (n) => {
      n[of.read(i) + j] = FINE;
    });
  }

  const start0 = new Uint8Array(layout.bytes);
  for (const i of pods) {
    start0[of.up(i)] = RUNS;
    start0[of.level(i)] = scenario.levels[0];
    start0[of.scheme(i)] = start0[of.entry(i)] = wanted(scenario.levels[0]);
    for (const j of others(i)) start0[of.knows(i) + j] = wanted(scenario.levels[0]);
  }

  return {
    layout,
    classes: [],
    start: start0,
    next(s, step) {
      rollout(s, step);
      for (const i of pods) pod(s, step, i);
    },
    tidy(n) {
      for (const i of pods) if (!isReady(n, i)) clear(n, i);
      for (const i of pods) if (!n[of.ended(i)] && n[of.scheme(i)] === wanted(n[of.level(i)])) n[of.turn(i)] = 0;
    },
    judge(s) {
      const last = s[global.at] === LAST;
      const off = pods.find((i) => runs(s, i) && s[of.level(i)] === OFF);
      const https = pods.find((i) => runs(s, i) && s[of.scheme(i)] === 1);
      const broken =
        off !== undefined && https !== undefined ? `cut off: ${off} has no certificate for the URL of ${https}` : null;
      // Levels that are two apart stay as they are until the commit is reverted.
      const excused = last && pods.some((i) => Math.abs(s[of.level(i)] - target(s)) > 1);
      return { broken, goal: last && isDone(s), excused };
    },
    show: (s) =>
      pods.flatMap((i) => [
        i,
        `${['down', 'starting', 'running'][s[of.up(i)]]}, TLS ${LEVELS[s[of.level(i)]]}, ${SCHEMES[s[of.scheme(i)]]}, listed ${SCHEMES[s[of.entry(i)]]};`,
      ]),
  };
}
