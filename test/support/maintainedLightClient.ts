import { Courtesy } from '../../relayer/lanes/omnichain/courtesy.ts';
import type { MaintainedLightClient } from '../../relayer/lanes/omnichain/maintainedLightClient.ts';
import type { StageContext } from '../../relayer/stages/stage.ts';
import { newEngines } from '../../relayer/tx/engines.ts';
import type { LightClientMaintainer } from '../../sdk/chain/omnichain/maintenance/maintainer.ts';
import { findLightClient, maintainerOf } from '../../sdk/chain/omnichain/maintenance/maintainerOf.ts';
import { HERE, type MaintainedClients } from './maintainedClients.ts';

/** Which light client, and what is next for it where that is not as its source has it. */
interface Kept {
  readonly of: bigint;
  readonly maintainer: LightClientMaintainer | undefined;
}

/** A light client as a node keeps it, whose maintainer pays from the fourth account. */
export function maintainedLightClient(
  { client, here }: MaintainedClients,
  context: StageContext,
  { of, maintainer }: Kept,
): MaintainedLightClient {
  const found = findLightClient(client, { on: HERE, of });
  const settings = { maxFeePerGas: 500, maxSpendPerDay: undefined, rebroadcastAfter: 1000, bumpAfter: 1000 };
  const sentTo = { chainId: Number(HERE), provider: found.provider };
  const engine = newEngines(settings, context).of(sentTo, here.account(3).privateKey);
  const name = `${of} on ${HERE}`;
  const { service } = client.chains.get(HERE)!;
  const rest = { updates: 'all', courtesy: new Courtesy() } as const;
  return { name, service, found, engine, routeId: 1, maintainer: maintainer ?? maintainerOf(found), ...rest };
}
