/** Numbers that look random, the same ones for the same seed. */
export interface Random {
  /** From 0 to less than 1. */
  next(): number;
  /** From `min` to `max`, both included. */
  integer(min: number, max: number): number;
  chance(share: number): boolean;
  pick<T>(choices: readonly T[]): T;
  /** The same in another order. */
  shuffle<T>(items: readonly T[]): T[];
  /** Another series, which does not depend on how much is taken from this one later. */
  fork(): Random;
}

/** Mulberry32: 32 bits of state are enough to choose instants and faults. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    integer,
    chance: (share) => next() < share,
    pick: (choices) => choices[integer(0, choices.length - 1)]!,
    shuffle: (items) =>
      items
        .map((item) => ({ item, place: next() }))
        .toSorted((one, other) => one.place - other.place)
        .map(({ item }) => item),
    fork: () => randomOf(integer(0, 2 ** 32 - 1)),
  };
}
