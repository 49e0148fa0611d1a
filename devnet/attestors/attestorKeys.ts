import { concat, id, keccak256, toBeHex, Wallet } from 'ethers';

/**
 * Keys of a simulated attestor set: others in each epoch, which follow from chain and epoch alone, so that anybody can know them.
 * @returns by ascending address, as contracts want them
 */
export function simulatedAttestors(chainId: bigint, epoch: bigint, size: number): Wallet[] {
  const seed = id('simulated attestor set');
  return Array.from({ length: size }, (_, index) => {
    const entropy = [seed, toBeHex(chainId, 32), toBeHex(epoch, 32), toBeHex(index, 32)];
    return new Wallet(keccak256(concat(entropy)));
  }).toSorted((one, other) => (BigInt(one.address) < BigInt(other.address) ? -1 : 1));
}
