import { AbiCoder, keccak256 } from 'ethers';

/**
 * The source hash of an element that a sequencer executes. Unlike an OP-stack node's it does not name the L1 block, so that
 * an element has the same one after a reorganisation and cannot be executed twice.
 * @param canonicalTransactionChain address of the queue
 * @param queueIndex position of the element in it, from 0
 */
export function queueSourceHash(l1ChainId: bigint, canonicalTransactionChain: string, queueIndex: bigint): string {
  const types = ['uint256', 'address', 'uint256'];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, [l1ChainId, canonicalTransactionChain, queueIndex]));
}
