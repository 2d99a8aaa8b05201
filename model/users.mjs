// Root's password on a running cluster: root.sh. Its Secret changes, Kubernetes updates it in each pod at its own time, and members apply it
// in etcd, which has one password.
//
// What is abstracted:
// - etcd always has a quorum: a change of the password happens at once, for all members.
// - Members read each other's phase one at a time. A pod that is replaced mounts the Secret of now, and remembers nothing. A container that is
//   restarted keeps both.
import { Layout } from './checker.mjs';
import { USERS_ACTIONS as A, USERS_RULES } from './rules.mjs';

const DEFAULTS = {
  without: [],
  pods: 3,
  changes: 1, // of the Secret, one after the other
  hasty: false, // a change may come before the one before has been applied
  replaced: 0, // pods that are replaced, at any time
};
const [DOWN, RUNS] = [0, 1];
const [UNREAD, NEW] = [0, 1];

export function users(options) {
  const scenario = { ...DEFAULTS, ...options };
  const M = scenario.pods;
  const pods = Array.from({ length: M }, (_, i) => i);
  const rules = Object.fromEntries(USERS_RULES.map((rule) => [rule, !scenario.without.includes(rule)]));
  const layout = new Layout(M, {
    // file: the version of the Secret in its pod; known: the one that etcd accepted last, plus 1, or 0
    scalars: ['up', 'file', 'known'],
    vectors: ['read'],
    globals: ['secret', 'password', 'replaced'],
  });
  const { of, global } = layout;
  const others = (i) => pods.filter((j) => j !== i);
  const clear = (n, i) => n.fill(UNREAD, of.read(i), of.read(i) + M);
  const logsIn = (s, i) =>
    s[of.file(i)] === s[global.password] || (rules.remember && s[of.known(i)] === s[global.password] + 1);
  const saysNew = (s, j) => s[of.file(j)] !== s[global.password];
  const isDone = (s) => s[global.secret] === scenario.changes && s[global.password] === s[global.secret];

  function world(s, step) {
    const applied =
      s[global.password] === s[global.secret] && pods.every((i) => s[of.known(i)] === s[global.password] + 1);
    if (s[global.secret] < scenario.changes && (scenario.hasty || applied)) {
      step(A.changeSecret, ['the Secret has another password'], (n) => {
        n[global.secret]++;
      });
    }
  }

  function pod(s, step, i) {
    if (s[of.up(i)] === DOWN) {
      step(A.begin, [i, 'starts'], (n) => {
        n[of.up(i)] = RUNS;
        n[of.file(i)] = n[global.secret];
      });
      return;
    }
    if (s[global.replaced] < scenario.replaced) {
      step(A.replace, [i, 'is replaced'], (n) => {
        n[of.up(i)] = DOWN;
        n[of.known(i)] = 0;
        clear(n, i);
        n[global.replaced]++;
      });
    }
    if (s[of.file(i)] !== s[global.secret]) {
      step(A.update, [i, 'has the Secret of now'], (n) => {
        n[of.file(i)] = n[global.secret];
        clear(n, i);
      });
    }
    if (!saysNew(s, i)) {
      if (s[of.known(i)] !== s[global.password] + 1) {
        step(A.remember, [i, 'remembers the password'], (n) => {
          n[of.known(i)] = n[global.password] + 1;
        });
      }
    } else if (logsIn(s, i)) {
      apply(s, step, i);
    }
  }

  /** Reads what each other one says, and changes the password when all that answer have another one in their Secret too. */
  function apply(s, step, i) {
    const unread = others(i).find((j) => s[of.read(i) + j] === UNREAD);
    if (unread === undefined || !rules.waitForAll) {
      step(A.changePassword, [i, 'changes the password'], (n) => {
        n[global.password] = n[of.file(i)];
        n[of.known(i)] = n[global.password] + 1;
        for (const j of pods) clear(n, j);
      });
      return;
    }
    const j = unread;
    if (s[of.up(j)] !== DOWN && !saysNew(s, j)) return; // it waits
    step(A.readNew, [i, 'reads that', j, 'has another password, or is down'], (n) => {
      n[of.read(i) + j] = NEW;
    });
  }

  const start = new Uint8Array(layout.bytes);
  for (const i of pods) {
    start[of.up(i)] = RUNS;
    start[of.known(i)] = 1;
  }

  return {
    layout,
    classes: [],
    start,
    next(s, step) {
      world(s, step);
      for (const i of pods) pod(s, step, i);
    },
    tidy: () => undefined,
    judge(s) {
      // A pod that is replaced in between logs in once the password is applied.
      const out = pods.find((i) => s[of.up(i)] === RUNS && s[of.known(i)] !== 0 && !logsIn(s, i));
      const broken = out === undefined ? null : `locked out: ${out} cannot log in`;
      return { broken, goal: isDone(s) && pods.every((i) => s[of.up(i)] === RUNS && logsIn(s, i)), excused: false };
    },
    show: (s) =>
      pods.flatMap((i) => [
        i,
        `${['down', 'running'][s[of.up(i)]]}, Secret ${s[of.file(i)]}, remembers ${s[of.known(i)] - 1}; etcd has ${s[global.password]};`,
      ]),
  };
}
