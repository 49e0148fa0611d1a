import type { JsonRpcProvider } from 'ethers';

import { sendToAll } from '../../../../sdk/chain/pooledProvider.ts';
import { toXdmError } from '../../../../sdk/chain/rpcErrors.ts';
import { XdmError } from '../../../../sdk/core/errors.ts';

/** A transaction as a node gives it, or its receipt. */
export interface InBlock {
  /** Hex. */
  readonly blockNumber: string;
  /** Null of one that waits. */
  readonly blockHash: string | null;
}

/** Milliseconds for which an answer holds: what is sent on its word is sent no later. Shorter than a pass of another process. */
const FRESH_MS = 50;

/**
 * Milliseconds for which an endpoint that has fallen silent may know what no other one does: that it has executed what it was handed. Longer
 * than another one of the same chain is behind it. Who waits for the silent one itself never goes on where it stays away; who goes on
 * by the heads of the others cannot know whether they are behind a block that only the silent one has.
 */
export const SILENCE_MS = 60_000;

/** Transactions looked up together. */
const AHEAD = 8;

/**
 * What L2 has of a row of deposits, asked right before each is handed over. Of those that come next it is asked in the same instant:
 * a node that answers a deposit in a few milliseconds would spend as long on each question.
 */
export class L2Lookups {
  readonly #l2: JsonRpcProvider;
  readonly #hashes: readonly string[];
  readonly #doubtful: ReadonlySet<string>;
  readonly #answers = new Map<string, { readonly found: readonly InBlock[]; readonly at: number }>();

  /**
   * @param hashes of the deposits, in the order in which they are executed
   * @param doubtful of those that were handed over before: the one that knows what came of it may be silent now
   */
  constructor(l2: JsonRpcProvider, hashes: readonly string[], doubtful: ReadonlySet<string>) {
    this.#l2 = l2;
    this.#hashes = hashes;
    this.#doubtful = doubtful;
  }

  /** The transaction as those endpoints of L2 give it that have it. @throws {XdmError} where one does not answer that may be the only one */
  async find(hash: string): Promise<readonly InBlock[]> {
    const last = this.#answers.get(hash);
    if (last !== undefined && performance.now() - last.at <= FRESH_MS) return last.found;
    const first = this.#hashes.indexOf(hash);
    const next = first === -1 ? [hash] : this.#hashes.slice(first, first + AHEAD);
    const at = performance.now();
    const found = await Promise.all(next.map(async (each) => await this.#look(each)));
    for (const [position, each] of next.entries()) this.#answers.set(each, { found: found[position] ?? [], at });
    return found[0] ?? [];
  }

  async #look(hash: string): Promise<readonly InBlock[]> {
    return await (this.#doubtful.has(hash) ? findSurely(this.#l2, hash) : findOnL2(this.#l2, hash));
  }

  /** L2 has just said that it has executed it. */
  noteExecuted(hash: string, receipt: InBlock): void {
    this.#answers.set(hash, { found: [receipt], at: performance.now() });
  }
}

/**
 * A transaction as those endpoints of L2 give it that have it; none does where none has it that can have executed it.
 * @throws {XdmError} where one of these does not say
 */
export async function findSurely(l2: JsonRpcProvider, hash: string): Promise<InBlock[]> {
  try {
    return await findOnL2(l2, hash, SILENCE_MS);
  } catch (cause) {
    const { code, message } = toXdmError(cause);
    throw new XdmError(code, `whether L2 has executed deposit ${hash} is not known: ${message}`, {
      cause,
      hint:
        'an endpoint that may have executed it does not say: it is waited for, for a minute from its last answer on; ' +
        'take it out if errors are all that it answers',
    });
  }
}

/**
 * A transaction as those endpoints of L2 give it that have it.
 * @param recently as in `sendToAll`
 */
export async function findOnL2(l2: JsonRpcProvider, hash: string, recently?: number): Promise<InBlock[]> {
  const answers = await sendToAll(l2, { method: 'eth_getTransactionByHash', params: [hash] }, recently);
  return (answers as (InBlock | null)[]).filter((each) => each !== null);
}

/** Whether it is in a block, and not in a pool. */
export function isInBlock({ blockHash }: InBlock): boolean {
  return blockHash !== null;
}
