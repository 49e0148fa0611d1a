import type { LogSource } from '../route.ts';
import { endOf, type Numbered, type NumberRange } from '../store/gaps.ts';
import type { Database } from '../store/schema.ts';

/** Events looked at together: after a start it can be all there are. */
const PAGE = 2000;

/** Events that a contract counts, and what is recorded of them. */
export interface CountedEvents {
  /** Block before the first. */
  readonly deployedAt: number;
  /** How many there are as of a block, by the contract's word. */
  readonly countAt: (block: number) => Promise<number>;
  /** Those recorded from a number on, in order, so many at most. */
  readonly recorded: (db: Database, range: NumberRange) => Promise<readonly Numbered[]>;
  /** Number up to which none is looked for any more. */
  readonly forgotten?: (db: Database) => Promise<number>;
}

/** Compares what is recorded with what a contract counts. */
export function auditOf({ deployedAt, countAt, recorded, forgotten }: CountedEvents): NonNullable<LogSource['audit']> {
  // Of final blocks nothing is dropped: what was once complete up to here stays so, and is not read at each pass.
  let sound: Numbered | undefined;
  return async ({ number, finalNumber }) => {
    const count = await countAt(number);
    return async (db) => {
      const first = Math.max(sound?.number ?? 0, (await forgotten?.(db)) ?? 0);
      let [next, last, final] = [first, undefined as Numbered | undefined, sound];
      for (;;) {
        const rows = await recorded(db, { first: next, limit: PAGE });
        const end = endOf(rows, next);
        [next, last] = [end.missing, end.last ?? last];
        final = rows.findLast(({ blockNumber }) => blockNumber <= finalNumber) ?? final;
        if (end.isGap || rows.length < PAGE) break;
      }
      if (next < count) return last?.blockNumber ?? deployedAt + 1;
      sound = final;
      return undefined;
    };
  };
}
