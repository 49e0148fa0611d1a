import { concat, dataLength, getBytes, keccak256 } from 'ethers';

import { invalidProof, PackedNodes, SHORTEST_HASHED_NODE } from './merkleTrie.ts';
import { decodeStrictly } from './rlp.ts';

/**
 * Packs an `eth_getProof` answer's nodes for `StorageProof.read`: the account proof's, then the storage proof's, from
 * the root down. Inlined nodes, which some clients repeat, are left out: the parent holds them.
 * @returns hex
 */
export function packStorageProof(accountProof: readonly string[], storageProof: readonly string[]): string {
  const isHashed = (node: string, index: number): boolean => index === 0 || dataLength(node) >= SHORTEST_HASHED_NODE;
  return concat([...accountProof, ...storageProof.filter(isHashed)]);
}

/** What a packed storage proof proves. */
export interface ProvenSlot {
  /** Root of the state the slot was read from: the hash of the first node. */
  readonly stateRoot: string;
  /** The slot's content, never zero: a slot that holds zero is not in the trie. */
  readonly value: bigint;
}

/**
 * Reads a packed storage proof by the rules of `contracts/libraries/StorageProof.sol`.
 * @param nodes as `packStorageProof` packs them
 * @param account address that holds the slot
 * @param slot 32 bytes, hex
 * @throws {XdmError} `proof-invalid` when a hash does not fit, the slot holds nothing, or bytes are left over
 */
export function readStorageProof(nodes: string, account: string, slot: string): ProvenSlot {
  const packed = new PackedNodes(nodes);
  const stateRoot = packed.rootHash();
  const accountValue = packed.readValue(stateRoot, keccak256(account));
  const slotValue = packed.readValue(storageRootOf(accountValue), keccak256(slot));
  if (!packed.isAtEnd) throw invalidProof('bytes follow its last node');
  return { stateRoot, value: toNumber(slotValue) };
}

/** An account is the list of its nonce, balance, storage root and code hash. */
function storageRootOf(account: string): string {
  const fields = decodeStrictly(getBytes(account));
  const [nonce, balance, storageRoot, codeHash, ...more] = typeof fields === 'string' ? [] : (fields ?? []);
  const isAccount = [nonce, balance].every((field) => typeof field === 'string') && more.length === 0;
  if (!isAccount || !isHash(storageRoot) || !isHash(codeHash)) throw invalidProof('the account is malformed');
  return storageRoot;
}

function isHash(field: unknown): field is string {
  return typeof field === 'string' && dataLength(field) === 32;
}

/** A slot's value is the RLP of the number without leading zeros; zero is not stored. */
function toNumber(slotValue: string): bigint {
  const bytes = decodeStrictly(getBytes(slotValue));
  const isNumber = typeof bytes === 'string' && bytes !== '0x' && dataLength(bytes) <= 32 && !bytes.startsWith('0x00');
  if (!isNumber) throw invalidProof("the slot's value is malformed");
  return BigInt(bytes);
}
