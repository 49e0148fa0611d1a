import type { LogSource } from '../route.ts';
import { endOf, type Numbered } from '../store/gaps.ts';
import type { Database } from '../store/schema.ts';

/** Events that a contract counts, and what is recorded of them. */
export interface CountedEvents {
  /** Block before the first. */
  readonly deployedAt: number;
  /** How many there are as of a block, by the contract's word. */
  readonly countAt: (block: number) => Promise<number>;
  /** Those recorded from a number on, in order. */
  readonly recorded: (db: Database, first: number) => Promise<readonly Numbered[]>;
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
      const rows = await recorded(db, first);
      const { missing, last } = endOf(rows, first);
      if (missing < count) return last?.blockNumber ?? deployedAt + 1;
      sound = rows.findLast(({ blockNumber }) => blockNumber <= finalNumber) ?? sound;
      return undefined;
    };
  };
}
