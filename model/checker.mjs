// A small explicit-state model checker. It visits every reachable state, breadth first, so the trace of a violation
// is one of the shortest. A state is a few bytes: a block for each pod, then some globals.
//
// A model has:
//   layout           where the fields are (Layout)
//   classes          groups of interchangeable pods (symmetry)
//   start            the first state
//   next(s, step)    calls step(action, label, change) for every action that is possible in s; change(n) makes the new state
//                    in place, and may return which invariant the action breaks; in the label, numbers are pods
//   tidy(n)          gives equivalent states the same bytes, by clearing what nothing depends on
//   judge(s)         { broken, goal, excused }: which invariant the state breaks, or null; whether the goal is reached (from
//                    every state, the goal must be reachable without further faults); and whether a person must act first
//   show(s)          the state of the pods, as a label

/** Where the fields of a state are: scalars and vectors of each pod (a vector has an element for each pod), and globals. */
export class Layout {
  constructor(pods, { scalars, vectors, globals }) {
    this.pods = pods;
    this.head = scalars.length;
    this.size = scalars.length + vectors.length * pods;
    this.bytes = Math.ceil((pods * this.size + globals.length) / 4) * 4;
    this.of = {}; // of.NAME(pod): where the field is, or where the vector begins
    this.global = {};
    scalars.forEach((name, k) => (this.of[name] = (i) => i * this.size + k));
    vectors.forEach((name, k) => (this.of[name] = (i) => i * this.size + scalars.length + k * pods));
    globals.forEach((name, k) => (this.global[name] = pods * this.size + k));
  }
}

/** A growing array of records of equal width. */
class Column {
  constructor(width = 1, Type = Uint32Array) {
    Object.assign(this, { width, Type, length: 0, chunks: [] });
  }
  chunk(k) {
    return (this.chunks[k >>> 16] ??= new this.Type(65536 * this.width));
  }
  at(k) {
    return this.chunk(k)[k & 65535];
  }
  set(k, value) {
    this.chunk(k)[k & 65535] = value;
  }
  push(value) {
    this.set(this.length++, value);
  }
}

/** The states seen so far, each once. Bytes are compared, not hashes, so different states are never merged. */
class Store {
  constructor(bytes) {
    this.words = bytes / 4;
    this.states = new Column(this.words);
    this.hashes = new Column();
    this.table = new Int32Array(1 << 16).fill(-1);
  }
  get length() {
    return this.states.length;
  }
  read(k, into) {
    const start = (k & 65535) * this.words;
    into.set(this.states.chunk(k).subarray(start, start + this.words));
  }
  equals(k, state) {
    const chunk = this.states.chunk(k);
    const start = (k & 65535) * this.words;
    for (let w = 0; w < this.words; w++) if (chunk[start + w] !== state[w]) return false;
    return true;
  }
  /** The number of this state. A new state gets the next number. */
  add(state) {
    let hash = 0x811c9dc5;
    for (let w = 0; w < this.words; w++) {
      hash = Math.imul(hash ^ state[w], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    hash >>>= 0;
    let slot = hash & (this.table.length - 1);
    for (let k; (k = this.table[slot]) >= 0; slot = (slot + 1) & (this.table.length - 1)) {
      if (this.hashes.at(k) === hash && this.equals(k, state)) return k;
    }
    const k = this.states.length++;
    this.states.chunk(k).set(state, (k & 65535) * this.words);
    this.hashes.push(hash);
    this.table[slot] = k;
    if (this.length * 2 > this.table.length) this.grow();
    return k;
  }
  grow() {
    const size = this.table.length * 2;
    this.table = new Int32Array(size).fill(-1);
    for (let k = 0; k < this.length; k++) {
      let slot = this.hashes.at(k) & (size - 1);
      while (this.table[slot] >= 0) slot = (slot + 1) & (size - 1);
      this.table[slot] = k;
    }
  }
}

/** Sorts the pods of a class by their scalars, so that states that differ only by a permutation are visited once. */
function sorter({ layout, classes }) {
  const { pods, size, head } = layout;
  const vectors = (size - head) / pods;
  const copy = new Uint8Array(layout.bytes);
  const order = new Uint8Array(pods);
  const compare = (s, a, b) => {
    for (let f = 0; f < head; f++) {
      const difference = s[a * size + f] - s[b * size + f];
      if (difference) return difference;
    }
    return 0;
  };
  return (s) => {
    let moved = false;
    for (let i = 0; i < pods; i++) order[i] = i;
    for (const members of classes) {
      for (let a = 1; a < members.length; a++) {
        for (let b = a; b > 0 && compare(s, order[members[b - 1]], order[members[b]]) > 0; b--) {
          const other = order[members[b]];
          order[members[b]] = order[members[b - 1]];
          order[members[b - 1]] = other;
          moved = true;
        }
      }
    }
    if (!moved) return order;
    copy.set(s);
    for (let i = 0; i < pods; i++) {
      const from = order[i] * size;
      for (let f = 0; f < head; f++) s[i * size + f] = copy[from + f];
      for (let v = 0; v < vectors; v++) {
        const start = head + v * pods;
        for (let j = 0; j < pods; j++) s[i * size + start + j] = copy[from + start + order[j]];
      }
    }
    return order;
  };
}

/** Searches until it finds a violation, has seen every state, or reaches the limit. */
export function search(model, { limit = Infinity } = {}) {
  const started = performance.now();
  const { layout } = model;
  const sort = sorter(model);
  const store = new Store(layout.bytes);
  const [parents, offsets, targets] = [new Column(), new Column(), new Column()];
  const marks = new Column(1, Uint8Array); // 1: the goal, 2: excused
  const current = new Uint8Array(layout.bytes);
  const next = new Uint8Array(layout.bytes);
  const currentWords = new Uint32Array(current.buffer);
  const nextWords = new Uint32Array(next.buffer);
  const taken = new Set();
  let transitions = 0;
  let from = 0;
  let broken = null; // { why, state, last }

  const visit = (parent) => {
    const before = store.length;
    const k = store.add(nextWords);
    if (k === before) {
      parents.push(parent);
      const judged = model.judge(next);
      marks.push((judged.goal ? 1 : 0) | (judged.excused ? 2 : 0));
      if (judged.broken) broken = { why: judged.broken, state: k };
    }
    return k;
  };
  const step = (action, label, change) => {
    if (broken) return;
    transitions++;
    taken.add(action);
    next.set(current);
    const why = change(next);
    if (typeof why === 'string') {
      broken = { why, state: from, last: [action, label] };
      return;
    }
    model.tidy(next);
    sort(next);
    const k = visit(from);
    if (!action.fault) targets.push(k);
  };

  next.set(model.start);
  model.tidy(next);
  sort(next);
  visit(0);
  for (; from < store.length && !broken && store.length < limit; from++) {
    store.read(from, currentWords);
    offsets.push(targets.length);
    model.next(current, step);
  }
  const result = { states: store.length, transitions, taken, verdict: 'safe', why: null, trace: [] };
  if (!broken && from < store.length) result.verdict = 'not finished';
  if (!broken && from === store.length) {
    const state = findStuck(store.length, offsets, targets, marks);
    if (state >= 0) broken = { why: 'stuck: without further faults, the goal is out of reach', state };
  }
  if (broken) {
    result.verdict = broken.why.split(':')[0];
    result.why = broken.why;
    result.trace = traceTo(model, store, parents, sort, broken);
  }
  result.seconds = (performance.now() - started) / 1000;
  return result;
}

/** The first state from which the goal is unreachable although no person must act, or -1. */
function findStuck(states, offsets, targets, marks) {
  offsets.push(targets.length);
  const reaches = new Uint8Array(states);
  for (let changed = true; changed;) {
    changed = false;
    for (let k = states - 1; k >= 0; k--) {
      if (reaches[k]) continue;
      let good = (marks.at(k) & 1) === 1;
      for (let e = offsets.at(k); e < offsets.at(k + 1) && !good; e++) good = reaches[targets.at(e)] === 1;
      if (good) changed = reaches[k] = 1;
    }
  }
  for (let k = 0; k < states; k++) if (!reaches[k] && !(marks.at(k) & 2)) return k;
  return -1;
}

/** The trace to a state. Sorting permutes pods: the lines name them as they were at first. */
function traceTo(model, store, parents, sort, { state, last }) {
  const way = [];
  for (let k = state; k > 0; k = parents.at(k)) way.unshift(k);
  const lines = [];
  const current = new Uint8Array(model.layout.bytes);
  const words = new Uint32Array(current.buffer);
  const next = new Uint8Array(model.layout.bytes);
  next.set(model.start);
  model.tidy(next);
  let place = Array.from(sort(next));
  const name = (part) => (typeof part === 'number' ? place[part] : Array.isArray(part) ? `{${part.map(name)}}` : part);
  const line = (action, label) => `${label.map(name).join(' ')}  (${action.by})`;
  let from = 0;
  for (const k of way) {
    store.read(from, words);
    let found = null;
    model.next(current, (action, text, change) => {
      if (found) return;
      next.set(current);
      if (typeof change(next) === 'string') return;
      model.tidy(next);
      const order = Array.from(sort(next));
      if (store.equals(k, new Uint32Array(next.buffer))) found = { order, line: line(action, text) };
    });
    lines.push(found.line);
    place = found.order.map((i) => place[i]);
    from = k;
  }
  if (last) lines.push(line(...last));
  store.read(state, words);
  return [...lines, `then: ${model.show(current).map(name).join(' ')}`];
}
