// The membership protocol: how members start, join, leave, are removed and recover, over an abstract etcd.
//
// What is abstracted:
// - etcd. A ROUND: a majority of the voting members takes its longest log and adds one entry (a write, or a change of the
//   member list), which all of them have from then on. That is what Raft guarantees while no member forgets anything; the
//   model looks for members that forget. Elections, terms and entries of a minority are not modeled. Any majority may do
//   a round at any time while the others lag behind, which covers partitions and slow members.
// - One write, at any time. Each pod's data has it or not.
// - A question and its answer are one step: the answer is what is true at that moment. A pod that is down is silent,
//   and with `lostAnswers` also any pod that the settings do not include.
// - Time: anything that can happen can happen at any moment, and any wait can end at any moment.
// - DNS, addresses, TLS, versions of etcd, corrupt data and full disks are not modeled.
import { agreement } from './agreement.mjs';
import { CHECKING, DOWN, FRESH, RUNNING, world } from './etcd.mjs';
import { ACTIONS as A } from './rules.mjs';

export function membership(options) {
  const all = world(options);
  const { scenario, layout, classes, start, tidy, of, global, pods, names, nameOf, has, wanted, exists } = all;
  const { entry, idOf, isLearner, hasRun, entryOf, votersOf, sameCluster, lists, votes, quorums, isReady } = all;
  const { round, setEntry, clearData, down } = all;
  const { comeUp, fresh, check, beginAgain } = agreement(all);
  const { settings, protocol } = scenario;
  const LAST = settings.length - 1;

  const isRunning = (s, i) => s[of.process(i)] === RUNNING;
  const serves = (s, i) => isRunning(s, i) && s[of.noted(i)] && !s[of.begun(i)] && !s[of.leaving(i)];

  function pod(s, step, i, ready) {
    const process = s[of.process(i)];
    if (s[of.step(i)] < LAST && (exists(s, i) || process !== DOWN)) {
      step(A.settings, ['the settings of', i, `are now ${settings[s[of.step(i)] + 1]}`], (n) => {
        n[of.step(i)]++;
      });
    }
    if (process === DOWN) {
      isDown(s, step, i);
      return;
    }
    if (s[global.crashes] < scenario.crashes) {
      step(A.crash, [i, 'is killed'], (n) => {
        down(n, i);
        n[global.crashes]++;
        if (!exists(n, i)) n[global.orphaned] = 1;
      });
    }
    const upgraded = (j) => s[of.version(j)] === protocol && serves(s, j) && isReady(ready, j);
    if (s[of.version(i)] !== protocol && pods.every((j) => j <= i || upgraded(j))) {
      step(A.upgrade, [i, `is replaced by a pod of protocol ${protocol}`], (n) => {
        down(n, i);
        n[of.version(i)] = protocol;
      });
    }
    if (scenario.twin && i === 0) step(A.nodeBack, ['the forgotten', i, 'is stopped'], (n) => down(n, i));
    if (process === CHECKING) check(s, step, i, ready);
    if (process === FRESH) fresh(s, step, i, ready);
    if (process === RUNNING) running(s, step, i, ready);
  }

  function isDown(s, step, i) {
    if (s[global.losses] < scenario.losses) {
      step(A.loseDisk, [i, 'loses its disk'], (n) => {
        n[global.lostCopies] += n[of.wrote(i)];
        clearData(n, i);
        n[of.disk(i)]++;
        n[global.losses]++;
      });
    }
    if (exists(s, i)) step(A.start, [i, `comes up with${s[of.data(i)] ? '' : 'out'} data`], (n) => comeUp(n, i));
  }

  function running(s, step, i, ready) {
    // the grace period ends. A pod that is killed before it was removed and is not recreated is a fault
    const timeIsUp = exists(s, i);
    if (s[of.leaving(i)] && (timeIsUp || mayLeave(s, i, ready))) step(A.leave, [i, 'leaves'], (n) => down(n, i));
    if (has(s, i, 'idFromEtcd') && !s[of.noted(i)]) {
      step(A.noteId, [i, 'notes its id'], (n) => {
        n[of.noted(i)] = 1;
      });
    }
    if (isReady(ready, i)) {
      if (!hasRun(entryOf(s, i, i)) || (s[of.noted(i)] && !s[of.begun(i)])) return;
      step(A.noteSelf, [i, 'notes that it votes'], (n) => {
        [n[of.noted(i)], n[of.begun(i)]] = [1, 0];
      });
      return;
    }
    const again = (n) => (n[of.leaving(i)] ? down(n, i) : comeUp(n, i)); // a pod that is deleted stays down
    for (const { leader } of ready) {
      if (lists(s, leader, i)) continue;
      if (sameCluster(s, leader, i)) step(A.exit, ['etcd of', i, 'ends: it was removed'], again);
      else if (has(s, i, 'restartUnlisted')) step(A.restart, [i, 'starts again: a quorum does not list it'], again);
    }
    if (s[of.begun(i)] && !s[of.log(i)] && has(s, i, 'beginAgain')) {
      step(A.beginAgain, [i, 'begins the same first start again: its log has no entry'], (n) => beginAgain(n, i));
    }
    if (scenario.recover && !ready.length) wish(s, step, i);
  }

  const goes = (s, j) => s[of.leaving(j)] || (s[of.process(j)] === DOWN && !exists(s, j));
  function mayLeave(s, i, ready) {
    const others = names.filter((j) => j !== i && entryOf(s, i, j) && isReady(ready, j));
    const stay = others.filter((j) => !s[of.leaving(j)]);
    if (!stay.length) return !has(s, i, 'holdOn') || names.every((j) => j === i || !entryOf(s, i, j) || goes(s, j));
    const left = others.filter((j) => !s[of.leaving(j)] || j < i); // of the leaving pods, the lower ordinals stop later
    if (left.length * 2 <= votersOf(s, i)) return false;
    const several = names.some((j) => j !== i && s[of.leaving(j)]);
    return !several || stay.some((j) => wanted(s, j) <= nameOf(i));
  }

  /** By hand, without a quorum. Protocol 1 considers any other member lost that does not report data. */
  function wish(s, step, i) {
    const others = names.filter((j) => j !== i && j < wanted(s, i));
    const withData = others.filter((j) => s[of.process(j)] > FRESH);
    let survivors = [];
    if (has(s, i, 'namedLost')) {
      const lost = others.filter((j) => !withData.includes(j));
      if (!scenario.hasty && lost.some((j) => s[of.data(j)])) return; // a person names only members whose data is lost
      if (withData.some((j) => !isRunning(s, j) || !sameCluster(s, i, j) || s[of.log(j)] > s[of.log(i)])) return;
      if ([i, ...withData].filter((j) => votes(s, i, j)).length * 2 > votersOf(s, i)) return;
      survivors = withData;
    } else if (withData.some((j) => !s[of.leaving(j)])) return;
    step(A.wish, ['a person calls recover-quorum.sh at', i, 'with the survivors', survivors], (n) => {
      down(n, i);
      n[of.wish(i)] = 1;
      for (const j of survivors) n[of.survivor(i) + j] = 1;
    });
  }

  function quorumActs(s, step, quorum) {
    const { leader } = quorum;
    const by = ['by', quorum.all];
    if (s[global.acknowledged]) step(A.round, ['a round', ...by], (n) => round(n, quorum, () => null));
    else {
      step(A.write, ['a write is acknowledged', ...by], (n) => {
        n[global.acknowledged] = n[of.wrote(leader)] = 1;
        return round(n, quorum, () => null);
      });
    }
    for (const i of quorum.all) {
      const e = entryOf(s, leader, i);
      if (!hasRun(e)) step(A.publish, [i, 'publishes its URLs', ...by], (n) => setEntry(n, quorum, nameOf(i), e + 1));
    }
    for (const i of pods) {
      if (!isRunning(s, i) || !lists(s, leader, i) || !isLearner(entryOf(s, leader, i))) continue;
      const voter = entry(idOf(entryOf(s, leader, i)), 0, 1);
      step(A.promote, [i, 'is promoted', ...by], (n) => setEntry(n, quorum, nameOf(i), voter, i));
    }
    for (const j of names) {
      const e = s[of.list(leader) + j];
      const isSilent = pods.every((k) => nameOf(k) !== j || s[of.process(k)] === DOWN);
      if (!isLearner(e) || hasRun(e) || !isSilent || !quorum.all.some((l) => has(s, l, 'learnerSlot'))) continue;
      step(A.removeSilentLearner, ['the silent learner', j, 'is removed', ...by], (n) => setEntry(n, quorum, j, 0));
    }
    if (LAST) removeSurplus(s, step, quorum);
  }

  /** By the leader, which any member of the quorum can be: removes a member that has left, whose pod is gone, or that is leaving and is needed until then. */
  function removeSurplus(s, step, quorum) {
    const { leader } = quorum;
    const N = Math.min(...quorum.all.map((l) => wanted(s, l)));
    const voters = votersOf(s, leader);
    const active = names.filter((j) => isRunning(s, j) && votes(s, leader, j));
    const mayGo = (j) => {
      if (j < N || !s[of.list(leader) + j]) return false;
      if (s[of.process(j)] === DOWN) return true;
      return s[of.leaving(j)] && (active.length - active.includes(j)) * 2 <= voters;
    };
    // No connected member is removed when too few others are connected: etcd refuses, unless it has not noticed yet
    const asks = !scenario.etcdLags || quorum.all.every((l) => has(s, l, 'quorumThen'));
    const refuses = (j) => asks && active.includes(j) && active.length - 1 < 1 + Math.floor((voters - 1) / 2);
    const candidates = names.filter(mayGo).reverse();
    const triesAll = quorum.all.some((l) => has(s, l, 'nextSurplus'));
    for (const j of triesAll ? candidates : candidates.slice(0, 1)) {
      if (refuses(j)) continue;
      step(A.removeSurplus, [j, 'is removed as surplus by', quorum.all], (n) => setEntry(n, quorum, j, 0));
    }
  }

  function next(s, step) {
    const ready = quorums(s);
    if (s[global.scaled] < LAST && scenario.scale) {
      step(A.scale, [`the StatefulSet has ${settings[s[global.scaled] + 1]} replicas`], (n) => {
        n[global.scaled]++;
        for (const i of pods) {
          if (exists(n, i)) continue;
          if (isRunning(n, i)) n[of.leaving(i)] = 1;
          else {
            if (n[of.data(i)]) n[global.orphaned] = 1;
            down(n, i);
          }
        }
      });
    }
    for (const i of pods) pod(s, step, i, ready);
    for (const quorum of ready) quorumActs(s, step, quorum);
  }

  /** All expected members serve, the member list is exactly these, and all have the last settings and scripts. */
  function isWhole(s, ready) {
    if (s[global.scaled] < LAST && scenario.scale) return false;
    const isLast = (i) => s[of.step(i)] === LAST && s[of.version(i)] === protocol;
    return ready.some(({ leader }) => {
      if (names.some((j) => j >= settings[LAST] && s[of.list(leader) + j])) return false;
      return pods.every((i) => !exists(s, i) || (serves(s, i) && isLast(i) && votes(s, leader, i)));
    });
  }
  /** A person must act: disks were lost, or surplus pods were killed before they were removed, and no quorum is left. */
  function isExcused(s) {
    if (scenario.recover && pods.some((i) => s[of.data(i)])) return false;
    if (!s[global.losses] && !s[global.orphaned]) return false;
    return !quorums(s, DOWN).some((quorum) => quorum.all.every((i) => exists(s, i) || s[of.process(i)] !== DOWN));
  }
  function judge(s) {
    const ready = quorums(s);
    const two = ready.some((a) => ready.some((b) => (a.mask & b.mask) === 0));
    const broken = two ? 'two quorums: they can do rounds side by side' : null;
    return { broken, goal: isWhole(s, ready), excused: isExcused(s) };
  }

  const WORDS = ['down', 'without data', 'checking', 'running'];
  const show = (s) =>
    pods.flatMap((i) => {
      const voting = names.filter((j) => s[of.list(i) + j] && !isLearner(s[of.list(i) + j]));
      const data = s[of.data(i)]
        ? [`log ${s[of.log(i)]}${s[of.wrote(i)] ? ' with the write' : ''}, voters`, voting]
        : [];
      return [i, WORDS[s[of.process(i)]], ...data, ';'];
    });

  return { layout, classes, start, next, tidy, judge, show };
}
