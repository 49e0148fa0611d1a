/** A transaction that keeps a light client in sync. Anybody may send it. */
export interface MaintenanceCall {
  /** See `maintenancePurpose`. */
  readonly purpose: string;
  /** What is known afterwards, such as `block 17` or `the committee of period 5`. */
  readonly brings: string;
  /** The newest block that is known afterwards, if it brings one. */
  readonly block: bigint | undefined;
  /** Whether it brings those who sign next: a light client that is left without goes on only as long as its source still has it. */
  readonly isUpkeep: boolean;
  /** The light client. */
  readonly to: string;
  readonly data: string;
  /** What it takes at most: one that follows others can be estimated only once these are mined. */
  readonly gasLimit: bigint;
}

/** What the calls of a light client are for, by the chain whose blocks it knows. */
export function maintenancePurpose(of: bigint): string {
  return `update the light client of chain ${of}`;
}

/** Some of the blocks after another one, ascending. */
export type WantedBlocks = (after: bigint) => Promise<readonly bigint[]>;

/**
 * Keeps a light client in sync with its chain. Has no memory: what is next follows from the contract and the source alone, so
 * that it can be started anew at any time, or beside others.
 */
export interface LightClientMaintainer {
  /**
   * The calls that take the light client to what its source has, in the order in which they must be mined; none where there is
   * nothing new.
   * @param wantedAfter blocks after another one that are wanted themselves, ascending. A light client that can be taken to any block is
   * taken to these and no farther, where there are some: what is proven from a block far above costs more, or cannot be proven
   * @throws {XdmError} `light-client-frozen`, `light-client-expired`, `state-unavailable` and `update-invalid` for what its source
   * does not have or says wrongly, and what the endpoints throw
   */
  next(wantedAfter?: WantedBlocks): Promise<readonly MaintenanceCall[]>;
}
