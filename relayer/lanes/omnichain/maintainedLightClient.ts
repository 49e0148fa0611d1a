import type { LightClientMaintainer } from '../../../sdk/chain/omnichain/maintenance/maintainer.ts';
import type { TransactionEngine } from '../../tx/engine.ts';
import type { OmnichainConfig } from './config.ts';
import type { Courtesy } from './courtesy.ts';
import type { UpdateNeed } from './updateNeed.ts';

/** A light client that the node keeps in sync. */
export interface MaintainedLightClient extends UpdateNeed {
  /** The chain whose blocks it knows, and the one that it is on, such as `7001 on 7000`. */
  readonly name: string;
  /** The service that reads by it. */
  readonly service: string;
  readonly maintainer: LightClientMaintainer;
  /** Which updates are sent. */
  readonly updates: OmnichainConfig['updates'];
  readonly courtesy: Courtesy;
  /** Of the account that pays, on the chain that it is on. */
  readonly engine: TransactionEngine;
}
