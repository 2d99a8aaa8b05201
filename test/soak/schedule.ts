import { Random } from './random';

/** Faults as plain data. Times are in seconds; members are named by their ordinals. */
export type Fault =
  | { readonly kind: 'pod killed'; readonly ordinal: number }
  | { readonly kind: 'pod deleted'; readonly ordinal: number }
  | { readonly kind: 'all pods killed' }
  | { readonly kind: 'volumes lost'; readonly ordinals: readonly number[]; readonly kill: boolean }
  | { readonly kind: 'member cut off'; readonly ordinal: number; readonly seconds: number }
  | { readonly kind: 'pair cut off'; readonly ordinals: readonly number[]; readonly seconds: number }
  | { readonly kind: 'etcd frozen'; readonly ordinal: number; readonly seconds: number }
  | { readonly kind: 'scripts frozen'; readonly ordinal: number; readonly seconds: number }
  | { readonly kind: 'disk full'; readonly ordinal: number; readonly seconds: number }
  /** An old number of members comes back in the settings. `told` read it at once; others when their kubelet looks. */
  | {
      readonly kind: 'stale settings';
      readonly replicas: number;
      readonly told: readonly number[];
      readonly seconds: number;
    }
  | { readonly kind: 'scaled'; readonly replicas: number; readonly told: readonly number[] }
  | { readonly kind: 'rolling restart' }
  | { readonly kind: 'defragmentation' };

export type FaultKind = Fault['kind'];

/** Overlapping faults, each with its start in seconds after that of the round. Then the cluster gets time to recover. */
export interface Round {
  /** The number of members before and after. */
  readonly from: number;
  readonly to: number;
  readonly faults: readonly { readonly after: number; readonly fault: Fault }[];
}

const KINDS: readonly FaultKind[] = [
  'pod killed',
  'pod deleted',
  'all pods killed',
  'volumes lost',
  'member cut off',
  'pair cut off',
  'etcd frozen',
  'scripts frozen',
  'disk full',
  'stale settings',
  'scaled',
  'scaled',
  'rolling restart',
  'defragmentation',
];

/** Members whose data may be lost or become unusable. */
const TAKES_DISK: readonly FaultKind[] = ['volumes lost', 'disk full'];

/**
 * While members leave, what may happen to one other. A pod that leaves and is killed does not come back: a second one would leave
 * the rest without a quorum, which only scaling up again ends (docs/scale.md).
 */
const BESIDE_SCALE_DOWN: readonly FaultKind[] = [
  'pod killed',
  'member cut off',
  'etcd frozen',
  'scripts frozen',
  'stale settings',
];

const SIZES = [1, 3, 5];
const FIRST_SIZE = 3;
const MOST_FAULTS = 3;
const SPREAD_SECONDS = 8;

/**
 * The rounds of a seed, without end. Every kind comes up before one comes up again, as far as the rules of a round allow: no more disks
 * than a minority of the smallest cluster that any settings in the round ask for; one fault of a kind.
 *
 * @param impossible kinds that cannot be done here
 */
export function* rounds(seed: number, impossible: readonly FaultKind[] = []): Generator<Round> {
  const random = new Random(seed);
  const deck = new Deck(
    random,
    KINDS.filter((kind) => !impossible.includes(kind)),
  );
  for (let from = FIRST_SIZE; ;) {
    const round = nextRound(random, deck, from);
    yield round;
    from = round.to;
  }
}

function nextRound(random: Random, deck: Deck, from: number): Round {
  const scales = deck.next() === 'scaled' || (from === 1 && random.happens(0.5)); // a cluster of one member tolerates few faults
  const to = scales ? neighbour(random, from) : from;
  const most = random.whole(1, to < from ? 2 : MOST_FAULTS);
  const faults: Fault[] = [];
  let smallest = Math.min(from, to);
  while (faults.length < most) {
    const kind = deck.take((candidate) => isAllowed(candidate, faults, from, to, smallest));
    if (kind === undefined) break;
    const fault = make(random, kind, from, to, smallest);
    faults.push(fault);
    if (fault.kind === 'stale settings') smallest = Math.min(smallest, fault.replicas);
  }
  return { from, to, faults: faults.map((fault) => ({ after: random.whole(0, SPREAD_SECONDS), fault })) };
}

function isAllowed(kind: FaultKind, before: readonly Fault[], from: number, to: number, smallest: number): boolean {
  const kinds = before.map((fault) => fault.kind);
  if (to !== from && before.length === 0) return kind === 'scaled';
  if (kind === 'scaled' || kinds.includes(kind)) return false;
  if (to < from && !BESIDE_SCALE_DOWN.includes(kind)) return false;
  const takesDisk = TAKES_DISK.includes(kind);
  if (kinds.some((other) => TAKES_DISK.includes(other)) && (takesDisk || kind === 'stale settings')) return false;
  if (takesDisk) return minority(smallest) > 0;
  return kind !== 'pair cut off' || from > 1;
}

function make(random: Random, kind: FaultKind, from: number, to: number, smallest: number): Fault {
  const ordinals = Array.from({ length: from }, (_, ordinal) => ordinal);
  const ordinal = random.oneOf(ordinals);
  const seconds = random.whole(3, 20);
  const told = ordinals.filter(() => random.happens(0.5));
  switch (kind) {
    case 'volumes lost': {
      const lost = random.sample(ordinals, random.whole(1, minority(smallest)));
      return { kind, ordinals: lost.sort((a, b) => a - b), kill: random.happens(0.5) };
    }
    case 'pair cut off':
      return { kind, ordinals: random.sample(ordinals, 2), seconds };
    case 'stale settings':
      return {
        kind,
        replicas: random.oneOf(SIZES.filter((size) => size !== to)),
        told: [...new Set([...told, ordinal])].sort(),
        seconds,
      };
    case 'scaled':
      return { kind, replicas: to, told };
    case 'all pods killed':
    case 'rolling restart':
    case 'defragmentation':
      return { kind };
    case 'pod killed':
    case 'pod deleted':
      return { kind, ordinal };
    case 'disk full':
      return { kind, ordinal, seconds: 3 * seconds }; // etcd has some space in its preallocated files
    default:
      return { kind, ordinal, seconds };
  }
}

function minority(size: number): number {
  return Math.floor((size - 1) / 2);
}

function neighbour(random: Random, size: number): number {
  return random.oneOf(SIZES.filter((other) => Math.abs(other - size) === 2));
}

/** Deals kinds in random order, all of them before the next shuffle. What cannot be used yet stays on top. */
class Deck {
  private cards: FaultKind[] = [];

  public constructor(
    private readonly random: Random,
    private readonly kinds: readonly FaultKind[],
  ) {}

  /** The next kind, regardless of the rules. */
  public next(): FaultKind | undefined {
    this.refill();
    return this.cards[0];
  }

  public take(isAllowed: (kind: FaultKind) => boolean): FaultKind | undefined {
    this.refill();
    let found = this.cards.findIndex(isAllowed);
    if (found < 0) {
      this.cards.push(...this.random.sample(this.kinds, this.kinds.length));
      found = this.cards.findIndex(isAllowed);
    }
    return found < 0 ? undefined : this.cards.splice(found, 1)[0];
  }

  private refill(): void {
    if (this.cards.length === 0) this.cards = this.random.sample(this.kinds, this.kinds.length);
  }
}
