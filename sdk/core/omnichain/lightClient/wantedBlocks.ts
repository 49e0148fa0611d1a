/** So many headers from one block down to another cost less than an update. */
const NEAR = 4n;

/**
 * Blocks that updates are worth: the last one, and of those before it what is not near one that is worth one. What leads down from there costs
 * less.
 * @param numbers ascending
 */
export function farApart(numbers: readonly bigint[]): bigint[] {
  const apart: bigint[] = [];
  for (const number of numbers.toReversed()) {
    if (apart[0] === undefined || apart[0] - number > NEAR) apart.unshift(number);
  }
  return apart;
}
