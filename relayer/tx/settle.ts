import type { Cursor } from '../store/blocks.ts';
import type { Database } from '../store/schema.ts';
import { addSpending, dayOf } from '../store/spending.ts';
import { markMined, markReplaced, markUnmined, type Account, type OpenTransaction } from '../store/transactions.ts';
import type { Receipt } from './receipts.ts';

/** What the chain says of transactions. */
export interface Findings {
  readonly cursor: Cursor;
  /** The account's next nonce in the last block that cannot be dropped. */
  readonly used: number;
  /** By transaction, of those that are mined. */
  readonly receipts: ReadonlyMap<OpenTransaction, Receipt>;
  /** Transactions that were looked for so long that their receipts do not merely come late. */
  readonly lost: ReadonlySet<number>;
}

/** What became of them. */
export interface Settled {
  readonly moved: number;
  readonly unmined: readonly OpenTransaction[];
  readonly final: readonly (readonly [OpenTransaction, Receipt])[];
}

/** Records what became of transactions, and what they cost once that is final. */
export async function settle(
  db: Database,
  account: Account,
  open: readonly OpenTransaction[],
  { cursor, used, receipts, lost }: Findings,
): Promise<Settled> {
  const unmined: OpenTransaction[] = [];
  const final: [OpenTransaction, Receipt][] = [];
  let moved = 0;
  for (const transaction of open) {
    const { id, nonce, stage } = transaction;
    const receipt = receipts.get(transaction);
    if (receipt !== undefined) {
      // Mined is what stands in a block that was read: `watch` sees when it is dropped.
      if (receipt.blockNumber > cursor.number) continue;
      const isFinal = receipt.blockNumber <= cursor.finalNumber;
      await markMined(db, id, receipt, isFinal);
      if (isFinal) final.push([transaction, receipt]);
      moved++;
    } else if (nonce < used && lost.has(id)) {
      await markReplaced(db, id);
      moved++;
    } else {
      if (stage === 'mined') await markUnmined(db, id);
      unmined.push(transaction);
    }
  }
  const paid = final.reduce((sum, [, receipt]) => sum + receipt.paid, 0n);
  if (paid > 0n) await addSpending(db, account, dayOf(Date.now()), paid);
  return { moved, unmined, final };
}
