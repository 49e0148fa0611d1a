import { ContractFactory, getCreateAddress, ZeroAddress, type InterfaceAbi, type Signer } from 'ethers';

import { canonicalTransactionChain } from '../abi/CanonicalTransactionChain.ts';
import { chainStorageContainer } from '../abi/ChainStorageContainer.ts';
import { l1CrossDomainMessenger } from '../abi/L1CrossDomainMessenger.ts';
import { l2CrossDomainMessenger } from '../abi/L2CrossDomainMessenger.ts';
import { l2ToL1MessagePasser } from '../abi/L2ToL1MessagePasser.ts';
import { stateCommitmentChain } from '../abi/StateCommitmentChain.ts';
import type { Lane } from '../core/lane.ts';

export interface DeployLaneParameters {
  /** Deploys on L1, and is the lane's owner there. */
  readonly l1Signer: Signer;
  /** Deploys on L2. */
  readonly l2Signer: Signer;
  readonly proposer: string;
  readonly challenger: string;
  readonly guardian: string;
  /** Seconds, 1 to a year. */
  readonly fraudProofWindow: bigint;
  /** Most L2 gas of the deposits of one L1 block, at least 16,777,216 and below L2's block gas limit. */
  readonly maxBlockGas: bigint;
  /** L2 block whose state root is element 0 of the state-commitment chain. */
  readonly startBlock: bigint;
  readonly valueEnabled: boolean;
  /** Wei put into the vault, to cover what L2 holds from its genesis. */
  readonly genesisVault: bigint;
}

/**
 * Deploys a lane from the two signers' next nonces, by which its contracts know each other's addresses.
 * @throws {Error} when a contract does not land at its predicted address: the signer sent something else meanwhile
 */
export async function deployLane(parameters: DeployLaneParameters): Promise<Lane> {
  const { l1Signer, l2Signer, fraudProofWindow, startBlock, valueEnabled } = parameters;
  const lane = await predictLane(parameters);

  await deploy(l1Signer, chainStorageContainer, lane.batches, [lane.stateCommitmentChain]);
  await deploy(l1Signer, stateCommitmentChain, lane.stateCommitmentChain, [
    {
      owner: await l1Signer.getAddress(),
      proposer: parameters.proposer,
      challenger: parameters.challenger,
      batches: lane.batches,
      fraudProofWindow,
      startBlock,
    },
  ]);
  await deploy(l1Signer, canonicalTransactionChain, lane.canonicalTransactionChain, [
    lane.l1Messenger,
    lane.l2Messenger,
    parameters.maxBlockGas,
  ]);
  await deploy(l1Signer, l1CrossDomainMessenger, lane.l1Messenger, [
    lane,
    await l1Signer.getAddress(),
    parameters.guardian,
    { value: parameters.genesisVault },
  ]);
  await deploy(l2Signer, l2ToL1MessagePasser, lane.messagePasser, [lane.l2Messenger]);
  await deploy(l2Signer, l2CrossDomainMessenger, lane.l2Messenger, [lane, ZeroAddress]);
  return { ...lane, fraudProofWindow, startBlock, valueEnabled };
}

async function predictLane(parameters: DeployLaneParameters): Promise<Lane> {
  const { l1Signer, l2Signer, fraudProofWindow, startBlock, valueEnabled } = parameters;
  const onL1 = await predictor(l1Signer);
  const onL2 = await predictor(l2Signer);
  return {
    l1ChainId: await chainIdOf(l1Signer),
    l2ChainId: await chainIdOf(l2Signer),
    batches: onL1(0),
    stateCommitmentChain: onL1(1),
    canonicalTransactionChain: onL1(2),
    l1Messenger: onL1(3),
    messagePasser: onL2(0),
    l2Messenger: onL2(1),
    fraudProofWindow,
    startBlock,
    valueEnabled,
  };
}

/** The address of the contract that the signer deploys after so many others. */
async function predictor(signer: Signer): Promise<(offset: number) => string> {
  const from = await signer.getAddress();
  const nonce = await signer.getNonce();
  return (offset) => getCreateAddress({ from, nonce: nonce + offset });
}

async function chainIdOf(signer: Signer): Promise<bigint> {
  if (signer.provider === null) throw new Error('the signer has no provider: connect it to a chain');
  return (await signer.provider.getNetwork()).chainId;
}

async function deploy(
  signer: Signer,
  artifact: { readonly abi: InterfaceAbi; readonly bytecode: string },
  predicted: string,
  args: unknown[],
): Promise<void> {
  const contract = await new ContractFactory(artifact.abi, artifact.bytecode, signer).deploy(...args);
  await contract.waitForDeployment();
  const address = await contract.getAddress();
  if (address !== predicted) {
    throw new Error(`deployed at ${address} instead of ${predicted}: the deployer's nonce moved; deploy again`);
  }
}
