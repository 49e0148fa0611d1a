import type { BlockTag, Signer, TransactionReceipt, TransactionRequest } from 'ethers';

import { creationCodeHash, laneCreations, type Creation } from '../chain/laneCreations.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { sendOnce } from '../chain/sendOnce.ts';
import { connectionOf, type LaneSigners } from '../chain/signers.ts';
import { XdmError } from '../core/errors.ts';
import type { Lane } from '../core/lane.ts';
import { plannedLane, verifyLanePlan, type ChainPlan, type LanePlan } from '../core/lanePlan.ts';

/** One contract of the lane that is there now. */
export interface DeploymentStep extends Pick<Creation, 'side' | 'contract' | 'address'> {
  /** None where another run created it. */
  readonly transactionHash: string | undefined;
  /** Gas of that transaction. */
  readonly gasUsed: bigint | undefined;
}

/** How to follow and to end a deployment. */
export interface DeployLaneOptions {
  /** Is told of each contract when it is there, in order; of those that were there already, too. */
  readonly onStep?: ((step: DeploymentStep) => void) | undefined;
  /** Ends the run between two steps, or while it waits. It can be repeated. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Deploys what is still missing of a planned lane, one transaction after the other. Repeat it when it fails: it goes on
 * where the last run stopped, and creates nothing twice.
 * @throws {XdmError} `plan-stale` when the plan cannot be carried out any more, `timeout` when the signal ends the run,
 * `wrong-chain` or `invalid-argument` for a signer that the plan is not for, and what the endpoints throw
 */
export async function deployLane(
  signers: LaneSigners,
  plan: LanePlan,
  { onStep, signal }: DeployLaneOptions = {},
): Promise<Lane> {
  verifyLanePlan(plan);
  try {
    await Promise.all([verifySigner(signers.l1Signer, plan.l1), verifySigner(signers.l2Signer, plan.l2)]);
    for (const creation of laneCreations(plan)) {
      const { side, contract, address } = creation;
      const signer = side === 'l1' ? signers.l1Signer : signers.l2Signer;
      const receipt = await ensureCreated(creation, { signer, plan, signal });
      onStep?.({ side, contract, address, transactionHash: receipt?.hash, gasUsed: receipt?.gasUsed });
    }
  } catch (error) {
    throw toXdmError(error);
  }
  return plannedLane(plan);
}

async function verifySigner(signer: Signer, { account, chainId }: ChainPlan): Promise<void> {
  const network = await connectionOf(signer).getNetwork();
  if (network.chainId !== chainId) {
    throw new XdmError('wrong-chain', `the plan is for chain ${chainId}, and the signer is on ${network.chainId}`);
  }
  const address = await signer.getAddress();
  if (address !== account) {
    throw new XdmError('invalid-argument', `the plan is for account ${account}, and the signer is ${address}`, {
      hint: `deploy from ${account}, or plan anew`,
    });
  }
}

interface Run {
  readonly signer: Signer;
  readonly plan: LanePlan;
  readonly signal: AbortSignal | undefined;
}

/** Creates a contract unless it is there. The receipt is that of this run's own transaction. */
async function ensureCreated(creation: Creation, run: Run): Promise<TransactionReceipt | undefined> {
  if (await isCreated(creation, run)) {
    await verifyCreated(creation, run);
    return undefined;
  }
  if (run.plan.creationCodeHash !== creationCodeHash()) {
    throw new XdmError('plan-stale', 'the plan is of another version of xdm, whose contracts are not the same', {
      hint: 'deploy with the version that made the plan, or plan anew',
    });
  }
  const { contract, address } = creation;
  return await sendOnce(
    {
      isDone: async (block) => await isCreated(creation, run, block),
      request: (nonce) => requestOf(creation, run, nonce),
      undone: `there is no ${contract} at ${address}`,
    },
    run,
  );
}

function requestOf({ contract, side, transaction }: Creation, { plan }: Run, nonce: number): TransactionRequest {
  if (transaction.nonce === undefined || transaction.nonce === nonce) return transaction;
  const problem = `the next nonce of ${plan[side].account} on ${side.toUpperCase()} is ${nonce}`;
  throw new XdmError('plan-stale', `${problem}, and the plan creates the ${contract} with ${transaction.nonce}`, {
    hint: 'plan anew: nothing of the lane is there yet',
  });
}

async function isCreated({ address }: Creation, { signer }: Run, block: BlockTag = 'latest'): Promise<boolean> {
  return (await connectionOf(signer).getCode(address, block)) !== '0x';
}

/**
 * Makes sure that what was there already is the lane deployer, and no other contract that the account has created with the
 * same nonce. All others are created through it, at addresses that follow from their content.
 * @throws {XdmError} `plan-stale`
 */
async function verifyCreated({ contract, address, side, transaction }: Creation, { signer }: Run): Promise<void> {
  if (contract !== 'LaneDeployer') return;
  const provider = connectionOf(signer);
  const [code, expected] = await Promise.all([
    provider.getCode(address),
    provider.call({ data: transaction.data ?? '0x' }),
  ]);
  if (code === expected) return;
  throw new XdmError('plan-stale', `${address} on ${side.toUpperCase()} holds another contract than the LaneDeployer`, {
    hint: 'plan anew: nothing of the lane is there yet',
  });
}
