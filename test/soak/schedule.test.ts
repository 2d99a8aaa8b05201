import { rounds, type Fault, type FaultKind, type Round } from './schedule';

const SEEDS = Array.from({ length: 100 }, (_, seed) => seed);

function first(count: number, seed: number, impossible?: readonly FaultKind[]): Round[] {
  const all = rounds(seed, impossible);
  return Array.from({ length: count }, () => all.next().value as Round);
}

const manyRounds = SEEDS.flatMap((seed) => first(40, seed));
const faultsOf = ({ faults }: Round): Fault[] => faults.map(({ fault }) => fault);
const minority = (size: number): number => Math.floor((size - 1) / 2);

test('the same seed gives the same rounds, and another seed gives others', () => {
  expect(first(50, 42)).toEqual(first(50, 42));
  expect(first(50, 42)).not.toEqual(first(50, 43));
});

test('the rounds of a seed are frozen, so that a failed run can be replayed', () => {
  expect(first(2, 1)).toMatchInlineSnapshot(`
   [
     {
       "faults": [
         {
           "after": 2,
           "fault": {
             "kind": "disk full",
             "ordinal": 0,
             "seconds": 33,
           },
         },
       ],
       "from": 3,
       "to": 3,
     },
     {
       "faults": [
         {
           "after": 1,
           "fault": {
             "kind": "pod killed",
             "ordinal": 0,
           },
         },
       ],
       "from": 3,
       "to": 3,
     },
   ]
  `);
});

test('every kind of fault occurs within 25 rounds', () => {
  const kinds = new Set(manyRounds.flatMap(faultsOf).map(({ kind }) => kind));
  expect(kinds.size).toBe(13);
  for (const seed of SEEDS) {
    const seen = new Set(
      first(25, seed)
        .flatMap(faultsOf)
        .map(({ kind }) => kind),
    );
    expect([seed, [...kinds].filter((kind) => !seen.has(kind))]).toEqual([seed, []]);
  }
});

test('faults that this environment cannot cause never occur', () => {
  const kinds = new Set(
    first(100, 1, ['disk full', 'member cut off'])
      .flatMap(faultsOf)
      .map(({ kind }) => kind),
  );
  expect(kinds.size).toBe(11);
});

test('each round starts with the number of members that the one before left, and scales in steps of two', () => {
  for (const seed of SEEDS) {
    const all = first(20, seed);
    expect(all[0]?.from).toBe(3);
    for (const [i, round] of all.entries()) {
      expect([1, 3, 5]).toContain(round.to);
      expect(all[i + 1]?.from ?? round.to).toBe(round.to);
      const scaled = faultsOf(round).filter(({ kind }) => kind === 'scaled');
      expect(scaled).toHaveLength(round.from === round.to ? 0 : 1);
      for (const fault of scaled) expect(fault).toMatchObject({ replicas: round.to });
      expect([0, 2]).toContain(Math.abs(round.from - round.to));
    }
  }
  expect(new Set(manyRounds.map(({ from, to }) => `${from}-${to}`)).size).toBe(7);
});

test('no round takes more disks than a minority of the smallest cluster in its settings', () => {
  const wrong = manyRounds.filter((round) => {
    const faults = faultsOf(round);
    const sizes = faults.flatMap((fault) => (fault.kind === 'stale settings' ? [fault.replicas] : []));
    const disks = faults.flatMap((fault) =>
      fault.kind === 'volumes lost' ? fault.ordinals : fault.kind === 'disk full' ? [fault.ordinal] : [],
    );
    return disks.length > minority(Math.min(round.from, round.to, ...sizes)) || new Set(disks).size < disks.length;
  });
  expect(wrong).toEqual([]);
});

test('while members leave, there is at most one other fault, and only one that members recover from', () => {
  const allowed = ['pod killed', 'member cut off', 'etcd frozen', 'scripts frozen', 'stale settings'];
  const wrong = manyRounds.filter((round) => {
    const others = faultsOf(round).filter(({ kind }) => kind !== 'scaled');
    return round.to < round.from && (others.length > 1 || others.some(({ kind }) => !allowed.includes(kind)));
  });
  expect(wrong).toEqual([]);
});

test('faults hit members that exist, and a network partition has two different members', () => {
  const wrong = manyRounds.filter(({ from, faults }) =>
    faults.some(({ fault }) => {
      const named = 'ordinals' in fault ? fault.ordinals : 'ordinal' in fault ? [fault.ordinal] : [];
      const enough = fault.kind !== 'pair cut off' || new Set(named).size === 2;
      return !enough || named.some((ordinal) => ordinal >= from);
    }),
  );
  expect(wrong).toEqual([]);
  expect(manyRounds.filter(({ faults }) => faults.length === 0)).toEqual([]);
});
