import { getAgreedBlock } from '../../../../sdk/chain/agreedBlock.ts';
import { getBlockHeader, type BlockHeader } from '../../../../sdk/chain/blockHeader.ts';
import { readLightClient } from '../../../../sdk/chain/omnichain/maintenance/lightClientState.ts';
import { clearAlarm, raiseAlarm } from '../../../alarms.ts';
import type { Finality } from '../../../route.ts';
import type { StageContext } from '../../../stages/stage.ts';
import { firstAwaited } from '../../../store/awaited.ts';
import type { UpdateNeed } from '../updateNeed.ts';
import type { MaintainedLightClient } from '../maintainedLightClient.ts';

/** Seconds of blocks that are final and that a light client may lack while a message waits for the first of them. */
const PATIENCE_S = 900;

/** When a light client is late. */
export interface SourceWatch {
  /** From which block on the chain's node is believed. */
  readonly finality: Finality;
  /** See `PATIENCE_S`. */
  readonly patience?: number;
}

/**
 * Calls an operator where a message waits for a block that has long been final by the chain's own node, and the light client is not
 * brought it: its source is stuck, whatever it answers, or its updates come to nothing.
 */
export async function watchSource(
  { name, found, routeId }: UpdateNeed & Pick<MaintainedLightClient, 'name'>,
  { finality, patience = PATIENCE_S }: SourceWatch,
  context: StageContext,
): Promise<void> {
  const alarm = { kind: 'light-client-late', subject: name } as const;
  const { head, isFrozen, isExpired } = await readLightClient(found);
  // There are alarms for what no source helps against.
  const isAlive = !isFrozen && !isExpired;
  const block = isAlive ? await firstAwaited(context.store.db, routeId, head.number) : undefined;
  const final = block === undefined ? undefined : await getAgreedBlock(found.source, finality);
  if (block === undefined || final === undefined || (await secondsUntil(found, block, final)) < patience) {
    await clearAlarm(context, alarm);
    return;
  }
  const { address, of, entry } = found;
  await raiseAlarm(context, {
    ...alarm,
    message: `the light client ${address} of chain ${of} on chain ${entry.on} knows no block after ${head.number}, a message waits for block ${block}, and the chain's node calls ${final.number} final: see whether the sources of its updates are stuck, and what the log says of its maintainer`,
    halts: false,
  });
}

/** Below 0 where the block is not final. */
async function secondsUntil({ source }: UpdateNeed['found'], block: number, final: BlockHeader): Promise<number> {
  if (block > final.number) return -1;
  return final.timestamp - (await getBlockHeader(source, block)).timestamp;
}
