import { concat, dataLength } from 'ethers';

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
