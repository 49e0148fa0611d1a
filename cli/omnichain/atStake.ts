/** Where light clients of a chain are. */
export interface Readers {
  /** Names of the chains. */
  readonly names: readonly string[];
  /** Whether it is the relay chain that they know: there, its word stands for every chain. */
  readonly knowRelay: boolean;
}

/** What can be made up by whoever deceives the light clients of a chain, a clause. */
export function atStake(name: string, { names, knowRelay }: Readers): string {
  const on = names.join(', ');
  const messages = knowRelay ? `to ${on}, from every chain` : `from ${name}, to every chain`;
  return `any message ${messages}, by ${names.length === 1 ? 'its light client' : 'its light clients'} on ${on}`;
}
