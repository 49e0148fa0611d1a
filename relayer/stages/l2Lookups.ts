import type { JsonRpcProvider } from 'ethers';

import { sendToAll } from '../../sdk/chain/pooledProvider.ts';

/** A transaction as a node gives it, or its receipt. */
export interface InBlock {
  /** Hex. */
  readonly blockNumber: string;
  /** Null of one that waits. */
  readonly blockHash: string | null;
}

/** Milliseconds for which an answer holds: what is sent on its word is sent no later. Shorter than a pass of another process. */
const FRESH_MS = 50;

/** Transactions looked up together. */
const AHEAD = 8;

/**
 * What L2 has of a row of deposits, asked right before each is handed over. Of those that come next it is asked in the same instant:
 * a node that answers a deposit in a few milliseconds would spend as long on each question.
 */
export class L2Lookups {
  readonly #l2: JsonRpcProvider;
  readonly #hashes: readonly string[];
  readonly #answers = new Map<string, { readonly found: readonly InBlock[]; readonly at: number }>();

  /** @param hashes of the deposits, in the order in which they are executed */
  constructor(l2: JsonRpcProvider, hashes: readonly string[]) {
    this.#l2 = l2;
    this.#hashes = hashes;
  }

  /** The transaction as those endpoints of L2 give it that have it. */
  async find(hash: string): Promise<readonly InBlock[]> {
    const last = this.#answers.get(hash);
    if (last !== undefined && performance.now() - last.at <= FRESH_MS) return last.found;
    const first = this.#hashes.indexOf(hash);
    const next = first === -1 ? [hash] : this.#hashes.slice(first, first + AHEAD);
    const at = performance.now();
    const found = await Promise.all(next.map(async (each) => await findOnL2(this.#l2, each)));
    for (const [position, each] of next.entries()) this.#answers.set(each, { found: found[position] ?? [], at });
    return found[0] ?? [];
  }

  /** L2 has just said that it has executed it. */
  noteExecuted(hash: string, receipt: InBlock): void {
    this.#answers.set(hash, { found: [receipt], at: performance.now() });
  }
}

/** A transaction as those endpoints of L2 give it that have it. */
export async function findOnL2(l2: JsonRpcProvider, hash: string): Promise<InBlock[]> {
  const answers = await sendToAll(l2, { method: 'eth_getTransactionByHash', params: [hash] });
  return (answers as (InBlock | null)[]).filter((each) => each !== null);
}

/** Whether it is in a block, and not in a pool. */
export function isInBlock({ blockHash }: InBlock): boolean {
  return blockHash !== null;
}
