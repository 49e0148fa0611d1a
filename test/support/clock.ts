import type { JsonRpcProvider } from 'ethers';

/** Mines a block with a timestamp, seconds; it is set, not moved, which a fast chain could be ahead of. */
export async function mineAt(provider: JsonRpcProvider, timestamp: bigint): Promise<void> {
  await provider.send('evm_setNextBlockTimestamp', [Number(timestamp)]);
  await provider.send('evm_mine', []);
}
