import type { BlockTag, Signer, TransactionReceipt } from 'ethers';

import { creationCodeHash, laneCreations, type Creation } from '../chain/laneCreations.ts';
import { waitForReceipt } from '../chain/receipts.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { connectionOf, type LaneSigners } from '../chain/signers.ts';
import { sleep } from '../chain/sleep.ts';
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

/** Milliseconds between two looks at transactions that another run sent. */
const POLLING_INTERVAL_MS = 500;

/** How often a transaction is sent whose nonce was taken: providers answer from a cache, a moment old. */
const TRIES = 3;

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
async function ensureCreated(creation: Creation, run: Run, tries = TRIES): Promise<TransactionReceipt | undefined> {
  endIfAborted(run.signal);
  if (await isCreated(creation, run)) {
    await verifyCreated(creation, run);
    return undefined;
  }
  if (run.plan.creationCodeHash !== creationCodeHash()) {
    throw new XdmError('plan-stale', 'the plan is of another version of xdm, whose contracts are not the same', {
      hint: 'deploy with the version that made the plan, or plan anew',
    });
  }
  const nonce = await settledNonce(run);
  // One of the transactions that were waited for can have created it.
  if (await isCreated(creation, run)) return undefined;
  const { contract, transaction } = creation;
  if (transaction.nonce !== undefined && transaction.nonce !== nonce) {
    const problem = `the next nonce of ${run.plan[creation.side].account} on ${creation.side.toUpperCase()} is ${nonce}`;
    throw new XdmError('plan-stale', `${problem}, and the plan creates the ${contract} with ${transaction.nonce}`, {
      hint: 'plan anew: nothing of the lane is there yet',
    });
  }
  try {
    return await send(creation, run, nonce);
  } catch (error) {
    endIfAborted(run.signal);
    // Another transaction of the account was faster.
    if (await isCreated(creation, run)) return undefined;
    if (tries === 1 || toXdmError(error).code !== 'nonce-conflict') throw error;
    await pause(run.signal);
    return await ensureCreated(creation, run, tries - 1);
  }
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

/**
 * The account's next nonce, once all it has sent is mined. A run that broke off may have sent the transaction that
 * is due now.
 */
async function settledNonce({ signer, signal }: Run): Promise<number> {
  const provider = connectionOf(signer);
  const account = await signer.getAddress();
  for (;;) {
    const pending = await provider.getTransactionCount(account, 'pending');
    const mined = await provider.getTransactionCount(account, 'latest');
    if (mined >= pending) return mined;
    await pause(signal);
  }
}

async function send(creation: Creation, run: Run, nonce: number): Promise<TransactionReceipt> {
  const response = await run.signer.sendTransaction({ ...creation.transaction, nonce });
  const receipt = await waitForReceipt(connectionOf(run.signer), response.hash, { signal: run.signal });
  if (!(await isCreated(creation, run, receipt.blockNumber))) {
    const problem = `transaction ${response.hash} is mined, and there is no ${creation.contract} at ${creation.address}`;
    throw new XdmError('rpc-error', problem, { hint: 'deploy again: the node may lag behind' });
  }
  return receipt;
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await sleep(POLLING_INTERVAL_MS, signal);
  endIfAborted(signal);
}

function endIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new XdmError('timeout', 'the deployment was ended before all contracts were there', {
    hint: 'deploy again with the same plan: it goes on where it stopped',
    cause: signal.reason,
  });
}
