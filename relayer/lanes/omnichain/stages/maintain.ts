import { lightClientAt } from '../../../../sdk/chain/omnichain/contracts.ts';
import type { MaintenanceCall } from '../../../../sdk/chain/omnichain/maintenance/maintainer.ts';
import { tryPlan } from '../../../../sdk/chain/omnichain/maintenance/plans.ts';
import { toXdmError } from '../../../../sdk/chain/rpcErrors.ts';
import { XdmError, type ErrorCode } from '../../../../sdk/core/errors.ts';
import type { StageContext } from '../../../stages/stage.ts';
import { awaitedBlocks } from '../../../store/awaited.ts';
import type { Database } from '../../../store/schema.ts';
import type { MaintainedLightClient } from '../maintainedLightClient.ts';
import { isNeeded } from '../updateNeed.ts';

/** Updates sent in one pass: each takes room in a block, and all of them must be paid for at once. */
const MOST_UPDATES = 16;

/** Awaited blocks that are looked at in one pass: as many as these updates can lead to where each block is one. */
const MOST_AWAITED = 256;

/** What no update helps against: there is an alarm for it. */
const BEYOND_HELP: ReadonlySet<ErrorCode> = new Set(['light-client-frozen', 'light-client-expired']);

/**
 * Sends what takes a light client to where its source is, where that is worth it. What is next follows from the chains and the source alone: what somebody else
 * has sent meanwhile is not next any more, and counts as done.
 * @returns number of updates sent
 */
export async function maintain(
  client: MaintainedLightClient,
  { store, logger, signals }: StageContext,
): Promise<number> {
  const { name, engine, found, updates } = client;
  const calls = await nextCalls(client, store.db);
  const [first] = calls;
  if (first === undefined || (updates === 'needed' && !(await isNeeded(store.db, client, calls)))) return 0;
  const room = Math.min(MOST_UPDATES, await engine.capacity());
  if (room === 0 || !(await isTaken(client, store.db, first))) return 0;
  if (await isLeftToOthers(client, first)) return 0;

  const paid = affordable(calls.slice(0, room), await engine.affordableGas());
  // Its source can lie about those after it. What was not seen to be taken would only cost: it waits for the next pass.
  const { taken } = await tryPlan(found.provider, paid);
  const sent = paid.slice(0, Math.max(1, taken));
  await engine.submit(sent);
  signals.emit('lightClientUpdated', { on: Number(found.entry.on), of: Number(found.of), count: sent.length });
  logger.info({ lightClient: name, brings: sent.map(({ brings }) => brings), signer: engine.address }, 'updating');
  return sent.length;
}

/** Whether somebody else has sent an update that brings as much, by the node's pending block, and not too long ago. */
async function isLeftToOthers(
  { found, courtesy }: MaintainedLightClient,
  { block }: MaintenanceCall,
): Promise<boolean> {
  const { head } = lightClientAt(found.address, found.provider);
  const [known] = await head();
  return await courtesy.yields(known, async () => {
    const [pending] = await head({ blockTag: 'pending' });
    return block !== undefined && pending > known && pending >= block;
  });
}

/** The first ones, as far as they can be paid for together; one at least, which says what is lacking. */
function affordable(calls: readonly MaintenanceCall[], gas: bigint): readonly MaintenanceCall[] {
  let left = gas;
  const end = calls.findIndex(({ gasLimit }, index) => {
    left -= gasLimit;
    return index > 0 && left < 0n;
  });
  return end === -1 ? calls : calls.slice(0, end);
}

/** Through the blocks that messages wait for: after a long break they are far below the newest one. */
async function nextCalls(
  { maintainer, routeId }: MaintainedLightClient,
  db: Database,
): Promise<readonly MaintenanceCall[]> {
  try {
    return await maintainer.next(async (after) => {
      const awaited = await awaitedBlocks(db, routeId, { after, most: MOST_AWAITED });
      return awaited.map(BigInt);
    });
  } catch (error) {
    if (error instanceof XdmError && BEYOND_HELP.has(error.code)) return [];
    throw error;
  }
}

/**
 * Whether the contract takes an update now.
 * @throws {XdmError} what it refuses an update with that is still next: it is no race with somebody else, and sending it would only
 * cost
 */
async function isTaken(client: MaintainedLightClient, db: Database, { to, data }: MaintenanceCall): Promise<boolean> {
  const { engine, found } = client;
  try {
    await found.provider.estimateGas({ from: engine.address, to, data });
    return true;
  } catch (error) {
    const next = await nextCalls(client, db);
    if (next.some((call) => call.data === data)) throw toXdmError(error);
    return false;
  }
}
