import { connect } from '../sdk/chain/rpc.ts';

/** Blocks of a chain that otherwise has one for each transaction only. */
export interface IdleBlocks {
  stop(): void;
}

/**
 * Mines a block whenever a chain has had none for a while, so that its time goes on. Anvil's own way to have both, mixed mining,
 * can take a transaction into two blocks: what it is mining when the time for a block comes is still in its pool. A deposit has no
 * nonce that would prevent it.
 * @param seconds without a block
 */
export async function startIdleBlocks(url: string, seconds: number): Promise<IdleBlocks> {
  const provider = await connect(url, { name: 'L2' });
  let last: unknown;
  const tick = async (): Promise<void> => {
    const number: unknown = await provider.send('eth_blockNumber', []);
    const { pending } = (await provider.send('txpool_status', [])) as { readonly pending: string };
    const isIdle = number === last && BigInt(pending) === 0n;
    last = number;
    if (!isIdle) return;
    await provider.send('evm_mine', []);
    last = await provider.send('eth_blockNumber', []);
  };
  let isTicking = false;
  const timer = setInterval(() => {
    if (isTicking) return;
    isTicking = true;
    // A chain that has ended is noticed by whoever started it.
    void tick()
      .catch(() => undefined)
      .finally(() => (isTicking = false));
  }, seconds * 1000);
  return {
    stop() {
      clearInterval(timer);
      provider.destroy();
    },
  };
}
