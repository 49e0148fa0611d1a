import { dataLength, getBytes, hexlify, isHexString, keccak256 } from 'ethers';

import { XdmError } from './errors.ts';
import { decodeStrictly, itemsOf } from './rlp.ts';

/** Items of a node as they are encoded, each a byte string or an inlined node. */
type Node = readonly Uint8Array[];

/** Shortest node that its parent names by its hash; a shorter one is inlined in its parent. */
export const SHORTEST_HASHED_NODE = 32;

/** The root of a trie without keys is the empty string. */
const EMPTY_ROOT_NODE = 0x80;
const EMPTY_ROOT_HASH = keccak256(Uint8Array.of(EMPTY_ROOT_NODE));

const BRANCH_ITEMS = 17;
const LARGEST_KEY = 32;

/** A proof that does not hold, and why. */
export function invalidProof(reason: string): XdmError {
  return new XdmError('proof-invalid', `the storage proof does not hold: ${reason}`, {
    hint: 'ask a node that serves eth_getProof for this block',
  });
}

/**
 * Nodes of one or more trie proofs, one after the other, read from the front by the rules of
 * `contracts/libraries/MerkleTrie.sol`.
 */
export class PackedNodes {
  readonly #bytes: Uint8Array;
  #offset = 0;

  /** @throws {XdmError} `proof-invalid` when it is not hex */
  constructor(nodes: string) {
    if (!isHexString(nodes, true)) throw invalidProof('it is not a hex string of whole bytes');
    this.#bytes = getBytes(nodes);
  }

  /**
   * Hash of the first node: the root of the first proof's trie.
   * @throws {XdmError} `proof-invalid`
   */
  rootHash(): string {
    return this.#bytes[0] === EMPTY_ROOT_NODE ? EMPTY_ROOT_HASH : keccak256(this.#bytes.subarray(0, this.#endOf(0)));
  }

  /** Whether all bytes have been read. */
  get isAtEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  /**
   * The value that the next nodes prove to stand at a key.
   * @param root hash of the trie's root node, trusted
   * @param key 1 to 32 bytes, hex
   * @returns the value, hex, never empty
   * @throws {XdmError} `proof-invalid`
   */
  readValue(root: string, key: string): string {
    const size = dataLength(key);
    if (size === 0 || size > LARGEST_KEY) throw invalidProof(`its key has ${size} bytes, not 1 to ${LARGEST_KEY}`);
    if (root === EMPTY_ROOT_HASH) throw notInTrie();
    let path = key.slice(2);
    let node = this.#enter(root, true);
    for (;;) {
      const { consumed, item, isValue } = select(node, path);
      path = path.slice(consumed);
      if (!isValue) {
        node = this.#descend(item);
        continue;
      }
      const value = stringOf(item);
      if (value === undefined) throw malformed();
      if (value === '0x') throw notInTrie();
      return value;
    }
  }

  /** Reads the next node, which must have the hash. */
  #enter(expected: string, isRoot: boolean): Node {
    const end = this.#endOf(this.#offset);
    const encoded = this.#bytes.subarray(this.#offset, end);
    const actual = keccak256(encoded);
    if (actual !== expected) throw invalidProof(`a node has hash ${actual} instead of ${expected}`);
    if (encoded.length < SHORTEST_HASHED_NODE && !isRoot) throw malformed();
    this.#offset = end;
    return decode(encoded);
  }

  /** Goes on to the node that a child item stands for: the next one, or the item itself if it is short. */
  #descend(child: Uint8Array): Node {
    const name = stringOf(child);
    if (name === '0x') throw notInTrie();
    if (name !== undefined && dataLength(name) === 32) return this.#enter(name, false);
    if (name !== undefined || child.length >= SHORTEST_HASHED_NODE) throw malformed();
    // Some clients repeat an inlined node, others do not.
    const next = this.#bytes.subarray(this.#offset, this.#offset + child.length);
    if (hexlify(next) === hexlify(child)) this.#offset += child.length;
    return decode(child);
  }

  /** Where the node ends that starts at the offset: it is an RLP list, which says how long it is. */
  #endOf(offset: number): number {
    const prefix = this.#bytes[offset];
    if (prefix === undefined) throw invalidProof('it ends where another node must follow');
    if (prefix < 0xc0) throw invalidProof(`no node starts at byte ${offset}`);
    const start = offset + 1 + Math.max(0, prefix - 0xf7);
    const length = this.#bytes.subarray(offset + 1, start).reduce((sum, byte) => sum * 256 + byte, 0);
    const end = start + (prefix <= 0xf7 ? prefix - 0xc0 : length);
    if (end > this.#bytes.length) throw invalidProof(`the node at byte ${offset} is cut short`);
    return end;
  }
}

/** The items of a node. Siblings that it holds are not decoded: nothing is read from them. */
function decode(encoded: Uint8Array): Node {
  const node = itemsOf(encoded);
  if (node === undefined) throw malformed();
  return node;
}

/** What an item holds, hex; undefined where it is a list. */
function stringOf(item: Uint8Array): string | undefined {
  const content = item[0]! < 0xc0 ? decodeStrictly(item) : undefined;
  return typeof content === 'string' ? content : undefined;
}

function malformed(): XdmError {
  return invalidProof('a node is malformed');
}

function notInTrie(): XdmError {
  return invalidProof('the key is not in the trie');
}

interface Selection {
  /** Hex digits of the path that are used up. */
  readonly consumed: number;
  readonly item: Uint8Array;
  readonly isValue: boolean;
}

/** What a node holds for the rest of a key, in hex digits: the value, or the child to go on with. */
function select(node: Node, path: string): Selection {
  const [first, second] = node;
  const encodedPath = node.length === 2 && first !== undefined ? stringOf(first) : undefined;
  if (encodedPath !== undefined && second !== undefined) {
    const { isLeaf, part } = decodePath(encodedPath);
    if (!path.startsWith(part) || (isLeaf && path !== part)) throw notInTrie();
    return { consumed: part.length, item: second, isValue: isLeaf };
  }
  const isValue = path === '';
  const item = node[isValue ? BRANCH_ITEMS - 1 : Number.parseInt(path.charAt(0), 16)];
  if (node.length !== BRANCH_ITEMS || item === undefined) throw malformed();
  return { consumed: isValue ? 0 : 1, item, isValue };
}

/** Hex-prefix encoding: the first digit says leaf (2) and odd length (1); with an even length a zero follows. */
function decodePath(encoded: string): { isLeaf: boolean; part: string } {
  const match = /^0x(?:(?<even>[02])0|(?<odd>[13]))(?<part>[0-9a-f]*)$/u.exec(encoded)?.groups;
  const flag = match?.['even'] ?? match?.['odd'];
  const part = match?.['part'] ?? '';
  const isLeaf = flag === '2' || flag === '3';
  if (flag === undefined || part.length > 2 * LARGEST_KEY || (!isLeaf && part === '')) throw malformed();
  return { isLeaf, part };
}
