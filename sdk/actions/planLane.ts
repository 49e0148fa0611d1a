import { getAddress, ZeroAddress, type Signer } from 'ethers';

import { creationCodeHash } from '../chain/laneCreations.ts';
import { readChainPlan } from '../chain/readChainPlan.ts';
import { connectionOf, type LaneSigners } from '../chain/signers.ts';
import { XdmError } from '../core/errors.ts';
import { verifyLanePlan, type ChainPlan, type LanePlan, type LaneTerms } from '../core/lanePlan.ts';

/** What whoever deploys a lane chooses. */
export interface PlanLaneParameters extends Omit<LaneTerms, 'startBlock' | 'allowlist'> {
  /** L2's latest block where it is not given. */
  readonly startBlock?: bigint | undefined;
  /** Everyone may send where it is not given. */
  readonly allowlist?: string | undefined;
}

/**
 * Plans a lane from both chains as they are now; sends nothing. The plan holds as long as neither account sends anything
 * else before `deployLane` has created the lane deployers.
 * @throws {XdmError} `invalid-argument`, with the offending value
 */
export async function planLane(signers: LaneSigners, parameters: PlanLaneParameters): Promise<LanePlan> {
  const [l1, l2] = await Promise.all([planChain(signers.l1Signer), planChain(signers.l2Signer)]);
  const plan: LanePlan = {
    l1,
    l2,
    owner: parameters.owner,
    proposer: parameters.proposer,
    challenger: parameters.challenger,
    guardian: parameters.guardian,
    fraudProofWindow: parameters.fraudProofWindow,
    maxBlockGas: parameters.maxBlockGas,
    startBlock: parameters.startBlock ?? l2.deployedAt,
    valueEnabled: parameters.valueEnabled,
    genesisVault: parameters.genesisVault,
    allowlist: parameters.allowlist ?? ZeroAddress,
    creationCodeHash: creationCodeHash(),
  };
  verifyLanePlan(plan);
  await verifyBlockGas(signers.l2Signer, plan.maxBlockGas);
  return withChecksums(plan);
}

async function planChain(signer: Signer): Promise<ChainPlan> {
  return await readChainPlan(connectionOf(signer), await signer.getAddress());
}

async function verifyBlockGas(l2Signer: Signer, maxBlockGas: bigint): Promise<void> {
  const block = await connectionOf(l2Signer).getBlock('latest');
  if (block === null || maxBlockGas < block.gasLimit) return;
  const problem = `deposits of ${maxBlockGas} gas would fill an L2 block, whose limit is ${block.gasLimit}`;
  throw new XdmError('invalid-argument', problem, { hint: 'give the deposits of one L1 block less L2 gas' });
}

function withChecksums(plan: LanePlan): LanePlan {
  return {
    ...plan,
    owner: getAddress(plan.owner),
    proposer: getAddress(plan.proposer),
    challenger: getAddress(plan.challenger),
    guardian: getAddress(plan.guardian),
    allowlist: getAddress(plan.allowlist),
  };
}
