/** So many headers from one block down to another cost less than an update. */
const NEAR = 4n;

/** So many cost about as much as one: where there are messages in each block, half of these are shown for each. */
const NEAR_WHILE_BEHIND = 16n;

/** Updates that are sent in one go. */
const MOST_APART = 16;

/**
 * Blocks that updates are worth: the last one, and of those before it what is not near one that is worth one. What leads down from there costs
 * less. Where these are more than can be brought in one go, they lie farther from each other, and the first ones come first: a light client
 * that is brought a few blocks at a time falls ever farther behind a chain that has messages in each block, until it expires.
 * @param numbers ascending
 */
export function farApart(numbers: readonly bigint[]): bigint[] {
  let apart = moreThan(NEAR, numbers);
  for (let near = 2n * NEAR; apart.length > MOST_APART && near <= NEAR_WHILE_BEHIND; near *= 2n) {
    apart = moreThan(near, numbers);
  }
  return apart.slice(0, MOST_APART);
}

function moreThan(distance: bigint, numbers: readonly bigint[]): bigint[] {
  const apart: bigint[] = [];
  for (const number of numbers.toReversed()) {
    if (apart[0] === undefined || apart[0] - number > distance) apart.unshift(number);
  }
  return apart;
}
