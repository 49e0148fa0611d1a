import type { JsonRpcProvider } from 'ethers';

import type { ServedNode, ServedRoute } from '../http/servedNode.ts';
import type { LaneSigner } from '../lanes/nodeLane.ts';

/** Milliseconds for which a chain is not asked again, and for which whoever asks waits for it. */
const FRESH_MS = 15_000;
const PATIENCE_MS = 500;

/** A signer's balance, as its chain has told last. */
export interface Balance extends LaneSigner {
  readonly wei: bigint;
}

/** Whether a route is paused, as its destination has told last. */
interface RoutePause {
  readonly route: string;
  readonly isPaused: boolean;
}

/** What chains alone can tell. */
export interface ChainFacts {
  readonly balances: readonly Balance[];
  /** Of the routes that can be paused. */
  readonly pauses: readonly RoutePause[];
}

/**
 * Returns a function that tells what the chains have told last. Only who asks has them asked, all in the same instant so that each
 * chain gets one request, and no endpoint that is slow or silent holds the answer up: then it is what was known before.
 */
export function chainFactsOf({ signers, routes, providerOf }: ServedNode): () => Promise<ChainFacts> {
  const balances = new Map<string, Balance>();
  const pauses = new Map<string, RoutePause>();
  let askedAt = -Infinity;

  async function askBalance({ chainId, address }: LaneSigner): Promise<void> {
    await keep(balances, `${chainId} ${address}`, providerOf(chainId), async (provider) => {
      return { chainId, address, wei: await provider.getBalance(address) };
    });
  }

  async function askPause({ name: route, destinationChainId, isPaused }: ServedRoute): Promise<void> {
    if (isPaused === undefined) return;
    await keep(pauses, route, providerOf(destinationChainId), async (provider) => {
      return { route, isPaused: await isPaused(provider) };
    });
  }

  return async () => {
    if (performance.now() - askedAt > FRESH_MS) {
      askedAt = performance.now();
      const asked = Promise.all([...signers.map(askBalance), ...routes.map(askPause)]);
      await Promise.race([asked, new Promise((done) => setTimeout(done, PATIENCE_MS).unref())]);
    }
    return { balances: [...balances.values()], pauses: [...pauses.values()] };
  };
}

/** Keeps what a chain tells. Who stands by forgets it: another replica knows better. */
async function keep<T>(
  known: Map<string, T>,
  key: string,
  provider: JsonRpcProvider | undefined,
  ask: (provider: JsonRpcProvider) => Promise<T>,
): Promise<void> {
  if (provider === undefined) {
    known.delete(key);
    return;
  }
  try {
    known.set(key, await ask(provider));
  } catch {
    // That the endpoint does not answer is counted where it is asked.
  }
}
