// The settings of users on a running cluster: users.sh. A commit changes them, Kubernetes updates them in each pod at its own time, and
// the leader of the moment applies what it has.
//
// What is abstracted:
// - Leadership: any member may lead at any time, and one that led ends its run.
// - Settings are a number, which grows. To apply older ones than before removes what the newer ones declare, or brings back what they do not.
// - Members read each other's answer one at a time. One that is down answers nothing, and its run is over; restarted, its settings are
//   those that it had, until Kubernetes updates them.
// - Time: all are asked at once, within 4 s. No member starts and leads in less.
import { Layout } from './checker.mjs';
import { SETTINGS_ACTIONS as A, SETTINGS_RULES } from './rules.mjs';

const DEFAULTS = {
  without: [],
  pods: 3,
  changes: 1, // commits, at any time
  stops: 0, // members that go down, and come back at any time
  lost: 0, // answers of members that run
};
const [DOWN, RUNS] = [0, 1];
const [UNREAD, SAME, SILENT] = [0, 1, 2];
const IDLE = 0;

export function userSettings(options) {
  const scenario = { ...DEFAULTS, ...options };
  const M = scenario.pods;
  const pods = Array.from({ length: M }, (_, i) => i);
  const rules = Object.fromEntries(SETTINGS_RULES.map((rule) => [rule, !scenario.without.includes(rule)]));
  const layout = new Layout(M, {
    scalars: ['up', 'file', 'run'], // run: the version that it applies, plus 1
    vectors: ['read'],
    globals: ['committed', 'applied', 'stops', 'lost'],
  });
  const { of, global } = layout;
  const others = (i) => pods.filter((j) => j !== i);
  const end = (n, i) => {
    n[of.run(i)] = IDLE;
    n.fill(UNREAD, of.read(i), of.read(i) + M);
  };
  const asks = (s, i) => s[of.run(i)] !== IDLE && others(i).some((j) => s[of.read(i) + j] === UNREAD);
  const says = (s, j) => (rules.sayFirst && s[of.run(j)] !== IDLE ? s[of.run(j)] - 1 : s[of.file(j)]);

  function world(s, step) {
    if (s[global.committed] < scenario.changes) {
      step(A.commit, ['the settings change'], (n) => {
        n[global.committed]++;
      });
    }
  }

  function pod(s, step, i) {
    if (s[of.up(i)] === DOWN) {
      step(A.begin, [i, 'starts'], (n) => {
        n[of.up(i)] = RUNS;
        for (const j of others(i)) if (asks(n, j)) n[of.read(j) + i] = UNREAD;
      });
      return;
    }
    if (s[global.stops] < scenario.stops) {
      step(A.stop, [i, 'goes down'], (n) => {
        n[of.up(i)] = DOWN;
        end(n, i);
        n[global.stops]++;
      });
    }
    if (s[of.file(i)] !== s[global.committed]) {
      step(A.update, [i, 'has the settings of now'], (n) => {
        n[of.file(i)] = n[global.committed];
      });
    }
    if (s[of.run(i)] === IDLE) {
      step(A.copySettings, [i, 'leads, and begins to apply what it has'], (n) => {
        n[of.run(i)] = n[of.file(i)] + 1;
      });
    } else {
      apply(s, step, i);
    }
  }

  /** Reads what each other one says. A run takes long: it may apply a part now, and a part later. */
  function apply(s, step, i) {
    const own = s[of.run(i)] - 1;
    const j = rules.askAll ? others(i).find((k) => s[of.read(i) + k] === UNREAD) : undefined;
    if (j !== undefined) {
      read(s, step, i, j);
      return;
    }
    const same = others(i).filter((k) => s[of.read(i) + k] === SAME).length + 1;
    if (s[global.applied] !== own && (!rules.askAll || !rules.askQuorum || 2 * same > M)) {
      step(A.applySettings, [i, 'applies them'], (n) => {
        if (own < n[global.applied]) return 'went back: settings are applied that are older than those before';
        n[global.applied] = own;
      });
    }
    step(A.endRun, [i, 'is done, or waits'], (n) => end(n, i));
  }

  function read(s, step, i, j) {
    const isDown = s[of.up(j)] === DOWN;
    if (!isDown && says(s, j) !== s[of.run(i)] - 1) {
      step(A.endRun, [i, 'reads that', j, 'has other settings, and waits'], (n) => end(n, i));
    } else {
      step(A.readSettings, [i, 'reads that', j, isDown ? 'is silent' : 'has the same settings'], (n) => {
        n[of.read(i) + j] = isDown ? SILENT : SAME;
      });
    }
    if (!isDown && s[global.lost] < scenario.lost) {
      step(A.loseAnswer, [i, 'does not get the answer of', j], (n) => {
        n[of.read(i) + j] = SILENT;
        n[global.lost]++;
      });
    }
  }

  const start = new Uint8Array(layout.bytes);
  for (const i of pods) start[of.up(i)] = RUNS;

  return {
    layout,
    classes: [pods],
    start,
    next(s, step) {
      world(s, step);
      for (const i of pods) pod(s, step, i);
    },
    tidy: () => undefined,
    judge(s) {
      const isDone = s[global.committed] === scenario.changes && s[global.applied] === s[global.committed];
      return { broken: null, goal: isDone && pods.every((i) => s[of.up(i)] === RUNS), excused: false };
    },
    show: (s) =>
      pods.flatMap((i) => [
        i,
        `${['down', 'running'][s[of.up(i)]]}, settings ${s[of.file(i)]}, applies ${s[of.run(i)] - 1}; applied ${s[global.applied]};`,
      ]),
  };
}
