import type { LightClientMaintainer } from '../../../sdk/chain/omnichain/maintenance/maintainer.ts';
import type { FoundLightClient } from '../../../sdk/chain/omnichain/maintenance/maintainerOf.ts';
import type { TransactionEngine } from '../../tx/engine.ts';

/** A light client that the node keeps in sync. */
export interface MaintainedLightClient {
  /** The chain whose blocks it knows, and the one that it is on, such as `7001 on 7000`. */
  readonly name: string;
  readonly found: FoundLightClient;
  readonly maintainer: LightClientMaintainer;
  /** Of the account that pays, on the chain that it is on. */
  readonly engine: TransactionEngine;
}
