import { Contract, toQuantity } from 'ethers';

import { stateCommitmentChain } from '../../sdk/abi/StateCommitmentChain.ts';
import { stateCommitmentChainOf } from '../../sdk/chain/contracts.ts';
import type { StateBatch } from '../../sdk/chain/stateBatches.ts';
import type { Side } from '../../sdk/core/deployment.ts';
import { deployArtifact } from './chain.ts';
import type { LaneNode } from './laneNode.ts';

// What tests do with the lane of a node again and again.

/** Deploys a target that notes what arrives. */
export async function deployRecorder({ chains: { lane, l1, l2 } }: LaneNode, side: Side = 'l1'): Promise<Contract> {
  if (side === 'l1') return await deployArtifact('Recorder', l1.account(3), lane.l1Messenger);
  return await deployArtifact('Recorder', l2.account(3), lane.l2Messenger);
}

/** Calls that a Recorder has noted. */
export async function recorded(recorder: Contract): Promise<bigint> {
  return (await recorder.getFunction('count')()) as bigint;
}

/** Mines blocks of L2 without a transaction. */
export async function mineL2({ chains: { l2 } }: LaneNode, blocks: number): Promise<void> {
  await l2.provider.send('anvil_mine', [toQuantity(blocks)]);
}

/** Commits all L2 blocks, and proves what was sent in them. */
export async function commitAndProve(node: LaneNode): Promise<StateBatch> {
  const batch = await node.commit();
  await node.read();
  await node.prove();
  return batch;
}

/** The same, and lets the window pass. */
export async function makeReady(node: LaneNode): Promise<StateBatch> {
  const batch = await commitAndProve(node);
  await node.passWindow(batch);
  await node.read();
  return batch;
}

/** State batches that L1 has. */
export async function totalBatches({ chains: { lane, l1 } }: LaneNode): Promise<bigint> {
  return await stateCommitmentChainOf(lane, l1.provider).getTotalBatches();
}

/** Deletes a state batch, and all later ones, as the challenger. */
export async function deleteBatch({ chains: { lane, l1 } }: LaneNode, batch: StateBatch): Promise<void> {
  const chain = new Contract(lane.stateCommitmentChain, stateCommitmentChain.abi, l1.account(0));
  await (await chain.getFunction('deleteStateBatch')(batch)).wait();
}
