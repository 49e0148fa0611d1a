// What speaks against going on with a plan that stands in a file, of whichever kind of lane.
import type { Provider } from 'ethers';

import { toXdmError } from '../sdk/chain/rpcErrors.ts';
import { XdmError } from '../sdk/core/errors.ts';
import { laneDeployerOf, type ChainPlan } from '../sdk/core/lanePlan.ts';
import type { Output } from './output.ts';

/** A chain of a plan. */
export interface PlannedAt {
  readonly plan: ChainPlan;
  readonly provider: Provider;
  /** What to call it in a sentence. */
  readonly name: string;
}

/** Whether the account has sent something else there since the plan was made: it can be carried out no more. */
export async function isOvertaken({ plan, provider }: PlannedAt): Promise<boolean> {
  if ((await provider.getTransactionCount(plan.account)) <= plan.nonce) return false;
  // Asked for afterwards: the transaction that creates it may have been mined meanwhile.
  return (await provider.getCode(laneDeployerOf(plan))) === '0x';
}

/**
 * Makes sure that what stands of a lane there was created after the block that its plan says it was made at. An earlier one than it was is
 * let pass: no log is missed by it.
 * @param path the plan's file
 * @throws {XdmError} `invalid-argument`, and what the endpoint throws
 */
export async function verifyMadeBefore(
  { plan, provider, name }: PlannedAt,
  path: string,
  log: Output['log'],
): Promise<void> {
  // Before all else of the lane.
  const first = laneDeployerOf(plan);
  if ((await provider.getCode(first)) === '0x') return;
  const block = plan.deployedAt;
  const then = await provider.getCode(first, block).catch(toXdmError);
  if (then === '0x') return;
  if (typeof then !== 'string') {
    if (then.code !== 'rpc-error') throw then;
    log(`warning: ${name}'s endpoint does not say whether ${path} was made before the lane: ${then.message}`);
    return;
  }
  throw new XdmError('invalid-argument', `${path} says block ${block} of ${name}, where the lane was begun already`, {
    hint: `put deployedAt back to the block that it was made at, or any earlier one: what came before it, nobody would see`,
  });
}
