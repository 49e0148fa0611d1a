import type { BaseWallet, TransactionRequest } from 'ethers';

import { sleep } from '../../sdk/chain/sleep.ts';

/** Longest wait for a round to be mined, milliseconds: what a chain has dropped does not come back. */
const ROUND_MS = 6000;

/** Sends transactions all at once. Those that the chain drops are lost, and their nonces are the next round's. */
export async function sendRound(
  wallet: BaseWallet,
  requests: readonly TransactionRequest[],
  terms: { readonly gasLimit: bigint; readonly maxFeePerGas: bigint },
): Promise<void> {
  const provider = wallet.provider!;
  const [nonce, { chainId }] = await Promise.all([wallet.getNonce('latest'), provider.getNetwork()]);
  const common = { chainId, type: 2, maxPriorityFeePerGas: 1_000_000_000n, ...terms };
  await Promise.all(
    requests.map(async (request, offset) => {
      const raw = await wallet.signTransaction({ ...common, ...request, nonce: nonce + offset });
      // Where the chain has dropped blocks meanwhile, the nonce is another one.
      await provider.broadcastTransaction(raw).catch(() => undefined);
    }),
  );
  const deadline = performance.now() + ROUND_MS;
  while ((await wallet.getNonce('latest')) < nonce + requests.length && performance.now() < deadline) await sleep(100);
}
