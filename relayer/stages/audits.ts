import type { BlockHeader } from '../../sdk/chain/blockHeader.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import type { GapCheck, WatchedChain } from '../route.ts';
import type { Cursor } from '../store/blocks.ts';
import type { Database } from '../store/schema.ts';

/** Blocks from the head back whose state every node still has. */
const AUDIT_DEPTH = 64;

/** Asks how much there is as of the cursor, where every node can still say it. */
export async function auditAt(
  { sources }: WatchedChain,
  cursor: Cursor,
  head: BlockHeader,
): Promise<(GapCheck | undefined)[]> {
  if (head.number - cursor.number > AUDIT_DEPTH) return [];
  return await Promise.all(sources.map(async (each) => await each.audit?.(cursor)));
}

/** An endpoint has left out logs. */
export class Gap extends XdmError {
  readonly from: number;

  constructor(from: number) {
    super('rpc-error', `the endpoint has left out logs from block ${from} on`, {
      hint: 'if it goes on like this, ask another node',
    });
    this.from = from;
  }
}

/**
 * Compares what is recorded with what there is, in the transaction that records it.
 * @throws {Gap}
 */
export async function checkGaps(db: Database, checks: readonly (GapCheck | undefined)[]): Promise<void> {
  const found = await Promise.all(checks.map(async (check) => await check?.(db)));
  const blocks = found.filter((block) => block !== undefined);
  if (blocks.length > 0) throw new Gap(Math.min(...blocks));
}
