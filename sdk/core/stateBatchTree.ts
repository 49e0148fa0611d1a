import { getBytes, hexlify, keccak256, ZeroHash } from 'ethers';
import { MerkleTree } from 'merkletreejs';

/** Most state roots in a batch. */
export const MAX_STATE_BATCH_SIZE = 65_536;

/** Merkle tree over the state roots of a batch, by the rule of OVM 1.0. */
export interface StateBatchTree {
  /** Root of the tree, 32 bytes. */
  readonly root: string;
  /** Number of state roots. */
  readonly size: number;
  /**
   * Siblings of a leaf's path, from the leaf upwards.
   * @throws {RangeError} when there is no such leaf
   */
  siblings(index: number): string[];
}

/**
 * Builds the tree. The leaves are the roots themselves; missing leaves up to the next power of two are
 * `keccak256(bytes32(0))`, so that a missing node on level d is the same value d times hashed with itself.
 * @throws {RangeError} when there is no state root or more than 65,536
 */
export function buildStateBatchTree(stateRoots: readonly string[]): StateBatchTree {
  const size = stateRoots.length;
  if (size === 0 || size > MAX_STATE_BATCH_SIZE) {
    throw new RangeError(`a state batch has 1 to ${MAX_STATE_BATCH_SIZE} state roots, not ${size}`);
  }
  const missing = Buffer.from(getBytes(keccak256(ZeroHash)));
  const leaves = stateRoots.map((root) => Buffer.from(getBytes(root)));
  while (leaves.length & (leaves.length - 1)) leaves.push(missing);

  const hash = (data: Buffer): Buffer => Buffer.from(getBytes(keccak256(data)));
  const tree = new MerkleTree(leaves, hash);
  return {
    root: hexlify(tree.getRoot()),
    size,
    siblings(index) {
      if (!Number.isInteger(index) || index < 0 || index >= size) {
        throw new RangeError(`index ${index} is not in a state batch of ${size}`);
      }
      // Equal leaves have equal paths to merkletreejs unless it is told which one is meant.
      return tree.getProof(leaves[index]!, index).map(({ data }) => hexlify(data));
    },
  };
}
