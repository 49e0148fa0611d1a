import type { Provider } from 'ethers';

import { XdmError } from '../core/errors.ts';

/** A transaction as it was sent. */
export interface SentTransaction {
  readonly hash: string;
  readonly from: string;
  readonly nonce: number;
}

/** Blocks before the head that are looked at first: a chain can have had some since the transaction was sent. */
const BLOCKS_BEFORE = 16;

/** Milliseconds for which a nonce may be taken by a transaction that is not found, until that is what is believed. */
const PATIENCE_MS = 60_000;

/**
 * Looks for another transaction of an account in the place of one that is waited for. That the nonce is taken proves nothing: of
 * several nodes one can have the block, and another not have its receipts yet.
 */
export class OvertakenWatch {
  readonly #sent: SentTransaction;
  /** The next block to be looked at. */
  #next: number | undefined;
  #takenSince: number | undefined;

  constructor(sent: SentTransaction) {
    this.#sent = sent;
  }

  /**
   * Looks once. To be called while the transaction is in no block.
   * @throws {XdmError} `nonce-conflict` where another one is in a block, or the nonce is taken for so long that one must be; what the
   * endpoint throws
   */
  async look(provider: Provider): Promise<void> {
    const { hash, from, nonce } = this.#sent;
    const head = await provider.getBlockNumber();
    this.#next ??= Math.max(0, head - BLOCKS_BEFORE);
    if ((await provider.getTransactionCount(from)) <= nonce) {
      this.#takenSince = undefined;
      return;
    }
    this.#takenSince ??= performance.now();
    for (; this.#next <= head; this.#next++) {
      const block = await provider.getBlock(this.#next, true);
      // Not known to this node yet.
      if (block === null) return;
      const other = block.prefetchedTransactions.find((each) => each.from === from && each.nonce === nonce);
      if (other !== undefined && other.hash !== hash) throw overtaken(hash, `${other.hash} was`);
    }
    if (performance.now() - this.#takenSince > PATIENCE_MS) throw overtaken(hash, 'another transaction must have been');
  }
}

function overtaken(hash: string, other: string): XdmError {
  return new XdmError('nonce-conflict', `${other} mined with its nonce, in place of ${hash}`, {
    hint: 'look at what the account has sent: somebody has outbid it, or the key is used elsewhere, or stolen',
  });
}
