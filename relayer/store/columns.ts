/** 0 or 1: SQLite has no booleans. */
export type Flag = 0 | 1;

/** Hashes, addresses and calldata are stored as bytes: as hex they would take twice the room. */
export type Bytes = Uint8Array;

/** Wei and gas, in decimal: they can exceed what a column holds as a number. */
export type Decimal = string;

/** Where a row's event stands. An event whose block a reorganisation has dropped is marked, never deleted. */
export interface Event {
  readonly chainId: number;
  readonly blockNumber: number;
  readonly blockHash: Bytes;
  readonly transactionHash: Bytes;
  readonly logIndex: number;
  readonly orphaned: Flag;
}
