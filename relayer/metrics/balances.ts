import type { ServedNode } from '../http/servedNode.ts';
import type { LaneSigner } from '../lanes/nodeLane.ts';

/** Milliseconds for which a balance is not asked for again, and for which whoever asks waits for it. */
const FRESH_MS = 15_000;
const PATIENCE_MS = 500;

/** A signer's balance, as its chain has told last. */
export interface Balance extends LaneSigner {
  readonly wei: bigint;
}

/**
 * Returns a function that tells balances. Only who asks has them asked for, and no endpoint that is slow or silent holds the answer up:
 * then it is what was known before.
 */
export function balancesOf({ signers, providerOf }: ServedNode): () => Promise<readonly Balance[]> {
  const known = new Map<string, Balance>();
  let askedAt = -Infinity;
  async function ask({ chainId, address }: LaneSigner): Promise<void> {
    try {
      const wei = await providerOf(chainId)?.getBalance(address);
      if (wei === undefined) return;
      known.set(`${chainId} ${address}`, { chainId, address, wei });
    } catch {
      // That the endpoint does not answer is counted where it is asked.
    }
  }
  return async () => {
    if (performance.now() - askedAt > FRESH_MS) {
      askedAt = performance.now();
      const asked = Promise.all(signers.map(ask));
      await Promise.race([asked, new Promise((done) => setTimeout(done, PATIENCE_MS).unref())]);
    }
    return [...known.values()];
  };
}
