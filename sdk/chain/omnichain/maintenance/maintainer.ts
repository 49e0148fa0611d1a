/** A transaction that keeps a light client in sync. Anybody may send it. */
export interface MaintenanceCall {
  /** Such as `update the light client of chain 7001`: the same for all calls of a light client. */
  readonly purpose: string;
  /** What is known afterwards, such as `block 17` or `the committee of period 5`. */
  readonly brings: string;
  /** The light client. */
  readonly to: string;
  readonly data: string;
  /** What it takes at most: one that follows others can be estimated only once these are mined. */
  readonly gasLimit: bigint;
}

/**
 * Keeps a light client in sync with its chain. Has no memory: what is next follows from the contract and the source alone, so
 * that it can be started anew at any time, or beside others.
 */
export interface LightClientMaintainer {
  /**
   * The calls that take the light client to what its source has, in the order in which they must be mined; none where there is
   * nothing new.
   * @throws {XdmError} `light-client-frozen`, `light-client-expired`, `state-unavailable` and `update-invalid` for what its source
   * does not have or says wrongly, and what the endpoints throw
   */
  next(): Promise<readonly MaintenanceCall[]>;
}
