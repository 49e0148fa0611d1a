import type { Logger } from 'pino';

import type { OrderEvent } from '../../../sdk/chain/omnichain/logs.ts';
import type { Block } from '../../store/blocks.ts';
import { toHex } from '../../store/bytes.ts';
import type { Numbered, NumberRange } from '../../store/gaps.ts';
import type { Database } from '../../store/schema.ts';

/**
 * Messages to and from chains that services know and the node's deployment file does not, such as one added after the node was
 * started. Anybody can send them: they are passed over, and read again by a node that is started with the extended file.
 */
export class UnknownChains {
  readonly #logger: Logger;
  readonly #said = new Set<bigint>();
  /** Blocks of messages that the relay chain has sent first, by the numbers it has given them: that they are not in the store is no gap. */
  readonly #sent = new Map<number, Block>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Says so once. */
  met(chainId: bigint): void {
    if (this.#said.has(chainId)) return;
    this.#said.add(chainId);
    const what = `chain ${chainId} is not in this deployment file: start the node with the extended one; until then its messages are passed over`;
    this.#logger.warn({ chainId: Number(chainId) }, what);
  }

  /** @param order one that the relay chain's service has sent first: the others hand theirs to it, whatever it does with them */
  passOver({ envelope, blockNumber, blockHash }: OrderEvent): void {
    this.#sent.set(Number(envelope.nonce), { number: blockNumber, hash: blockHash });
  }

  /** Forgets those whose blocks were dropped: other messages take their numbers. */
  async forgetDropped(db: Database, chainId: number): Promise<void> {
    if (this.#sent.size === 0) return;
    const rows = await db
      .selectFrom('blocks')
      .select('hash')
      .where('chainId', '=', chainId)
      .where('orphaned', '=', 1)
      .execute();
    const dropped = new Set(rows.map(({ hash }) => toHex(hash)));
    for (const [counter, { hash }] of this.#sent) if (dropped.has(hash)) this.#sent.delete(counter);
  }

  /** Those passed over among what is recorded, in order. */
  among(rows: readonly Numbered[], { first, limit }: NumberRange): Numbered[] {
    const recorded = new Set(rows.map(({ number }) => number));
    const passed = [...this.#sent]
      .filter(([number]) => number >= first && number < first + limit && !recorded.has(number))
      .map(([number, block]) => ({ number, blockNumber: block.number }));
    return [...rows, ...passed].toSorted((one, other) => one.number - other.number);
  }
}
