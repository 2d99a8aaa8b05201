// Which test notices that a place is removed.

/** So many tests without one that notices are enough. */
const MOST_TESTS = 20;

class Results {
  /** Tests in which a place reports something, without one that notices its removal. */
  unseen = new Map();
  noticed = new Map();

  /** @returns whether its removal has not been noticed so far */
  reports(place, test) {
    const unseen = this.unseen.get(place) ?? [];
    if (this.noticed.has(place) || unseen.length >= MOST_TESTS) return false;
    this.unseen.set(place, [...unseen, test]);
    return true;
  }

  notices(place, test) {
    this.noticed.set(place, test);
    this.unseen.delete(place);
  }
}

export const results = new Results();
