// How a member starts: agree.sh, with membership.sh.
import { CHECKING, DOWN, FRESH, RUNNING } from './etcd.mjs';
import { ACTIONS as A } from './rules.mjs';

// what a pod has heard from another in this round: 0 nothing yet, 1 + its disk, or:
const SILENT_BEYOND = 63;
const EXPECTED = 64; // nothing yet, but another pod has begun a bootstrap with its disk

export function agreement(world) {
  const { scenario, layout, of, global, pods, names, nameOf, has, wanted } = world;
  const { entry, idOf, isLearner, hasRun, entryOf, sameCluster, lists, isReady, setEntry } = world;
  const { putData, clear, clearData, down } = world;
  const M = layout.pods;

  function nextRound(n, i) {
    clear(n, of.heard(i));
    n[of.said(i)] = wanted(n, i);
    n[of.follows(i)] = 0;
    n[of.asked(i)] = has(n, i, 'publishFirst') ? wanted(n, i) : 0;
  }
  function comeUp(n, i) {
    n[of.process(i)] = n[of.data(i)] ? CHECKING : FRESH;
    n[of.said(i)] = wanted(n, i);
    if (!n[of.data(i)]) nextRound(n, i);
  }

  // --- without data
  function fresh(s, step, i, ready) {
    const asked = s[of.asked(i)];
    const waits = asked <= nameOf(i); // the settings do not include it, or it has not read them yet
    let heard = false;
    for (let j = 0; j < M; j++) heard ||= s[of.heard(i) + j] > 0;
    const reads = has(s, i, 'publishFirst') || (asked && waits) ? asked !== wanted(s, i) : !asked;
    if (!heard && reads) {
      step(A.readSettings, [i, `reads ${wanted(s, i)} in its settings`], (n) => {
        n[of.asked(i)] = wanted(n, i);
        if (asked || has(s, i, 'publishFirst')) n[of.said(i)] = wanted(n, i);
      });
    }
    if (waits) return;
    const seen = ready.filter(({ all }) => has(s, i, 'askEveryone') || all.some((j) => nameOf(j) < asked));
    for (const quorum of seen) join(s, step, i, quorum);
    if (!scenario.existing && (scenario.lostAnswers || !seen.length)) askForFirstStart(s, step, i, ready);
  }

  const diskOf = (s, i, j) => (has(s, i, 'diskIds') ? 1 + s[of.disk(j)] : 1); // as far as i knows

  /** i hears k, whose name is j. Returns whether a bootstrap is still possible in this round. */
  function hear(n, i, j, k, ready) {
    const heard = of.heard(i);
    const fits = (m, disk) => (m === i ? disk === diskOf(n, i, i) : [0, EXPECTED + disk, disk].includes(n[heard + m]));
    if (n[of.process(k)] === DOWN) {
      n[heard + j] = SILENT_BEYOND;
      return j >= n[of.asked(i)];
    }
    const disk = diskOf(n, i, k);
    if ((has(n, i, 'diskIds') && n[of.version(k)] === 1) || !fits(j, disk)) return false;
    n[heard + j] = disk;
    if (!n[of.data(k)]) return n[of.follows(i)] === 1 || n[of.said(k)] === n[of.asked(i)];
    const N = n[has(n, k, 'begunDecides') ? of.begun(k) : of.said(k)];
    if (!n[of.begun(k)] || isReady(ready, k) || j >= N) return false;
    if (N !== n[of.asked(i)] && !(has(n, i, 'followBegun') && nameOf(i) < N)) return false;
    return !has(n, i, 'diskIds') || follow(n, i, k, N, fits);
  }
  /** i joins the bootstrap for N that k has begun, if it can include the disks that i has heard of. */
  function follow(n, i, k, N, fits) {
    const heard = of.heard(i);
    for (let m = 0; m < M; m++) {
      const disk = n[of.token(k) + m];
      if (m < N && n[heard + m] === SILENT_BEYOND) n[heard + m] = 0;
      if (m >= N ? disk : !fits(m, disk)) return false;
      if (m < N && m !== i && !n[heard + m]) n[heard + m] = EXPECTED + disk;
    }
    if (has(n, i, 'followBegun')) [n[of.asked(i)], n[of.follows(i)]] = [N, 1];
    return true;
  }

  function askForFirstStart(s, step, i, ready) {
    const isOpen = (j) => s[of.heard(i) + j] === 0 || s[of.heard(i) + j] >= EXPECTED;
    const isAsked = (j) => j !== nameOf(i) && (has(s, i, 'askEveryone') || j < s[of.asked(i)]);
    const open = names.filter((j) => isAsked(j) && isOpen(j));
    for (const j of open) {
      for (const k of pods) {
        if (nameOf(k) !== j) continue;
        step(A.hear, [i, 'hears', k], (n) => {
          if (!hear(n, i, j, k, ready)) nextRound(n, i);
        });
      }
      if (scenario.lostAnswers && j >= s[of.asked(i)]) {
        step(A.loseAnswer, [i, 'hears nothing of', j], (n) => {
          n[of.heard(i) + j] = SILENT_BEYOND;
        });
      }
    }
    if (open.length || bootstrapped(s, i)) return;
    const label = [i, `makes a first start for ${s[of.asked(i)]}`];
    step(A.firstStart, label, (n) => begin(n, i));
    if (s[global.crashes] === scenario.crashes) return;
    step(A.crashInFirstStart, [...label, 'and is killed before its log has an entry'], (n) => {
      begin(n, i);
      n[of.log(i)] = 0;
      clear(n, of.list(i));
      down(n, i);
      n[global.crashes]++;
    });
  }

  const firstList = (count) => pods.map((j) => (j < count ? entry(0, 0, 0) : 0));
  function begin(n, i) {
    const N = n[of.asked(i)];
    const token = pods.map((j) => (j >= N ? 0 : j === i ? diskOf(n, i, i) : n[of.heard(i) + j]));
    putData(n, i, { id: 0, log: 1, begun: N, token, list: firstList(N) });
    n[of.said(i)] = wanted(n, i);
  }
  function beginAgain(n, i) {
    n[of.log(i)] = 1;
    firstList(n[of.begun(i)]).forEach((e, j) => (n[of.list(i) + j] = e));
  }
  /** etcd's own check: a running peer of the same bootstrap has seen this member publish. */
  function bootstrapped(s, i) {
    const n = s.slice();
    begin(n, i);
    return pods.some((j) => {
      if (j === i || s[of.process(j)] !== RUNNING || !sameCluster(n, i, j)) return false;
      const e = entryOf(s, j, i);
      return e > 0 && hasRun(e) && idOf(e) === 0;
    });
  }

  function join(s, step, i, quorum) {
    const own = nameOf(i);
    const e = entryOf(s, quorum.leader, i);
    const through = ['through', quorum.all];
    const change = (name, to) => (n) => {
      nextRound(n, i);
      return setEntry(n, quorum, name, to);
    };
    if (e && !hasRun(e) && (isLearner(e) || !has(s, i, 'learnersOnly'))) {
      step(A.takeEntry, [i, 'starts as its entry that never ran', ...through], (n) => {
        const [token, list] = ['token', 'list'].map((field) => s.subarray(of[field](quorum.leader)));
        putData(n, i, { id: idOf(e), log: 0, begun: 0, token, list });
      });
    } else if (e) {
      const peer = pods.some(
        (k) => k !== i && s[of.process(k)] === RUNNING && nameOf(k) === own && lists(s, quorum.leader, k),
      );
      if (peer && has(s, i, 'activePeer')) return;
      const remove = peer ? () => 'active member removed: by another pod of its name' : change(own, 0);
      step(A.removeOwnEntry, [i, 'removes its old entry', ...through], remove);
    } else {
      if (names.some((j) => isLearner(s[of.list(quorum.leader) + j]))) return; // etcd allows one at a time
      step(A.addLearner, [i, 'is added as a learner', ...through], change(own, entry(unusedId(s, i), 1, 0)));
    }
  }
  /** IDs are random: an ID that no pod remembers is as good as a new one. */
  function unusedId(s, i) {
    const isUsed = (id) =>
      pods.some((k) => {
        const e = entryOf(s, k, i);
        return (e && idOf(e) === id) || (nameOf(k) === nameOf(i) && s[of.id(k)] === id);
      });
    let id = 1;
    while (isUsed(id)) id++;
    return id;
  }

  // --- with data
  function check(s, step, i, ready) {
    const isListed = ({ leader }) => (s[of.noted(i)] ? lists(s, leader, i) : entryOf(s, leader, i) > 0);
    const isAsked = ({ all }) => all.some((j) => j !== i && (has(s, i, 'askEveryone') || nameOf(j) < wanted(s, i)));
    const unlisted = ready.some((quorum) => isAsked(quorum) && !isListed(quorum));
    if (unlisted) step(A.setAside, [i, 'sets its data aside: a quorum does not list it'], (n) => setAside(n, i));
    if (s[of.wish(i)]) {
      const hasData = (j) => j !== i && s[of.process(j)] > FRESH && !s[of.survivor(i) + j];
      if (has(s, i, 'wishInPod') && (ready.length || pods.some(hasData))) {
        step(A.dropWish, [i, 'drops the wish: others are ready or have data'], (n) => clearWish(n, i));
      } else step(A.force, [i, 'starts as the only member'], (n) => force(n, i));
    } else if (!unlisted || scenario.lostAnswers) {
      step(A.startOnData, [i, 'starts on its data'], (n) => {
        n[of.process(i)] = RUNNING;
      });
    }
  }
  function setAside(n, i) {
    const others = pods.some((j) => j !== i && n[of.wrote(j)]);
    if (n[of.wrote(i)] && !others && n[global.lostCopies] * 2 <= n[global.voters]) {
      return 'data set aside: they alone hold an acknowledged write';
    }
    clearData(n, i);
    comeUp(n, i);
  }
  function clearWish(n, i) {
    n[of.wish(i)] = 0;
    clear(n, of.survivor(i));
  }
  function force(n, i) {
    if (n[global.acknowledged] && !n[of.wrote(i)]) {
      if (pods.some((j) => n[of.wrote(j)] && n[of.survivor(i) + j])) return 'write lost: a survivor has it';
      for (const j of pods) n[of.wrote(j)] = 0; // lost with the members that were named as lost
      n[global.acknowledged] = 0;
    }
    const own = entryOf(n, i, i);
    clear(n, of.list(i));
    n[of.list(i) + nameOf(i)] = own;
    n[of.log(i)] = Math.max(...pods.map((j) => n[of.log(j)])) + 1;
    n[of.process(i)] = RUNNING;
    n[global.voters] = 1;
    clearWish(n, i);
  }

  return { comeUp, fresh, check, beginAgain };
}
