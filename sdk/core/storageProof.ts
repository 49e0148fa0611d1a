import { concat, dataLength, decodeRlp, keccak256 } from 'ethers';

import { XdmError } from './errors.ts';
import { PackedNodes, storageRootOf } from './merkleTrie.ts';

/** Shortest node that a parent names by its hash; a shorter one is inlined in its parent. */
const SHORTEST_HASHED_NODE = 32;

/**
 * Packs an `eth_getProof` answer's nodes for `StorageProof.read`: the account proof's, then the storage proof's, from
 * the root down. Inlined nodes, which some clients repeat, are left out: the parent holds them.
 */
export function packStorageProof(accountProof: readonly string[], storageProof: readonly string[]): string {
  const isHashed = (node: string, index: number): boolean => index === 0 || dataLength(node) >= SHORTEST_HASHED_NODE;
  return concat([...accountProof, ...storageProof.filter(isHashed)]);
}

/** What a packed storage proof proves. */
export interface ProvenSlot {
  /** Root of the state the slot was read from: the hash of the first node. */
  readonly stateRoot: string;
  readonly value: bigint;
}

/**
 * Reads a packed storage proof by the rules of `contracts/libraries/StorageProof.sol`.
 * @param nodes as `packStorageProof` packs them
 * @throws {XdmError} `proof-invalid` when a hash does not fit, the slot holds nothing, or bytes are left over
 */
export function readStorageProof(nodes: string, account: string, slot: string): ProvenSlot {
  const packed = new PackedNodes(nodes);
  const stateRoot = packed.rootHash();
  const accountValue = packed.readValue(stateRoot, keccak256(account));
  const slotValue = packed.readValue(storageRootOf(accountValue), keccak256(slot));
  if (!packed.isAtEnd) throw new XdmError('proof-invalid', 'the storage proof has bytes after its last node');
  return { stateRoot, value: BigInt(decodeRlp(slotValue) as string) };
}
