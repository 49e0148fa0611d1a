import { sql } from 'kysely';

import type { LogPosition } from '../../sdk/chain/logs.ts';
import { toBytes } from './bytes.ts';

/** Whose events they are, and on which chain they stand. */
export interface EventSource {
  readonly routeId: number;
  readonly chainId: number;
}

/** The columns that say where an event stands. */
export function positionColumns({ chainId }: EventSource, { blockNumber, logIndex, ...hashes }: LogPosition): EventRow {
  return {
    chainId,
    blockNumber,
    blockHash: toBytes(hashes.blockHash),
    transactionHash: toBytes(hashes.transactionHash),
    logIndex,
    // What was dropped comes back with the same row.
    orphaned: 0,
  };
}

interface EventRow {
  readonly chainId: number;
  readonly blockNumber: number;
  readonly blockHash: Uint8Array;
  readonly transactionHash: Uint8Array;
  readonly logIndex: number;
  readonly orphaned: 0;
}

/** The same for a row that is there already: as the one has them that was to be inserted. */
export const INSERTED_POSITION = {
  chainId: sql.ref<number>('excluded.chainId'),
  blockNumber: sql.ref<number>('excluded.blockNumber'),
  blockHash: sql.ref<Uint8Array>('excluded.blockHash'),
  transactionHash: sql.ref<Uint8Array>('excluded.transactionHash'),
  logIndex: sql.ref<number>('excluded.logIndex'),
  orphaned: 0,
} as const;
