import { concat, Interface, keccak256, type TransactionRequest } from 'ethers';

import { canonicalTransactionChain } from '../abi/CanonicalTransactionChain.ts';
import { chainStorageContainer } from '../abi/ChainStorageContainer.ts';
import { l1CrossDomainMessenger } from '../abi/L1CrossDomainMessenger.ts';
import { l2CrossDomainMessenger } from '../abi/L2CrossDomainMessenger.ts';
import { l2ToL1MessagePasser } from '../abi/L2ToL1MessagePasser.ts';
import { laneDeployer } from '../abi/LaneDeployer.ts';
import { stateCommitmentChain } from '../abi/StateCommitmentChain.ts';
import type { Side } from '../core/deployment.ts';
import { laneDeployerOf, laneSalt, plannedLane, type LaneContract, type LanePlan } from '../core/lanePlan.ts';
import { creationCode, type Artifact } from './creationCode.ts';

/** One contract of a deployment, and the transaction that creates it. */
export interface Creation {
  readonly side: Side;
  readonly contract: LaneContract | 'LaneDeployer';
  /** Where it will be. */
  readonly address: string;
  /** Has a nonce where the address depends on it. */
  readonly transaction: TransactionRequest & { readonly nonce?: number };
}

/** A contract that a lane deployer creates. */
interface Part {
  readonly contract: LaneContract;
  readonly artifact: Artifact;
  readonly address: string;
  readonly args: readonly unknown[];
  /** Wei for the constructor. */
  readonly value?: bigint;
}

const ARTIFACTS: readonly Artifact[] = [
  laneDeployer,
  chainStorageContainer,
  stateCommitmentChain,
  canonicalTransactionChain,
  l1CrossDomainMessenger,
  l2ToL1MessagePasser,
  l2CrossDomainMessenger,
];

/** Hash of the creation code of a lane's contracts, as this version of xdm would deploy them. */
export function creationCodeHash(): string {
  return keccak256(concat(ARTIFACTS.map(({ bytecode }) => keccak256(bytecode))));
}

/**
 * Everything that a plan deploys, in order. First the lane deployers: until both are there, nothing of the lane is.
 * After that a contract checks those before it.
 */
export function laneCreations(plan: LanePlan): readonly Creation[] {
  return [
    deployerCreation(plan, 'l1'),
    deployerCreation(plan, 'l2'),
    ...l1Parts(plan).map((part) => creation(plan, 'l1', part)),
    ...l2Parts(plan).map((part) => creation(plan, 'l2', part)),
  ];
}

function l1Parts(plan: LanePlan): readonly Part[] {
  const lane = plannedLane(plan);
  const { owner, proposer, challenger, guardian, fraudProofWindow, startBlock, maxBlockGas, genesisVault } = plan;
  return [
    {
      contract: 'ChainStorageContainer',
      artifact: chainStorageContainer,
      address: lane.batches,
      args: [lane.stateCommitmentChain],
    },
    {
      contract: 'StateCommitmentChain',
      artifact: stateCommitmentChain,
      address: lane.stateCommitmentChain,
      args: [{ owner, proposer, challenger, batches: lane.batches, fraudProofWindow, startBlock }],
    },
    {
      contract: 'CanonicalTransactionChain',
      artifact: canonicalTransactionChain,
      address: lane.canonicalTransactionChain,
      args: [lane.l1Messenger, lane.l2Messenger, maxBlockGas],
    },
    {
      contract: 'L1CrossDomainMessenger',
      artifact: l1CrossDomainMessenger,
      address: lane.l1Messenger,
      args: [lane, owner, guardian],
      value: genesisVault,
    },
  ];
}

function l2Parts(plan: LanePlan): readonly Part[] {
  const lane = plannedLane(plan);
  return [
    {
      contract: 'L2ToL1MessagePasser',
      artifact: l2ToL1MessagePasser,
      address: lane.messagePasser,
      args: [lane.l2Messenger],
    },
    {
      contract: 'L2CrossDomainMessenger',
      artifact: l2CrossDomainMessenger,
      address: lane.l2Messenger,
      args: [lane, plan.allowlist],
    },
  ];
}

function deployerCreation(plan: LanePlan, side: Side): Creation {
  const { account, nonce } = plan[side];
  const data = creationCode(laneDeployer, [account]);
  return { side, contract: 'LaneDeployer', address: laneDeployerOf(plan[side]), transaction: { data, nonce } };
}

function creation(plan: LanePlan, side: Side, { contract, artifact, address, args, value = 0n }: Part): Creation {
  const call = [laneSalt(plan, contract), creationCode(artifact, args)];
  const data = new Interface(laneDeployer.abi).encodeFunctionData('deploy', call);
  return { side, contract, address, transaction: { to: laneDeployerOf(plan[side]), data, value } };
}
