// What the switches in the source ask and tell, as `__checks`. Shared by all test files of a run.

class Switches {
  /** The place that is removed now. */
  removed = undefined;
  /** The places that have reported something since `listen`. */
  reported = new Set();

  #asked = 0;

  listen() {
    this.reported = new Set();
  }

  isRemoved(place) {
    this.#asked++;
    this.reported.add(place);
    return this.removed === place;
  }

  text(place, text) {
    return text !== undefined && this.isRemoved(place) ? undefined : text;
  }

  list(place, found) {
    return found.length > 0 && this.isRemoved(place) ? [] : found;
  }

  grammar(place, grammar) {
    return (value) => this.text(place, grammar(value));
  }

  /** A call that can add problems: without the place, they are as before. */
  call(place, reporters, act) {
    const counts = reporters.map(({ found }) => found.length);
    const result = act();
    const hasFound = reporters.some(({ found }, i) => found.length > counts[i]);
    if (hasFound && this.isRemoved(place)) reporters.forEach(({ found }, i) => (found.length = counts[i]));
    return result;
  }

  check(place, check) {
    return typeof check !== 'function' ? check : (...args) => this.call(place, [args[2]], () => check(...args));
  }

  /** The names of what is required. One is missing if something is reported before the next is asked for. */
  keys(places, names) {
    return Object.assign([...names], {
      [Symbol.iterator]: () => this.#present(places, names),
    });
  }

  *#present(places, names) {
    for (const [i, name] of names.entries()) {
      if (this.removed === places[i]) continue;
      const before = this.#asked;
      yield name;
      if (this.#asked > before) this.reported.add(places[i]);
    }
  }

  /** `needs`, which makes one check of several names. */
  split(places, needs) {
    return (...names) => {
      const checks = names.map((name, i) => this.check(places[i], needs(name)));
      return (...args) => checks.forEach((check) => check(...args));
    };
  }
}

export const switches = new Switches();
