// Which test notices that a place is removed.

/** So many tests of a file without one that notices are enough. */
const MOST_TESTS = 100;

class Results {
  /** Tests in which a place reports something, without one that notices its removal. */
  unseen = new Map();
  noticed = new Map();
  #triedInFile = new Map();

  startFile() {
    this.#triedInFile.clear();
  }

  /** @returns whether its removal has not been noticed so far */
  reports(place, test) {
    const tried = this.#triedInFile.get(place) ?? 0;
    if (this.noticed.has(place) || tried >= MOST_TESTS) return false;
    this.#triedInFile.set(place, tried + 1);
    this.unseen.set(place, [...(this.unseen.get(place) ?? []), test]);
    return true;
  }

  notices(place, test) {
    this.noticed.set(place, test);
    this.unseen.delete(place);
  }
}

export const results = new Results();
