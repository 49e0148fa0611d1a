// What a plan creates, on whichever chain: first a lane deployer, and through it contracts at addresses that the plan says.
import { Interface, type BlockTag, type Provider, type Signer, type TransactionRequest } from 'ethers';

import { laneDeployer } from '../../abi/LaneDeployer.ts';
import { XdmError } from '../../core/errors.ts';
import { deployedAddress } from '../../core/laneDeployer.ts';
import { laneDeployerOf, type ChainPlan } from '../../core/lanePlan.ts';
import { creationCode } from '../creationCode.ts';
import type { OneTimeTransaction } from '../sendOnce.ts';
import { connectionOf, signerOn } from '../signers.ts';

/** Where a plan creates something, and who does. */
export interface PlannedPlace {
  readonly plan: ChainPlan;
  /** The plan's account, connected to the chain. */
  readonly signer: Signer;
  /** Of the chain. */
  readonly name: string;
}

/** A contract that is created once. */
export interface PlannedCreation {
  readonly address: string;
  readonly transaction: OneTimeTransaction;
  /** What creates it, hex. */
  readonly code: string;
}

/** A contract that a lane deployer creates. */
export interface DeployedContract {
  /** What to call it in an error. */
  readonly what: string;
  readonly salt: string;
  /** What creates it, hex. */
  readonly code: string;
}

/** What is left to be paid for on a chain. */
export interface ChainEstimate {
  /** Name of the chain. */
  readonly on: string;
  /** Of all transactions, a little more than they take. */
  readonly gas: bigint;
  readonly transactions: number;
}

/** Gas that a lane deployer takes beyond a contract's own creation. */
const DEPLOYER_GAS = 100_000n;

/** Gas that a call takes at most by which a service is told something. */
export const CALL_GAS = 100_000n;

/**
 * Gas that a contract's creation takes, whether by a lane deployer or not.
 * @throws what the contract refuses
 */
export async function creationGas({ plan, signer }: PlannedPlace, code: string): Promise<bigint> {
  return DEPLOYER_GAS + (await connectionOf(signer).estimateGas({ from: plan.account, data: code }));
}

/** The lane deployer, whose address depends on the nonce that creates it. */
export function laneDeployerCreation({ plan, signer, name }: PlannedPlace): PlannedCreation {
  const provider = connectionOf(signer);
  const address = laneDeployerOf(plan);
  const data = creationCode(laneDeployer, [plan.account]);
  return {
    address,
    code: data,
    transaction: {
      undone: `there is no LaneDeployer at ${address}`,
      async isDone(block = 'latest') {
        const code = await provider.getCode(address, block);
        if (code === '0x') return false;
        // Another contract that the account has created with the same nonce has other code.
        if (code === (await provider.call({ data }))) return true;
        throw stale(`${address} on chain ${name} holds another contract than the LaneDeployer`);
      },
      request(nonce) {
        if (nonce === plan.nonce) return { data };
        throw stale(
          `the next nonce of ${plan.account} on chain ${name} is ${nonce}, and the plan creates the LaneDeployer with ${plan.nonce}`,
        );
      },
    },
  };
}

function stale(problem: string): XdmError {
  return new XdmError('plan-stale', problem, { hint: 'plan anew: nothing of what is planned is there yet' });
}

/** A contract that the lane deployer creates, once that is there. */
export function contractCreation(
  { plan, signer }: PlannedPlace,
  { what, salt, code }: DeployedContract,
): PlannedCreation {
  const provider = connectionOf(signer);
  const deployer = laneDeployerOf(plan);
  const address = deployedAddress(deployer, salt);
  const data = new Interface(laneDeployer.abi).encodeFunctionData('deploy', [salt, code]);
  return {
    address,
    code,
    transaction: {
      undone: `there is no ${what} at ${address}`,
      isDone: async (block: BlockTag = 'latest') => (await provider.getCode(address, block)) !== '0x',
      request: (): TransactionRequest => ({ to: deployer, data }),
    },
  };
}

/**
 * The account that a plan is for, as it sends on the plan's chain.
 * @throws {XdmError} `wrong-chain`, `invalid-argument` for another account or chain
 */
export async function accountOn(provider: Provider, signer: Signer, plan: ChainPlan): Promise<Signer> {
  const connected = await signerOn(provider, signer);
  const [{ chainId }, address] = await Promise.all([provider.getNetwork(), connected.getAddress()]);
  if (chainId !== plan.chainId) {
    throw new XdmError('wrong-chain', `the plan is for chain ${plan.chainId}, and the endpoint is of ${chainId}`);
  }
  if (address === plan.account) return connected;
  throw new XdmError('invalid-argument', `the plan is for account ${plan.account}, and the signer is ${address}`, {
    hint: `use the account ${plan.account}, or plan anew`,
  });
}
